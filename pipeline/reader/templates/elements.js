// Elements are made here, and only here: text goes in as text, so no input can become markup.
const find = (selector, inside = document) => inside.querySelector(selector);
const byId = id => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";

const fill = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") Object.entries(value).forEach(([key, each]) => element.style.setProperty(key, each));
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter(child => child !== null && child !== undefined && child !== false));
  return element;
};
const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

// Cut a text wherever a span begins or ends; `make(piece, spans, isFirst, isLast)` gives the node of each piece.
const paint = (text, spans, make) => {
  const cuts = new Set([0, text.length]);
  for (const span of spans) { cuts.add(span.start); cuts.add(span.end); }
  const edges = [...cuts].filter(cut => cut >= 0 && cut <= text.length).sort((a, b) => a - b);
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  const nodes = [];
  let next = 0, open = [];
  for (let i = 0; i + 1 < edges.length; i++) {
    const [start, end] = [edges[i], edges[i + 1]];
    while (next < sorted.length && sorted[next].start <= start) open.push(sorted[next++]);
    open = open.filter(span => span.end > start);
    const piece = text.slice(start, end);
    nodes.push(open.length ? make(piece, open, start, end) : document.createTextNode(piece));
  }
  return nodes;
};

const words = name => name.replaceAll("_", " ");
const plural = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
const sure = probability => probability === null ? "" : probability >= 0.995 && probability < 1 ? ">.99" : probability.toFixed(2);
const meter = probability => probability === null ? null :
  el("span", { class: "sure", title: `probability ${probability}` }, el("i", { style: { "--p": `${Math.round(probability * 100)}%` } }), sure(probability));
