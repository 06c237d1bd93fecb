// Before anything is painted: how wide the rail was left.
try {
  document.documentElement.dataset.rail = localStorage.getItem("rail") || "wide";
} catch {
  // no storage: it is wide
}
