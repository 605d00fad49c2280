// What was read, and what a person is looking at.
const data = JSON.parse(byId("data").textContent);
const { articles, pages, names } = data;
const at = { article: -1, item: -1, mention: -1, name: -1, view: "read", pane: "article" };

const [START, END, LABEL, NAME, VALUE, SOURCE, SURE] = [0, 1, 2, 3, 4, 5, 6]; // of a mention
const LAYERS = [["fact", "Facts"], ["event", "Events"], ["relation", "Relations"]];
const listeners = [];
const changed = what => listeners.forEach(listen => listen(what));

// Full-width forms and capitals are folded one for one, so that offsets stay.
const fold = text => text.replace(/[\uff01-\uff5e]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replaceAll("\u3000", " ").replace(/[A-Z]+/g, c => c.toLowerCase());
const foldedText = article => article.folded ??= fold(`${article.text}\n${article.title || ""} ${article.byline.join(" ")}`);
const headline = article => article.title || article.text.slice(0, 40).split("\n")[0] || article.id;

// Surfaces under which each name occurs, and the names of each article.
const surfaces = names.map(name => new Set([fold(name[0])]));
const counts = new Array(names.length).fill(0);
articles.forEach((article, index) => {
  article.index = index;
  const met = new Set();
  for (const mention of article.mentions) {
    if (mention[NAME] < 0) continue;
    surfaces[mention[NAME]].add(fold(article.text.slice(mention[START], mention[END])));
    met.add(mention[NAME]);
  }
  met.forEach(name => counts[name]++);
  article.items.forEach((item, number) => { item.article = article; item.number = number; });
});

const nameOf = (article, slot) => slot[1] < 0 ? -1 : article.mentions[slot[1]][NAME];
const labelOf = (article, slot) => slot[1] < 0 ? "" : article.mentions[slot[1]][LABEL];
const shownName = (article, slot) => { const name = nameOf(article, slot); return name < 0 ? slot[2] : names[name][0]; };
const namesIn = item => item.names ??= new Set(item.slots.map(slot => nameOf(item.article, slot)).filter(name => name >= 0));
const slotsOf = (item, name) => item.slots.filter(slot => slot[0] === name);

// What lights up now: spans of the article with their roles.
const lights = () => {
  const article = articles[at.article];
  if (!article) return [];
  if (at.item >= 0) return article.items[at.item].spans.map(([start, end, role]) => ({ start, end, role, lit: true }));
  const picked = at.name >= 0 ? article.mentions.filter(m => m[NAME] === at.name) : at.mention >= 0 ? [article.mentions[at.mention]] : [];
  return picked.map(m => ({ start: m[START], end: m[END], role: "", lit: true }));
};

const openArticle = (index, item = -1, pane = "article") => {
  Object.assign(at, { article: index, item, mention: -1, name: -1, view: "read", pane });
  changed("article");
};
const chooseItem = (number, pane = at.pane) => {
  Object.assign(at, { item: number, mention: -1, name: -1, pane });
  changed("lights");
};
const chooseMention = number => { Object.assign(at, { item: -1, mention: number, name: -1 }); changed("lights"); };
const chooseName = name => { Object.assign(at, { item: -1, mention: -1, name }); changed("lights"); };
const putOut = () => { Object.assign(at, { item: -1, mention: -1, name: -1 }); changed("lights"); };
const say = text => { byId("said").textContent = text; };
