// Begin: read the address, draw what is in sight, and draw again what changes.
const address = () => {
  if (at.view !== "read") return `#${at.view}`;
  const article = articles[at.article];
  return article ? `#read/${encodeURIComponent(article.id)}${at.item >= 0 ? `/${at.item}` : ""}` : "#read";
};

const readAddress = () => {
  const [view, id, item] = location.hash.slice(1).split("/");
  if (VIEWS.includes(view)) at.view = view;
  if (view !== "read" || !id) return;
  let wantedId = id;
  try { wantedId = decodeURIComponent(id); } catch { /* a broken address opens the first article */ }
  const index = articles.findIndex(article => article.id === wantedId);
  if (index < 0) return;
  at.article = index;
  at.item = articles[index].items[Number(item)] && item !== "" && item !== undefined ? Number(item) : -1;
};

const DRAWN = {
  article: () => { showView(); showPane(); drawArticle(); articlePane.scrollTop = 0; drawPage(); drawItems(); markCurrentRow(); markItem(); showFirst(articlePane, "mark.lit"); },
  lights: () => { showPane(); drawArticle(); lightPage(); markItem(); showFirst(articlePane, "mark.lit"); },
  filters: () => { VIEWS.forEach(view => stale.add(view)); drawList(); markCurrentRow(); drawArticle(); drawItems(); markItem(); if (at.view !== "read") drawView(); },
  view: () => { showView(); if (at.view === "read") { lightPage(); markCurrentRow(); } },
  pane: () => { showPane(); lightPage(); drawEvidenceBar(); showFirst(articlePane, "mark.lit"); },
};
listeners.push(what => { DRAWN[what](); history.replaceState(null, "", address()); });

addEventListener("hashchange", () => { readAddress(); changed("article"); });

fillFields();
at.article = articles.findIndex(article => article.items.length);
if (at.article < 0) at.article = 0;
readAddress();
readFields();
showView();
applyFilters();
changed("article");
