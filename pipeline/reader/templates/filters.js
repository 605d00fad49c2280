// What the fields ask for, and which articles and items fit it.
const form = byId("filters"), searchField = byId("text");
const NAME_FIELDS = { person: "persons", body: "bodies", company: "companies" };
const wanted = { text: [], names: [], event: "", source: "", minimum: 0 };
let shown = articles.map(article => article.index);

const fillFields = () => {
  const order = names.map((_, index) => index).sort((a, b) => counts[b] - counts[a] || a - b);
  for (const [kind, list] of Object.entries(NAME_FIELDS)) {
    byId(list).append(...order.filter(name => names[name][2].includes(kind)).slice(0, 3000).map(name => el("option", { value: names[name][0] })));
  }
  const types = new Map(), sources = new Map();
  const count = (map, key) => key && map.set(key, (map.get(key) || 0) + 1);
  for (const article of articles) {
    for (const mention of article.mentions) count(sources, mention[SOURCE]);
    for (const item of article.items) { count(sources, item.source); if (item.layer === "event") count(types, item.type); }
  }
  const options = map => [...map].sort((a, b) => a[0] < b[0] ? -1 : 1).map(([key, number]) => el("option", { value: key }, `${words(key)} (${number.toLocaleString("en")})`));
  form.elements.event.append(...options(types));
  form.elements.source.append(...options(sources));
};

const readFields = () => {
  wanted.text = fold(searchField.value).split(/\s+/).filter(Boolean);
  wanted.event = form.elements.event.value;
  wanted.source = form.elements.source.value;
  wanted.minimum = Number(form.elements.minimum.value);
  wanted.names = Object.keys(NAME_FIELDS).map(kind => {
    const asked = fold(form.elements[kind].value.trim());
    if (!asked) return null;
    const of = names.map((_, index) => index).filter(name => names[name][2].includes(kind));
    const same = of.filter(name => fold(names[name][0]) === asked);
    return new Set(same.length ? same : of.filter(name => [...surfaces[name]].some(surface => surface.includes(asked))));
  }).filter(Boolean);
};

const isSure = probability => probability === null || probability >= wanted.minimum;
const mentionFits = mention => isSure(mention[SURE]) && (!wanted.source || mention[SOURCE] === wanted.source);
const itemFits = item => isSure(item.probability) && (!wanted.source || item.source === wanted.source) &&
  (item.layer !== "event" || !wanted.event || item.type === wanted.event) &&
  wanted.names.every(set => [...namesIn(item)].some(name => set.has(name)));

const articleFits = article => {
  if (!wanted.text.every(word => foldedText(article).includes(word))) return false;
  if (wanted.event && !article.items.some(item => item.layer === "event" && itemFits(item))) return false;
  if (wanted.source && !article.mentions.some(mentionFits) && !article.items.some(itemFits)) return false;
  return wanted.names.every(set => article.mentions.some(mention => set.has(mention[NAME]) && isSure(mention[SURE])));
};

const fitting = layer => shown.flatMap(index => articles[index].items.filter(item => item.layer === layer && itemFits(item)));
const asksForMore = () => wanted.names.length || wanted.event || wanted.source || wanted.minimum > 0;

const applyFilters = () => {
  readFields();
  shown = articles.filter(articleFits).map(article => article.index);
  find("output", form).textContent = wanted.minimum.toFixed(2);
  byId("count").textContent = shown.length === articles.length ? plural(articles.length, "article") : `${shown.length.toLocaleString("en")} of ${plural(articles.length, "article")}`;
  const set = [...Object.keys(NAME_FIELDS), "event", "source"].filter(name => form.elements[name].value.trim()).length + (wanted.minimum > 0);
  find("[type=reset]", form).hidden = !set && !wanted.text.length;
  form.classList.toggle("set", set > 0 || wanted.text.length > 0);
  const badge = find("#filter-button b");
  badge.hidden = !set;
  badge.textContent = set;
  changed("filters");
};

const filterByName = name => {
  const kind = names[name][2][0];
  if (kind) form.elements[kind].value = names[name][0];
  else searchField.value = names[name][0];
  applyFilters();
};

form.addEventListener("input", applyFilters);
form.addEventListener("submit", event => event.preventDefault());
form.addEventListener("reset", () => { searchField.value = ""; setTimeout(applyFilters); });
searchField.addEventListener("input", applyFilters);
byId("filter-button").addEventListener("click", event => {
  const open = form.classList.toggle("open");
  event.currentTarget.setAttribute("aria-expanded", open);
});
