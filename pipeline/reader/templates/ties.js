// Who is tied to whom: names as points, facts, relations and shared events as lines. A post joins its holder to its body.
const POINTS = new Set(["PER", "ORG", "LOC", "PROJECT"]);

const findTies = () => {
  const ties = new Map();
  const tie = (from, to, says, item) => {
    if (from < 0 || to < 0 || from === to || !POINTS.has(names[from][1]) || !POINTS.has(names[to][1])) return;
    const key = from < to ? `${from} ${to}` : `${to} ${from}`;
    if (!ties.has(key)) ties.set(key, { a: Math.min(from, to), b: Math.max(from, to), says: new Map(), layer: item.layer });
    const found = ties.get(key);
    if (!found.says.has(says)) found.says.set(says, item);
    if (item.layer !== "event") found.layer = item.layer;
  };
  for (const index of shown) {
    const article = articles[index], items = article.items.filter(itemFits);
    const bodies = new Map(); // of each post: where it is held
    for (const item of items) if (item.layer === "relation" && item.type === "position_in") bodies.set(item.slots[0][1], nameOf(article, item.slots[1]));
    for (const item of items) {
      if (item.layer === "relation" && item.type === "position_held" && bodies.has(item.slots[1][1])) tie(nameOf(article, item.slots[0]), bodies.get(item.slots[1][1]), item.slots[1][2], item);
      else if (item.layer === "relation") tie(nameOf(article, item.slots[0]), nameOf(article, item.slots[1]), words(item.type), item);
      else tieAll(article, item, tie);
    }
  }
  return [...ties.values()];
};

// Of a fact or an event, the first filler is tied to each other one; more would join all guests of a meeting to all others.
const tieAll = (article, item, tie) => {
  const ends = item.slots.filter(slot => slot[1] >= 0 && (item.layer === "fact" || slot[0] !== "place"));
  const named = ends.filter(slot => POINTS.has(labelOf(article, slot)));
  const title = slotsOf(item, "post")[0]?.[2];
  for (const other of named.slice(1)) tie(nameOf(article, named[0]), nameOf(article, other), title || words(item.type), item);
};

const MOST_POINTS = 72, MOST_AROUND = 7;

// The names with most ties, and some that they are tied to; around `centre`, where one is chosen, all that it is tied to.
// Persons and organizations come first, and a fact or a relation counts for three events.
const choosePoints = (ties, centre) => {
  const degree = new Map(), weight = new Map();
  for (const { a, b, layer } of ties) {
    for (const [end, other] of [[a, b], [b, a]]) {
      degree.set(end, (degree.get(end) || 0) + 1);
      weight.set(end, (weight.get(end) || 0) + (layer === "event" ? 1 : 3) * (names[other][1] === "PER" ? 2 : 1));
    }
  }
  const near = new Map();
  for (const { a, b } of ties) { near.set(a, [...(near.get(a) || []), b]); near.set(b, [...(near.get(b) || []), a]); }
  const byWeight = (a, b) => weight.get(b) - weight.get(a) || a - b;
  const order = [...degree.keys()].filter(name => ["PER", "ORG"].includes(names[name][1])).sort(byWeight);
  const points = new Set();
  const take = (name, depth, most) => {
    if (points.size >= MOST_POINTS) return;
    points.add(name);
    if (!depth) return;
    for (const other of near.get(name).filter(each => !points.has(each)).sort(byWeight).slice(0, most)) take(other, depth - 1, most);
  };
  if (centre >= 0 && degree.has(centre)) take(centre, 2, MOST_POINTS);
  else for (const name of order) take(name, 1, MOST_AROUND);
  return { points: [...points], degree, all: degree.size };
};
