// Five views of the same records, and the panes of the first; what is out of sight is drawn when it comes into sight.
const VIEWS = ["read", "posts", "money", "timeline", "ties"];
const DRAW = { posts: drawPosts, money: drawMoney, timeline: drawTimeline, ties: drawTies };
const stale = new Set(VIEWS);
const tab = view => byId(`tab-${view}`);

const drawView = () => { stale.delete(at.view); DRAW[at.view]?.(byId(`view-${at.view}`)); };

const showView = () => {
  for (const view of VIEWS) {
    byId(`view-${view}`).hidden = view !== at.view;
    tab(view).setAttribute("aria-selected", view === at.view);
    tab(view).tabIndex = view === at.view ? 0 : -1;
  }
  tab(at.view).scrollIntoView({ block: "nearest", inline: "nearest" });
  if (at.view !== "read" && stale.has(at.view)) drawView();
};

const showPane = () => {
  byId("view-read").dataset.shown = at.pane;
  for (const button of document.querySelectorAll(".switch button")) button.setAttribute("aria-pressed", button.dataset.pane === at.pane);
};

const goToView = view => { at.view = view; changed("view"); };

VIEWS.forEach(view => tab(view).addEventListener("click", () => goToView(view)));
find("[role=tablist]").addEventListener("keydown", event => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const next = step ? (VIEWS.indexOf(at.view) + step + VIEWS.length) % VIEWS.length : { Home: 0, End: VIEWS.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  goToView(VIEWS[next]);
  tab(at.view).focus();
});
document.querySelectorAll(".switch button").forEach(button => button.addEventListener("click", () => { at.pane = button.dataset.pane; changed("pane"); }));
let widthBefore = innerWidth;
addEventListener("resize", () => {
  if (innerWidth !== widthBefore && at.view === "ties") drawView(); else stale.add("ties");
  widthBefore = innerWidth;
});
