// Events by time: those whose own day the text tells, and, in softer ink, those of which only the paper's day is known.
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

const sayDay = day => {
  if (!day) return "Day not told";
  const [year, month, date] = day.split("-");
  const months = MONTHS[Number(month) - 1];
  return [date && String(Number(date)), months || month, year === "XXXX" ? "(year not told)" : year].filter(Boolean).join(" ");
};
const shortDay = day => {
  const [year, month, date] = day.split("-");
  return date ? `${Number(date)} ${MONTHS[month - 1].slice(0, 3)}` : month ? `${MONTHS[month - 1].slice(0, 3)} ${year}` : year;
};
const timeKey = item => !item.day ? "~~" : item.day.startsWith("X") ? `~${item.day}` : item.day;

const phrase = item => {
  const fillers = role => slotsOf(item, role).map(slot => el("span", { class: `filler ${labelOf(item.article, slot)}` }, shownName(item.article, slot)));
  const joined = parts => parts.flatMap((part, i) => i ? ["、", part] : [part]);
  const [agents, themes, others] = [fillers("agent"), fillers("theme"), [...fillers("participant"), ...fillers("place"), ...fillers("amount")]];
  return [joined(agents), agents.length ? " " : "", el("b", {}, item.slots[0][2]), themes.length ? " " : "", joined(themes), others.length ? el("span", { class: "soft" }, " · ", joined(others)) : ""];
};

const drawBars = (events, goTo) => {
  const dated = events.filter(item => /^\d{4}-\d{2}/.test(item.day));
  if (dated.length < 2) return null;
  const days = new Set(dated.map(item => item.day.slice(0, 10)));
  const size = days.size <= 62 && dated.every(item => item.day.length === 10) && dated[0].day.slice(0, 4) === dated[dated.length - 1].day.slice(0, 4) ? 10 : new Set(dated.map(item => item.day.slice(0, 7))).size <= 62 ? 7 : 4;
  const tally = new Map();
  dated.forEach(item => tally.set(item.day.slice(0, size), (tally.get(item.day.slice(0, size)) || 0) + 1));
  const most = Math.max(...tally.values());
  return el("div", { class: "bars", role: "group", "aria-label": "Events by time" }, [...tally].sort((a, b) => a[0] < b[0] ? -1 : 1).map(([day, number]) =>
    el("button", { type: "button", title: `${sayDay(day)}: ${plural(number, "event")}`, "aria-label": `${sayDay(day)}: ${plural(number, "event")}`, onclick: () => goTo(day) },
      el("i", { style: { "--h": `${Math.max(6, Math.round(number / most * 100))}%` } }), el("small", {}, shortDay(day)))));
};

const drawTimeline = view => {
  const events = fitting("event");
  if (!events.length) return view.replaceChildren(el("section", {}, el("h2", {}, "Events by time"), el("p", { class: "nothing" }, "No record has an event that fits the filters.")));
  const sorted = events.map((item, order) => ({ item, order, key: timeKey(item) })).sort((a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : a.order - b.order).map(each => each.item);
  const rows = [];
  sorted.forEach((item, number) => {
    if (!number || timeKey(sorted[number - 1]) !== timeKey(item)) rows.push({ day: item.day });
    rows.push({ item });
  });
  const line = el("ol", { class: "timeline" });
  const drawn = lazyList(line, view, rows, ({ day, item }) => item
    ? el("li", { class: item.printed ? "event printed" : "event" }, el("button", { type: "button", onclick: () => openEvidence(item) },
      el("span", { class: "what" }, words(item.type), item.status !== "done" && el("span", { class: `pill ${item.status}` }, item.status), meter(item.probability)),
      el("span", { class: "phrase", lang: "zh-Hans" }, phrase(item)),
      el("small", { lang: "zh-Hans" }, headline(item.article), item.printed && item.day ? el("i", { lang: "en" }, " · day of the paper") : "")))
    : el("li", { class: "day", data: { day } }, el("h3", {}, sayDay(day))));
  const goTo = day => {
    drawn.until(rows.findIndex(row => !row.item && row.day.startsWith(day)));
    find(`.day[data-day^="${day}"]`, line)?.scrollIntoView({ block: "start" });
  };
  view.replaceChildren(el("section", { class: "times" }, el("h2", {}, "Events by time", el("small", {}, events.length.toLocaleString("en"))), drawBars(sorted, goTo), line));
};
