// What was found in the open article: facts, events, relations, names. A choice lights its evidence.
const itemsPane = find(".pane.items"), evidenceBar = find(".evidence");
let itemOrder = [];

const drawSlot = (article, [role, mention, text], before) => {
  const label = mention < 0 ? "" : article.mentions[mention][LABEL];
  const full = shownName(article, [role, mention, text]), value = mention < 0 ? null : article.mentions[mention][VALUE];
  return el("div", { class: "slot" }, el("dt", { class: before === role ? "again" : null }, words(role)), el("dd", { lang: "zh-Hans" },
    el("span", { class: label ? `filler ${label}` : "filler" }, text), full !== text && el("small", {}, full),
    value && value !== text && el("small", {}, value)));
};

const drawItem = item => {
  const head = el("span", { class: "head" }, el("b", {}, words(item.type)),
    item.status && el("span", { class: `pill ${item.status}` }, item.status), item.inferred && el("span", { class: "pill", title: "The text does not state it between its two names" }, "inferred"), meter(item.probability));
  const [from, to] = item.slots;
  const filler = slot => el("span", { class: `filler ${labelOf(item.article, slot)}`, lang: "zh-Hans" }, slot[2]);
  const body = item.layer === "relation"
    ? el("span", { class: "edge" }, filler(from), el("span", { class: "arrow", "aria-label": "to" }, "→"), filler(to))
    : el("dl", {}, item.slots.map((slot, number) => drawSlot(item.article, slot, item.slots[number - 1]?.[0])));
  return el("li", {}, el("div", { class: `item ${item.layer}`, role: "button", tabindex: "0", title: item.source ? `source: ${item.source}` : null, "aria-pressed": item.number === at.item, data: { item: item.number } }, head, body));
};

const drawNames = article => {
  const tally = new Map();
  article.mentions.filter(mentionFits).forEach(m => { if (m[NAME] >= 0) tally.set(m[NAME], (tally.get(m[NAME]) || 0) + 1); });
  if (!tally.size) return null;
  const chips = [...tally].sort((a, b) => b[1] - a[1]).map(([name, number]) =>
    el("button", { type: "button", class: `chip name ${names[name][1]}`, lang: "zh-Hans", title: names[name][1], "aria-pressed": at.name === name, data: { name }, onclick: () => at.name === name ? putOut() : chooseName(name) },
      names[name][0], number > 1 && el("small", {}, `×${number}`)));
  return [el("h3", {}, "Names", el("small", {}, String(tally.size))), el("div", { class: "chips" }, chips)];
};

const drawItems = () => {
  const article = articles[at.article];
  itemOrder = [];
  if (!article) return itemsPane.replaceChildren();
  const fit = article.items.filter(itemFits);
  const parts = LAYERS.flatMap(([layer, title]) => {
    const all = article.items.filter(item => item.layer === layer), some = fit.filter(item => item.layer === layer);
    if (!all.length) return [];
    itemOrder.push(...some);
    return [el("h3", {}, title, el("small", {}, some.length === all.length ? String(all.length) : `${some.length} of ${all.length}`)), el("ul", {}, some.map(drawItem))];
  });
  const none = !article.items.length && el("p", { class: "nothing" }, "No fact, event or relation was found in this article.");
  itemsPane.replaceChildren(...[parts, none, drawNames(article)].flat(2).filter(Boolean));
};

const markItem = () => {
  for (const item of itemsPane.querySelectorAll(".item")) item.setAttribute("aria-pressed", Number(item.dataset.item) === at.item);
  for (const chip of itemsPane.querySelectorAll(".chip.name")) chip.setAttribute("aria-pressed", Number(chip.dataset.name) === at.name);
  const now = find(".item[aria-pressed=true]", itemsPane);
  now?.scrollIntoView({ block: "nearest" });
  drawEvidenceBar();
};

// On a narrow screen, where only one pane is in sight, this bar leads from the article to the page and back.
const drawEvidenceBar = () => {
  const article = articles[at.article], lit = lights();
  evidenceBar.hidden = !lit.length;
  if (!lit.length) return;
  const item = article.items[at.item];
  const title = item ? `${words(item.type)}: ${item.slots.map(slot => slot[2]).join(" · ")}` : at.name >= 0 ? names[at.name][0] : article.text.slice(lit[0].start, lit[0].end);
  const go = pane => () => { at.pane = pane; changed("lights"); };
  evidenceBar.replaceChildren(el("span", { lang: "zh-Hans" }, title),
    ...[["article", "in the article"], ["page", "on the page"]].filter(([pane]) => pane !== at.pane).map(([pane, says]) => el("button", { type: "button", class: "plain", onclick: go(pane) }, says)),
    el("button", { type: "button", class: "plain round", "aria-label": "Put out the lights", onclick: putOut }, "✕"));
};

const toggleItem = target => {
  const item = target.closest?.(".item[data-item]");
  if (!item || String(getSelection())) return false;
  const number = Number(item.dataset.item);
  if (number === at.item) putOut(); else { chooseItem(number, "article"); tellEvidence(); }
  return true;
};
const tellEvidence = () => {
  const article = articles[at.article], item = article.items[at.item];
  const onPage = item.spans.filter(([start, end]) => article.places.some(([from, length]) => start < from + length && end > from)).length;
  say(`${words(item.type)}: ${item.slots.map(slot => `${words(slot[0])} ${slot[2]}`).join(", ")}. ${plural(item.spans.length, "place")} in the article, ${onPage} on the page.`);
};
itemsPane.addEventListener("click", event => toggleItem(event.target));
itemsPane.addEventListener("keydown", event => {
  if ((event.key === "Enter" || event.key === " ") && event.target.matches(".item") && toggleItem(event.target)) event.preventDefault();
});

const stepItem = step => {
  if (!itemOrder.length) return;
  const place = itemOrder.findIndex(item => item.number === at.item);
  const next = place < 0 ? (step > 0 ? 0 : itemOrder.length - 1) : Math.min(itemOrder.length - 1, Math.max(0, place + step));
  chooseItem(itemOrder[next].number);
  tellEvidence();
};
