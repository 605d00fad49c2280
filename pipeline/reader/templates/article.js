// The open article: its text with mentions, triggers, search hits, and the evidence that lights up.
const articlePane = find(".pane.article");

const hiddenLabels = new Set();

const drawPiece = (piece, spans) => {
  const lit = spans.filter(span => span.lit), mention = spans.find(span => span.mention !== undefined);
  const trigger = spans.find(span => span.trigger), hit = spans.some(span => span.hit);
  const classes = [mention && `mention ${mention.label}`, trigger && "trigger", lit.length && "lit", hit && "hit"].filter(Boolean).join(" ");
  if (!classes) return document.createTextNode(piece);
  const attributes = { class: classes };
  if (mention) Object.assign(attributes, { title: mention.title, data: { mention: mention.mention } });
  else if (trigger) attributes.title = trigger.title;
  return el("mark", attributes, piece);
};

const mentionSpans = article => article.mentions.flatMap((mention, number) => {
  const picked = number === at.mention;
  if (!picked && (!mentionFits(mention) || hiddenLabels.has(mention[LABEL]))) return [];
  const title = [mention[LABEL], mention[VALUE], mention[SOURCE], sure(mention[SURE])].filter(Boolean).join(" · ");
  return [{ start: mention[START], end: mention[END], label: mention[LABEL], mention: number, title }];
});

const triggerSpans = article => article.items.filter(item => item.layer === "event" && itemFits(item)).map(item => {
  const [start, end] = item.spans[0];
  return { start, end, trigger: true, title: `${words(item.type)} (${item.status})` };
});

// Two spans may be lit in one place, as the buyer of one sale and the seller of another; roles are told behind the last piece.
const paintLit = (text, spans, lit, shift = 0) => {
  const nodes = paint(text, [...spans, ...lit], drawPiece);
  let offset = 0;
  for (const node of nodes) {
    offset += node.textContent.length;
    const roles = [...new Set(lit.filter(span => span.end === offset && span.last !== false).map(span => span.role).filter(Boolean))];
    if (roles.length && node.dataset) node.dataset.role = roles.map(words).join(", ");
  }
  return nodes;
};

const paragraph = (article, spans, lit, start, end, isTitle) => {
  const clip = list => list.filter(span => span.end > start && span.start < end).map(span => ({ ...span, start: Math.max(span.start, start) - start, end: Math.min(span.end, end) - start, last: span.end <= end }));
  return el(isTitle ? "h2" : "p", {}, paintLit(article.text.slice(start, end), clip(spans), clip(lit)));
};

const legend = article => {
  const tally = new Map();
  article.mentions.filter(mentionFits).forEach(mention => tally.set(mention[LABEL], (tally.get(mention[LABEL]) || 0) + 1));
  return el("div", { class: "legend", role: "group", "aria-label": "Labels shown" }, [...tally].map(([label, number]) =>
    el("button", { type: "button", class: `chip ${label}`, "aria-pressed": !hiddenLabels.has(label), title: `Show or hide ${label}`, onclick: () => {
      hiddenLabels.has(label) ? hiddenLabels.delete(label) : hiddenLabels.add(label);
      drawArticle();
      find(`.chip.${label}`, articlePane)?.focus();
    } }, label, el("small", {}, String(number)))));
};

const inspector = article => {
  const mention = article.mentions[at.mention];
  if (!mention) return null;
  const name = mention[NAME], surface = article.text.slice(mention[START], mention[END]);
  const also = name >= 0 && names[name][0] !== surface ? names[name][0] : null;
  return el("div", { class: "inspector", role: "region", "aria-label": "Mention" },
    el("span", { class: `chip ${mention[LABEL]}` }, mention[LABEL]), el("b", { lang: "zh-Hans" }, surface),
    also && el("span", { lang: "zh-Hans" }, `= ${also}`), mention[VALUE] && el("code", {}, mention[VALUE]),
    el("span", { class: "soft" }, mention[SOURCE]), meter(mention[SURE]),
    name >= 0 && el("button", { type: "button", class: "plain", onclick: () => filterByName(name) }, `find in ${plural(counts[name], "article")}`));
};

const drawArticle = () => {
  const article = articles[at.article];
  if (!article) return articlePane.replaceChildren(el("p", { class: "nothing" }, "No article is open."));
  const lit = lights(), spans = [...mentionSpans(article), ...triggerSpans(article), ...searchHits(article.text)];
  const body = el("div", { class: lit.length ? "text lighted" : "text", lang: "zh-Hans" });
  let start = 0;
  const lines = article.text.split("\n");
  const titled = article.title && lines.length > 1 && fold(article.title).replace(/\s/g, "").startsWith(fold(lines[0]).replace(/\s/g, ""));
  lines.forEach((line, number) => {
    if (line) body.append(paragraph(article, spans, lit, start, start + line.length, titled && number === 0));
    start += line.length + 1;
  });
  const read = pages[article.page];
  const facts = [article.id, article.kind, article.date || read?.date, article.byline.join("、"), read?.name].filter(Boolean);
  articlePane.replaceChildren(
    el("header", {}, el("p", { class: "soft" }, facts.join("  ·  ")), legend(article)),
    ...[!titled && article.title && !fold(article.text).startsWith(fold(article.title)) && el("h2", { class: "given", lang: "zh-Hans" }, article.title), body, inspector(article)].filter(Boolean));
};

const showFirst = (pane, selector) => {
  const first = find(selector, pane);
  if (!first) return;
  const box = first.getBoundingClientRect(), frame = pane.getBoundingClientRect();
  if (box.top < frame.top + 40 || box.bottom > frame.bottom - 60) pane.scrollTop += box.top - frame.top - frame.height / 3;
};

articlePane.addEventListener("click", event => {
  const mark = event.target.closest?.("mark[data-mention]");
  if (mark && !String(getSelection())) chooseMention(Number(mark.dataset.mention));
});

const stepMention = step => {
  const article = articles[at.article];
  if (!article?.mentions.length) return;
  const next = at.mention < 0 ? (step > 0 ? 0 : article.mentions.length - 1) : Math.min(article.mentions.length - 1, Math.max(0, at.mention + step));
  chooseMention(next);
  const mention = article.mentions[next];
  say(`${mention[LABEL]}: ${article.text.slice(mention[START], mention[END])}`);
};
