// Watches one set from the press to its pictures, in milliseconds since 1970 (performance.timeOrigin + now).
() => {
  const now = () => performance.timeOrigin + performance.now();
  const seen = { pressed: 0, skeletons: 0, preview: 0, pictures: [] };
  window.__watch = seen;
  const painted = (then) => requestAnimationFrame(() => then(now()));
  const ready = (img, then) => {
    if (img.complete && img.naturalWidth > 0) then();
    else img.addEventListener("load", then, { once: true });
  };
  const known = new Set([...document.querySelectorAll("[data-set]")].map((e) => e.dataset.set));
  const done = new WeakSet();
  const look = () => {
    for (const set of document.querySelectorAll("[data-set]")) {
      if (known.has(set.dataset.set)) continue;
      const slots = [...set.querySelectorAll("figure")];
      if (slots.length && !seen.skeletons) painted((at) => { seen.skeletons ||= at; });
      for (const slot of slots) {
        const img = slot.querySelector("img");
        if (!img) continue;
        const isPicture = slot.querySelector("a[href^='/image/']") && (img.currentSrc || img.src).includes("/media/") && !img.src.includes("/live/");
        if (!isPicture && !seen.preview) ready(img, () => { seen.preview ||= now(); });
        if (isPicture && !done.has(slot)) {
          done.add(slot);
          ready(img, () => seen.pictures.push(now()));
        }
      }
    }
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["src", "class", "data-state", "href"] });
  document.addEventListener("click", (e) => { if (e.target.closest("button[type=submit]")) seen.pressed = now(); }, { capture: true });
}
