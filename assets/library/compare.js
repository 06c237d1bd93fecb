// Two pictures compared: side by side, or one over the other with a slider between them. What is looked at in one is looked at in both; the one
// that is not wanted is thrown away where it is seen.
import { createElement as h, useEffect, useRef, useState } from "react";
import { throwing } from "./acts.js";
import { icon } from "./parts.js";
import { STEP, useZooming } from "./zooming.js";

const WIPE_STEP = 5;

// `onThrow` is told which of the two goes and which stays.
export function Compare({ left, right, base, icons, hasOther, onOther, onLeave, onThrow }) {
  const { room, zoom, whole, isNear, transform, heard } = useZooming({ onSwipe: onOther });
  const place = useRef(null);
  const [isWiped, setWiped] = useState(false);
  const [edge, setEdge] = useState(50);
  useEffect(() => whole(), [left.id, right.id, isWiped, whole]);
  useEffect(() => place.current.focus({ preventScroll: true }), []);

  const hasOthers = hasOther(-1) || hasOther(1);
  const wipe = (by) => setEdge((old) => Math.max(0, Math.min(100, old + by)));
  const keys = {
    j: () => onOther(1),
    k: () => onOther(-1),
    ArrowRight: () => (isWiped ? wipe(WIPE_STEP) : onOther(1)),
    ArrowLeft: () => (isWiped ? wipe(-WIPE_STEP) : onOther(-1)),
    w: () => setWiped((old) => !old),
    "+": () => zoom(STEP),
    "=": () => zoom(STEP),
    "-": () => zoom(1 / STEP),
    0: whole,
    Escape: () => (isNear ? whole() : onLeave()),
    v: onLeave,
  };
  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation(); // the viewer's own keys are about one picture
    if (!keys[event.key] || (event.target.type === "range" && event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    keys[event.key]();
  };

  const shown = (item, name, other) =>
    h(
      "figure",
      { key: name, className: name },
      h(
        "div",
        { className: "pane", "data-pane": "" },
        h("img", {
          key: item.id,
          src: `${item.base ?? base}/${item.id}/${isNear ? "original" : "1024"}`,
          alt: item.alt,
          width: item.width,
          height: item.height,
          draggable: false,
          decoding: "async",
          onLoad: ({ currentTarget }) => currentTarget.style.removeProperty("background-image"), // it would show along the edges
          style: { "--ar": item.width / item.height, backgroundImage: item.blur ? `url(${item.blur})` : "none", transform },
        }),
      ),
      h("figcaption", { className: "row" }, h("span", { className: "clamp" }, item.title ?? item.alt), onThrow && throwing(icons, false, () => onThrow(item.id, other))),
    );
  return h(
    "section",
    { ref: place, className: "compare", "aria-label": "Compare two pictures", tabIndex: -1, onKeyDown: press },
    h(
      "div",
      { ref: room, className: `panes ${isWiped ? "wiped" : ""} ${isNear ? "near" : ""}`, style: { "--edge": `${edge}%` }, ...heard },
      shown(left, "left", right),
      shown(right, "right", left),
      isWiped &&
        h("input", {
          type: "range",
          min: 0,
          max: 100,
          value: edge,
          "aria-label": "How much of the first picture is shown",
          "aria-valuetext": `${edge} percent of the first picture`,
          onChange: (event) => setEdge(Number(event.target.value)),
        }),
    ),
    h(
      "footer",
      { className: "row" },
      hasOthers && h("button", { type: "button", className: "btn glass sq", "aria-label": "Other picture before", title: "Other picture before", disabled: !hasOther(-1), onClick: () => onOther(-1) }, icon(icons, "chevron-left")),
      h("button", { type: "button", className: "btn glass", "aria-pressed": String(isWiped), onClick: () => setWiped(!isWiped) }, icon(icons, "blend"), "Slider"),
      hasOthers && h("button", { type: "button", className: "btn glass sq", "aria-label": "Next other picture", title: "Next other picture", disabled: !hasOther(1), onClick: () => onOther(1) }, icon(icons, "chevron-right")),
      h("button", { type: "button", className: "btn glass", onClick: onLeave }, icon(icons, "x"), "Leave"),
    ),
    h("p", { className: "sr", role: "status" }, `${left.alt}, beside ${right.alt}`),
  );
}
