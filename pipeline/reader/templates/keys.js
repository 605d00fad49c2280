// Everything can be done from the keyboard.
const help = byId("help");
const openFilters = () => {
  form.classList.add("open");
  byId("filter-button").setAttribute("aria-expanded", "true");
  form.elements.person.focus();
};
const KEYS = {
  "/": () => { searchField.focus(); searchField.select(); },
  f: openFilters,
  n: () => stepArticle(1),
  p: () => stepArticle(-1),
  j: () => stepItem(1),
  k: () => stepItem(-1),
  m: () => stepMention(1),
  M: () => stepMention(-1),
  "?": () => help.showModal(),
};
const READING = new Set(["n", "p", "j", "k", "m", "M"]);

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help.open) return;
  const inField = event.target.matches?.("input, select, textarea");
  if (event.key === "Escape") {
    if (inField) event.target.blur(); else if (lights().length) putOut(); else articlePane.focus();
    return;
  }
  if (inField) return;
  if (/^[1-5]$/.test(event.key)) return goToView(VIEWS[event.key - 1]);
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  if (READING.has(event.key) && at.view !== "read") goToView("read");
  act();
});
byId("help-button").addEventListener("click", () => help.showModal());
help.addEventListener("click", event => { if (event.target === help) help.close(); });
