// Tables of facts: who holds which post where, as of when; who invests how much in what; all other facts.
const collator = new Intl.Collator("zh-Hans", { numeric: true });

const slotColumn = (slot, title = words(slot)) => ({
  title, of: item => slotsOf(item, slot).map(each => shownName(item.article, each)).join("、"),
  draw: item => slotsOf(item, slot).map((each, i) => {
    const value = each[1] < 0 ? null : item.article.mentions[each[1]][VALUE];
    return [i ? "、" : "", el("span", { class: `filler ${labelOf(item.article, each)}`, lang: "zh-Hans" }, shownName(item.article, each)), value && value !== each[2] ? el("small", {}, value) : ""];
  }).flat(),
});
const amountColumn = {
  title: "amount", numeric: true, of: item => item.amount,
  draw: slotColumn("amount").draw,
};
const statusColumn = title => ({ title, of: item => item.status || "", draw: item => item.status && el("span", { class: `pill ${item.status}` }, item.status) });
const dayColumn = title => ({ title, of: item => item.day, draw: item => item.day && el("span", { class: item.printed ? "day soft" : "day", title: item.printed ? "the day of the paper" : null }, item.day) });
const sureColumn = { title: "probability", short: "p", numeric: true, of: item => item.probability, draw: item => meter(item.probability) };
const articleColumn = {
  title: "article", of: item => item.article.index,
  draw: item => el("button", { type: "button", class: "to", "aria-label": `Evidence in article ${item.article.id}, ${headline(item.article)}`, onclick: () => openEvidence(item) }, el("span", { lang: "zh-Hans" }, headline(item.article)), el("small", { class: "id" }, item.article.id)),
};
const COLUMNS = {
  official_post: [slotColumn("person"), slotColumn("post"), slotColumn("body"), statusColumn("status"), dayColumn("as of"), sureColumn, articleColumn],
  investment: [slotColumn("investor"), slotColumn("target"), amountColumn, statusColumn("stage"), dayColumn("when"), sureColumn, articleColumn],
};
const TITLES = { official_post: "Who holds which post", investment: "Who invests in what", equity_change: "Shares that change hands", membership: "Parts and wholes" };
const EMPTY = {
  official_post: "No record has a fact of the type official_post that fits the filters.",
  investment: "No record has a fact of the type investment that fits the filters.",
};

const openEvidence = item => { openArticle(item.article.index, item.number); tellEvidence(); articlePane.focus({ preventScroll: true }); };

const columnsOf = (type, items) => COLUMNS[type] || [
  ...[...new Set(items.flatMap(item => item.slots.map(slot => slot[0])))].map(slot => slot === "amount" ? amountColumn : slotColumn(slot)),
  ...items.some(item => item.status) ? [statusColumn("status")] : [], dayColumn("when"), sureColumn, articleColumn,
];

const sortings = {}; // of each type: [column, descending]
const compare = (a, b) => a === b ? 0 : a === null || a === "" ? 1 : b === null || b === "" ? -1 : typeof a === "number" ? a - b : collator.compare(a, b);

const drawTable = (type, items, view) => {
  const columns = columnsOf(type, items), id = `table-${type}`;
  const [by, down] = sortings[type] || [0, false];
  const column = columns[Math.min(by, columns.length - 1)];
  const keyed = items.map((item, order) => [column.of(item), order, item]);
  keyed.sort((a, b) => (down && a[0] !== null && a[0] !== "" && b[0] !== null && b[0] !== "" ? -compare(a[0], b[0]) : compare(a[0], b[0])) || a[1] - b[1]);
  const heads = columns.map((each, number) => el("th", { scope: "col", class: each.numeric ? "number" : null, "aria-sort": number === by ? (down ? "descending" : "ascending") : "none" },
    el("button", { type: "button", onclick: () => {
      sortings[type] = [number, number === by ? !down : each.numeric === true];
      drawView();
      byId(id).querySelectorAll("th button")[number].focus();
    } }, each.title)));
  const body = el("tbody");
  const table = el("table", { id, class: "facts" }, el("thead", {}, el("tr", {}, heads)), body);
  const rows = keyed.map(([key, , item], number) => ({ item, same: by === 0 && number > 0 && keyed[number - 1][0] === key }));
  lazyList(body, view, rows, ({ item, same }) => el("tr", { onclick: event => { if (!event.target.closest("button") && !String(getSelection())) openEvidence(item); } },
    columns.map((each, number) =>
       el("td", { class: [each.numeric && "number", number === 0 && same && "same", !each.of(item) && each.of(item) !== 0 && "void"].filter(Boolean).join(" ") || null, data: { column: each.title } }, el("div", {}, each.draw(item))))));
  return el("section", { "aria-labelledby": `${id}-title` }, el("h2", { id: `${id}-title` }, TITLES[type] || words(type), el("small", {}, items.length.toLocaleString("en"))), el("div", { class: "scroll" }, table));
};

const drawTables = (view, types) => {
  const facts = fitting("fact");
  view.replaceChildren(...types.map(type => {
    const items = facts.filter(item => item.type === type);
    if (items.length) return drawTable(type, items, view);
    return EMPTY[type] ? el("section", {}, el("h2", {}, TITLES[type]), el("p", { class: "nothing" }, EMPTY[type])) : null;
  }).filter(Boolean));
};
const drawPosts = view => drawTables(view, ["official_post"]);
const drawMoney = view => {
  const others = new Set(articles.flatMap(article => article.items.filter(item => item.layer === "fact").map(item => item.type)));
  drawTables(view, ["investment", ...[...others].filter(type => !COLUMNS[type]).sort()]);
};
