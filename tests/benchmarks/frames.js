// Watches whether the page keeps up: its longest task, and how long a press or a step takes until it is painted.
window.__longest = 0;
new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => (window.__longest = Math.max(window.__longest, duration)))).observe({
  type: "longtask",
});

// After the next paint.
window.__painted = (then) =>
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => then(performance.now());
    port2.postMessage(0);
  });

// Every message that says how far a drawing is: its size, and the time from its arrival until the page shows it.
window.__steps = [];
window.__messages = [];
const watched = (data) => {
  const size = new Blob([data]).size;
  window.__messages.push({ size, data });
  if (!data.includes('"now_rx_state_"')) return;
  const begun = performance.now();
  const slot = document.querySelector("figure[data-state=drawing]");
  if (!slot) return;
  const observer = new MutationObserver(() => {
    observer.disconnect();
    __painted((now) => window.__steps.push({ size, ms: now - begun }));
  });
  observer.observe(slot, { subtree: true, childList: true, attributes: true, characterData: true });
};
window.WebSocket = class extends WebSocket {
  constructor(...how) {
    super(...how);
    this.addEventListener("message", ({ data }) => typeof data === "string" && watched(data));
  }
};
