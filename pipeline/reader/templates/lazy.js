// A list that is drawn as far as it is scrolled: 500 articles cost no more than 60.
const CHUNK = 60;

const lazyList = (container, root, items, draw) => {
  container.watcher?.disconnect();
  container.replaceChildren();
  let done = 0;
  const end = el(container.tagName === "TBODY" ? "tr" : "li", { class: "more", "aria-hidden": "true" });
  const more = (until = done + CHUNK) => {
    const stop = Math.min(items.length, until);
    if (stop > done) {
      end.before(...items.slice(done, stop).map((item, i) => draw(item, done + i)));
      done = stop;
    }
    if (done >= items.length) { container.watcher.disconnect(); end.remove(); return; }
    container.watcher.unobserve(end); // what stays in sight is told of only once
    container.watcher.observe(end);
  };
  container.watcher = new IntersectionObserver(entries => { if (entries.some(entry => entry.isIntersecting)) more(); }, { root, rootMargin: "600px" });
  container.append(end);
  more();
  return { until: index => more(Math.max(done, index + 1)) };
};
