// Watches a first visit: the largest thing painted, what moved by itself, and the first press that did something.
window.__visit = { painted: 0, shifted: 0, moved: [], pressed: 0 };
new PerformanceObserver((list) => list.getEntries().forEach((entry) => (__visit.painted = entry.startTime))).observe({
  type: "largest-contentful-paint",
  buffered: true,
});
new PerformanceObserver((list) =>
  list.getEntries().forEach((entry) => {
    if (entry.hadRecentInput) return;
    __visit.shifted += entry.value;
    __visit.moved.push(...entry.sources.map(({ node }) => `${node?.nodeName}.${node?.className}`));
  }),
).observe({ type: "layout-shift", buffered: true });

// Presses from the first paint on, again and again, as somebody impatient would, and looks in every frame whether what the press is for is
// there. A link may lead to another document, whose visit is still the same one; it is not pressed again while it leads there.
const began = Number((sessionStorage.began ||= performance.timeOrigin));
window.__pressUntil = (target, hasHappened) => {
  let followed = -Infinity;
  const press = () => {
    const element = document.querySelector(target);
    const isUnderWay = performance.now() - followed < 2_000;
    if (!element?.checkVisibility() || isUnderWay || hasHappened() || !performance.getEntriesByName("first-contentful-paint").length) return;
    if (element.matches("a")) followed = performance.now();
    element.click();
  };
  const timer = setInterval(press, 50);
  const look = () => {
    if (!document.body || !hasHappened()) return requestAnimationFrame(look);
    clearInterval(timer);
    return (__visit.pressed = performance.timeOrigin + performance.now() - began);
  };
  look();
};

window.__weightOf = (ending) =>
  performance
    .getEntriesByType("resource")
    .filter(({ name }) => new URL(name).pathname.endsWith(ending))
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
