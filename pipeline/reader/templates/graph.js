// Draw the ties: every connected group is laid out by springs from the same start each time, then groups are packed in rows.
let centre = -1;

const groupsOf = (points, ties) => {
  const parent = new Map(points.map(point => [point, point]));
  const root = point => { while (parent.get(point) !== point) point = parent.get(point); return point; };
  for (const { a, b } of ties) parent.set(root(a), root(b));
  const groups = new Map();
  for (const point of points) groups.set(root(point), [...(groups.get(root(point)) || []), point]);
  return [...groups.values()].sort((a, b) => b.length - a.length);
};

const textWidth = text => [...text].reduce((sum, c) => sum + (c > "\u2e80" ? 12 : 7), 0);
const shortName = name => [...name].length > 12 ? `${[...name].slice(0, 11).join("")}…` : name;

// Push apart what is written over something else.
const part = boxes => {
  for (let round = 0; round < 60; round++) {
    let touched = false;
    for (let i = 0; i < boxes.length; i++) {
      for (let j = i + 1; j < boxes.length; j++) {
        const [p, q] = [boxes[i].point, boxes[j].point];
        const over = (boxes[i].wide + boxes[j].wide) / 2 - Math.abs(p.x - q.x), under = 36 - Math.abs(p.y - q.y);
        if (over <= 0 || under <= 0) continue;
        touched = true;
        const axis = over < under ? "x" : "y", go = Math.min(over, under) / 2 + 0.5, sign = p[axis] < q[axis] || (p[axis] === q[axis] && i < j) ? 1 : -1;
        p[axis] -= sign * go;
        q[axis] += sign * go;
      }
    }
    if (!touched) return;
  }
};

const layOut = (group, ties) => {
  const place = new Map(group.map((name, i) => {
    const angle = i * 2.399963, radius = 30 * Math.sqrt(i); // the golden angle: no two points begin in one place
    return [name, { x: radius * Math.cos(angle), y: radius * Math.sin(angle) }];
  }));
  const points = [...place.values()];
  const springs = ties.map(({ a, b }) => [place.get(a), place.get(b)]);
  for (let step = 0, heat = 14; step < 320; step++, heat *= 0.985) {
    for (const point of points) { point.dx = -point.x * 0.012; point.dy = -point.y * 0.02; }
    for (let i = 0; i < points.length; i++) {
      for (let j = i + 1; j < points.length; j++) {
        const [p, q] = [points[i], points[j]], x = (p.x - q.x) / 1.7, y = p.y - q.y; // labels are wide: more room sideways
        const push = 1500 / Math.max(x * x + y * y, 25);
        const far = Math.sqrt(x * x + y * y) || 1;
        p.dx += x / far * push; p.dy += y / far * push; q.dx -= x / far * push; q.dy -= y / far * push;
      }
    }
    for (const [p, q] of springs) {
      const x = q.x - p.x, y = q.y - p.y, far = Math.sqrt(x * x + y * y) || 1, pull = (far - 78) * 0.09;
      p.dx += x / far * pull; p.dy += y / far * pull; q.dx -= x / far * pull; q.dy -= y / far * pull;
    }
    for (const point of points) {
      const far = Math.sqrt(point.dx ** 2 + point.dy ** 2) || 1, go = Math.min(far, heat);
      point.x += point.dx / far * go; point.y += point.dy / far * go;
    }
  }
  part(group.map(name => ({ point: place.get(name), wide: textWidth(shortName(names[name][0])) + 10 })));
  const half = name => Math.max(14, textWidth(shortName(names[name][0])) / 2 + 6);
  const left = Math.min(...group.map(name => place.get(name).x - half(name))), right = Math.max(...group.map(name => place.get(name).x + half(name)));
  const top = Math.min(...points.map(point => point.y)) - 16, bottom = Math.max(...points.map(point => point.y)) + 34;
  for (const point of points) { point.x -= left; point.y -= top; }
  return { group, place, width: right - left, height: bottom - top };
};

const pack = (boxes, wide) => {
  const width = Math.max(wide, ...boxes.map(box => box.width)), rows = [];
  let row = null;
  for (const box of boxes) {
    if (!row || row.width + box.width > width) rows.push(row = { boxes: [], width: 0, height: 0 });
    row.boxes.push(box);
    row.width += box.width;
    row.height = Math.max(row.height, box.height + 10);
  }
  let y = 0;
  for (const { boxes: inRow, width: taken, height } of rows) {
    const gap = (width - taken) / (inRow.length + 1);
    let x = gap;
    for (const box of inRow) {
      for (const point of box.place.values()) { point.x += x; point.y += y; }
      x += box.width + gap;
    }
    y += height;
  }
  return { width, height: y };
};

const drawGraph = (ties, points, degree, wide) => {
  const inside = new Set(points), drawn = ties.filter(({ a, b }) => inside.has(a) && inside.has(b));
  const boxes = groupsOf(points, drawn).map(group => layOut(group, drawn.filter(({ a }) => group.includes(a))));
  const { width, height } = pack(boxes, wide);
  const place = new Map(boxes.flatMap(box => [...box.place]));
  const line = ({ a, b, layer, says }) => {
    const [p, q] = [place.get(a), place.get(b)];
    return svg("line", { class: `tie ${layer}${[a, b].includes(centre) ? " near" : ""}`, x1: p.x.toFixed(1), y1: p.y.toFixed(1), x2: q.x.toFixed(1), y2: q.y.toFixed(1) }, svg("title", {}, `${names[a][0]} – ${names[b][0]}: ${[...says.keys()].join(", ")}`));
  };
  const point = name => {
    const { x, y } = place.get(name), label = names[name][1], size = 4.5 + Math.min(6, Math.sqrt(degree.get(name)) * 1.6);
    const shape = label === "PER" ? svg("circle", { r: size }) : svg("rect", { x: -size, y: -size, width: 2 * size, height: 2 * size, rx: label === "ORG" ? 2 : size });
    return svg("g", { class: `point ${label}${name === centre ? " centre" : ""}`, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, tabindex: 0, role: "button", "aria-label": `${names[name][0]}, ${label}, ${plural(degree.get(name), "tie")}`, "aria-pressed": name === centre, data: { name } },
      shape, svg("text", { y: size + 13 }, shortName(names[name][0])), svg("title", {}, names[name][0]));
  };
  return svg("svg", { viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`, width: Math.ceil(width), height: Math.ceil(height), lang: "zh-Hans", "aria-label": "Ties between names", role: "group" }, drawn.map(line), points.map(point));
};

const chooseCentre = name => {
  centre = centre === name ? -1 : name;
  drawView();
  find(`.point[data-name="${name}"]`, byId("view-ties"))?.focus();
};

const drawTies = view => {
  const ties = findTies();
  if (!ties.some(({ a, b }) => [a, b].includes(centre))) centre = -1;
  if (!ties.length) return view.replaceChildren(el("section", {}, el("h2", {}, "Who is tied to whom"), el("p", { class: "nothing" }, "No fact, relation or event that fits the filters joins two names.")));
  const { points, degree, all } = choosePoints(ties, centre);
  const listed = ties.filter(({ a, b }) => centre < 0 || [a, b].includes(centre)).sort((s, t) => t.says.size - s.says.size || degree.get(t.a) + degree.get(t.b) - degree.get(s.a) - degree.get(s.b) || s.a - t.a || s.b - t.b);
  const side = el("ol", { class: "tied" });
  const board = el("div", { class: "board" });
  const one = ({ a, b, says }) => {
    const [first, second] = b === centre ? [b, a] : [a, b];
    const name = each => el("button", { type: "button", class: `filler ${names[each][1]}`, lang: "zh-Hans", onclick: () => chooseCentre(each) }, names[each][0]);
    return el("li", {}, el("p", {}, first === centre ? null : name(first), first === centre ? null : " – ", name(second)),
      [...says].map(([what, item]) => el("button", { type: "button", class: "to", onclick: () => openEvidence(item) }, el("span", { lang: "zh-Hans" }, what), el("small", { class: "id" }, item.article.id))));
  };
  view.replaceChildren(
    el("section", {}, el("h2", {}, "Who is tied to whom", el("small", {}, `${points.length} of ${plural(all, "name")}`)),
      el("p", { class: "soft key" }, el("span", { class: "PER" }, "● person"), el("span", { class: "ORG" }, "■ organization"), el("span", { class: "LOC" }, "● place"), el("span", { class: "PROJECT" }, "● project"), el("span", {}, "— fact or relation"), el("span", {}, "┄ event"))),
    board, el("aside", { "aria-label": "Ties" }, el("h3", {}, centre < 0 ? "All ties" : [names[centre][0], el("button", { type: "button", class: "plain", onclick: () => chooseCentre(centre) }, "show all")], el("small", {}, String(listed.length))), side));
  lazyList(side, side.parentElement, listed, one);
  board.append(drawGraph(ties, points, degree, Math.max(360, board.clientWidth - 16)));
};

byId("view-ties").addEventListener("click", event => { const point = event.target.closest?.(".point"); if (point) chooseCentre(Number(point.dataset.name)); });
byId("view-ties").addEventListener("keydown", event => {
  if ((event.key === "Enter" || event.key === " ") && event.target.matches?.(".point")) { event.preventDefault(); chooseCentre(Number(event.target.dataset.name)); }
});
