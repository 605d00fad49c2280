// The list of articles, under the pages they stand on.
const listPane = find(".pane.list"), list = find(".pane.list ol");
const listRows = new Map();
let listDrawn = null, listOrder = [];

// The words around the first hit, where a text was asked for.
const snippet = article => {
  if (!wanted.text.length) return null;
  const folded = fold(article.text);
  const hits = wanted.text.map(word => folded.indexOf(word)).filter(place => place >= 0);
  if (!hits.length) return null;
  const first = Math.min(...hits);
  const from = Math.max(0, first - 12), text = article.text.slice(from, first + 40);
  return el("span", { class: "snippet" }, from ? "…" : "", paint(text, searchHits(text), piece => el("em", {}, piece)), "…");
};

const searchHits = text => {
  const folded = fold(text), hits = [];
  for (const word of wanted.text) {
    for (let place = folded.indexOf(word); place >= 0; place = folded.indexOf(word, place + word.length)) {
      hits.push({ start: place, end: place + word.length, hit: true });
    }
  }
  return hits;
};

const tellFound = article => {
  const [facts, events] = ["fact", "event"].map(layer => article.items.filter(item => item.layer === layer).length);
  const told = [facts && plural(facts, "fact"), events && plural(events, "event")].filter(Boolean);
  return told.length ? told.join(", ") : plural(article.mentions.length, "mention");
};

const drawRow = index => {
  const article = articles[index];
  const button = el("button", { type: "button", "aria-current": index === at.article, onclick: () => openArticle(index) },
    el("b", { lang: "zh-Hans" }, headline(article)),
    snippet(article),
    el("small", {}, el("span", {}, article.id), article.kind !== "article" && el("span", {}, article.kind), el("span", {}, tellFound(article))));
  const row = el("li", {}, button);
  listRows.set(index, button);
  return row;
};

const drawPageRow = (page, count) => {
  const read = pages[page];
  return el("li", { class: "of-page" }, el("h2", {}, el("span", { lang: "zh-Hans" }, read ? read.name : "No page"), el("small", {}, read?.date, " ", String(count))));
};

const drawList = () => {
  listRows.clear();
  const tally = new Map();
  shown.forEach(index => tally.set(articles[index].page, (tally.get(articles[index].page) || 0) + 1));
  listOrder = [];
  let page = null;
  for (const index of shown) {
    if (articles[index].page !== page) { page = articles[index].page; listOrder.push({ page }); }
    listOrder.push(index);
  }
  listDrawn = lazyList(list, listPane, listOrder, entry => typeof entry === "object" ? drawPageRow(entry.page, tally.get(entry.page)) : drawRow(entry));
  if (!shown.length) list.append(el("li", { class: "nothing" }, "No article fits. ", el("button", { type: "button", class: "plain", onclick: () => form.reset() }, "Clear the filters")));
};

const markCurrentRow = () => {
  find("[aria-current=true]", list)?.setAttribute("aria-current", "false");
  const place = listOrder.indexOf(at.article);
  if (place < 0) return;
  listDrawn.until(place);
  const button = listRows.get(at.article);
  button.setAttribute("aria-current", "true");
  button.scrollIntoView({ block: "nearest" });
};

const stepArticle = step => {
  if (!shown.length) return;
  const place = shown.indexOf(at.article);
  const next = place >= 0 ? place + step : step > 0 ? shown.findIndex(index => index > at.article) : shown.filter(index => index < at.article).length - 1;
  if (next >= 0 && next < shown.length) { openArticle(shown[next]); say(headline(articles[at.article])); }
};
