// The newspaper page: every line as it stands, those of the open article in full ink, evidence lit where it stands.
const pagePane = find(".pane.page");
let pageDrawn = -2, lineElements = [], linesLit = [];

const drawPage = () => {
  const article = articles[at.article], number = article ? article.page : -1;
  if (number !== pageDrawn) buildPage(number);
  for (const [index, element] of lineElements.entries()) {
    if (element) element.classList.toggle("own", pages[number].lines[index][2] === at.article);
  }
  lightPage();
};

const buildPage = number => {
  pageDrawn = number;
  lineElements = [];
  linesLit = [];
  pagePane.scrollTop = 0;
  const read = pages[number];
  if (!read || !read.lines.length) {
    pagePane.replaceChildren(el("p", { class: "nothing" }, read
      ? "The text of this page is not at hand. Run baozhi show with pages.jsonl beside the records, or with --pages and the folder of the page files."
      : "This article was not read from a page."), read && el("p", { class: "soft", lang: "zh-Hans" }, read.name));
    return;
  }
  const seen = new Set();
  const sheet = el("div", { class: read.whole ? "sheet whole" : "sheet", lang: "zh-Hans" }, read.lines.map(([text, role, owner], index) => {
    const isFirst = owner >= 0 && !seen.has(owner);
    if (isFirst) seen.add(owner);
    const attributes = { class: `line ${role || "plain"}${owner < 0 ? " loose" : ""}`, data: { owner } };
    if (isFirst) Object.assign(attributes, { role: "link", tabindex: "0", "aria-label": `Open ${headline(articles[owner])}` });
    lineElements[index] = text.trim() ? el("div", attributes, text) : null;
    if (lineElements[index] && role && role !== "body") lineElements[index].dataset.tag = role;
    return lineElements[index] || (read.whole ? el("div", { class: "line blank" }) : null);
  }));
  pagePane.replaceChildren(el("header", {}, el("p", { class: "soft" }, [read.name, read.date, read.whole ? "as in the file" : "its lines"].filter(Boolean).join("  ·  "))), sheet);
};

const lightPage = () => {
  const article = articles[at.article], read = pages[pageDrawn];
  for (const index of linesLit) lineElements[index]?.replaceChildren(read.lines[index][0]);
  linesLit = [];
  if (!article || !read?.lines.length) return;
  const byLine = new Map();
  for (const light of lights()) {
    for (const [start, length, line, column] of article.places) {
      const low = Math.max(light.start, start), high = Math.min(light.end, start + length);
      if (low >= high) continue;
      const span = { start: column + low - start, end: column + high - start, role: light.role, lit: true, last: high === light.end };
      byLine.set(line, [...(byLine.get(line) || []), span]);
    }
  }
  for (const [line, spans] of byLine) {
    lineElements[line]?.replaceChildren(...paintLit(read.lines[line][0], [], spans));
    linesLit.push(line);
  }
  find(".sheet", pagePane).classList.toggle("lighted", byLine.size > 0);
  const scroll = linesLit.length ? "mark.lit" : ".line.own";
  showFirst(pagePane, scroll);
};

const openLine = target => {
  const line = target.closest?.(".line[data-owner]"), owner = line ? Number(line.dataset.owner) : -1;
  if (owner >= 0 && owner !== at.article && !String(getSelection())) openArticle(owner);
};
pagePane.addEventListener("click", event => openLine(event.target));
pagePane.addEventListener("keydown", event => { if (event.key === "Enter") openLine(event.target); });
