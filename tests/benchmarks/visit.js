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

// Presses again and again, as somebody impatient would, and looks in every frame whether what the press is for is there.
window.__pressUntil = (target, hasHappened) => {
  const timer = setInterval(() => hasHappened() || document.querySelector(target)?.click(), 50);
  const look = () => {
    if (!document.body || !hasHappened()) return requestAnimationFrame(look);
    clearInterval(timer);
    return (__visit.pressed = performance.now());
  };
  look();
};

window.__weightOf = (ending) =>
  performance
    .getEntriesByType("resource")
    .filter(({ name }) => new URL(name).pathname.endsWith(ending))
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
