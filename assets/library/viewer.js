// The viewer: one picture over its wall, as large as the window, with its neighbours at hand. Fingers swipe and pinch, keys do all of it.
import { createElement as h, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { icon } from "./parts.js";

const CLOSEST = 8;
const STEP = 1.5;
const SWIPE_PX = 60;
const WHOLE = { scale: 1, x: 0, y: 0 };

const bounded = ({ scale, x, y }, room) => {
  if (scale <= 1) return WHOLE;
  const reach = { x: (room.clientWidth * (scale - 1)) / 2, y: (room.clientHeight * (scale - 1)) / 2 };
  const held = (value, most) => Math.max(-most, Math.min(most, value));
  return { scale, x: held(x, reach.x), y: held(y, reach.y) };
};

// Zoom about a point of the room, so that what is under the finger stays there.
const zoomed = (view, by, at, room) => {
  const scale = Math.max(1, Math.min(CLOSEST, view.scale * by));
  const box = room.getBoundingClientRect();
  const [px, py] = [at.x - box.left - box.width / 2, at.y - box.top - box.height / 2];
  const grown = scale / view.scale;
  return bounded({ scale, x: px - (px - view.x) * grown, y: py - (py - view.y) * grown }, room);
};

export const glass = (icons, name, word, onClick, more = {}) =>
  h("button", { type: "button", className: "btn glass sq", "aria-label": word, title: word, onClick, ...more }, icon(icons, name));

// `acts` stand below the picture, `keys` act beside the viewer's own; `total` is a number or words.
export function Viewer({ item, at, total, hasNext, base, icons, onStep, onClose, acts, keys: ofWall, notice, onUndo }) {
  const dialog = useRef(null);
  const stage = useRef(null);
  const room = useRef(null);
  const [view, setView] = useState(WHOLE);
  const [isFull, setFull] = useState(false);
  const fingers = useRef(new Map());
  const begun = useRef(null);
  const saidBefore = useRef(notice);
  const said = notice !== saidBefore.current && notice;

  useLayoutEffect(() => {
    if (!dialog.current.open) dialog.current.showModal();
  }, []);
  useEffect(() => setView(WHOLE), [item.id]);
  useEffect(() => {
    const look = () => setFull(document.fullscreenElement === stage.current);
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, []);

  const middle = () => {
    const box = room.current.getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  };
  const zoom = useCallback((by, point) => setView((old) => zoomed(old, by, point ?? middle(), room.current)), []);

  // A wheel listener of React's is passive and could not keep the page from scrolling.
  useEffect(() => {
    const turn = (event) => {
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), { x: event.clientX, y: event.clientY });
    };
    const here = room.current;
    here.addEventListener("wheel", turn, { passive: false });
    return () => here.removeEventListener("wheel", turn);
  }, [zoom]);

  const fill = () => (document.fullscreenElement ? document.exitFullscreen() : stage.current.requestFullscreen?.().catch(() => {}));

  const keys = {
    ArrowRight: () => onStep(1),
    ArrowLeft: () => onStep(-1),
    j: () => onStep(1),
    k: () => onStep(-1),
    "+": () => zoom(STEP),
    "=": () => zoom(STEP),
    "-": () => zoom(1 / STEP),
    0: () => setView(WHOLE),
    f: fill,
    ...ofWall,
  };
  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  };

  const down = (event) => {
    if (event.target.closest("button, a")) return;
    room.current.setPointerCapture(event.pointerId);
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    begun.current = fingers.current.size === 1 ? { x: event.clientX, y: event.clientY, view } : null;
  };
  const drag = (event) => {
    const before = fingers.current.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
    fingers.current.set(event.pointerId, now);
    if (other) {
      const apart = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
      zoom(apart(now) / apart(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    } else if (view.scale > 1) {
      setView((old) => bounded({ ...old, x: old.x + now.x - before.x, y: old.y + now.y - before.y }, room.current));
    }
  };
  const up = (event) => {
    const start = begun.current;
    fingers.current.delete(event.pointerId);
    if (fingers.current.size || !start || start.view.scale > 1) return;
    begun.current = null;
    const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
    if (event.type === "pointercancel") return;
    if (Math.abs(dx) > SWIPE_PX && Math.abs(dx) > 2 * Math.abs(dy)) onStep(dx < 0 ? 1 : -1);
    else if (dy > 2 * SWIPE_PX && dy > 2 * Math.abs(dx)) dialog.current.close();
  };

  const button = (...face) => glass(icons, ...face);
  const isNear = view.scale > 1.01;
  const source = `${base}/${item.id}/${isNear ? "original" : "1024"}`;
  return h(
    "dialog",
    {
      ref: dialog,
      className: "viewer",
      "aria-label": "Picture",
      onClose,
      onKeyDown: press,
      onCancel: (event) => {
        if (!isNear) return;
        event.preventDefault(); // the first Escape shows the whole picture again
        setView(WHOLE);
      },
    },
    h(
      "div",
      { ref: stage, className: "stage spill", style: { "--spill": item.spill || "gray" } },
      h(
        "div",
        {
          ref: room,
          className: `room ${isNear ? "near" : ""}`,
          onPointerDown: down,
          onPointerMove: drag,
          onPointerUp: up,
          onPointerCancel: up,
          onDoubleClick: (event) => (isNear ? setView(WHOLE) : zoom(2.5, { x: event.clientX, y: event.clientY })),
        },
        h("img", {
          key: item.id,
          src: source,
          alt: item.alt,
          width: item.width,
          height: item.height,
          draggable: false,
          decoding: "async",
          style: {
            "--ar": item.width / item.height,
            backgroundImage: item.blur ? `url(${item.blur})` : "none",
            transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
          },
        }),
      ),
      h(
        "header",
        { className: "row" },
        h("p", { className: "label" }, h("b", { className: "clip" }, item.alt), h("span", { className: "facts", role: "status" }, `${at + 1} of ${total}`)),
        h(
          "div",
          { className: "row push" },
          h("span", { className: "row desk" }, button("zoom-out", "Zoom out", () => zoom(1 / STEP), { disabled: !isNear }), button("zoom-in", "Zoom in", () => zoom(STEP))),
          button(isFull ? "minimize" : "maximize", isFull ? "Leave full screen" : "Full screen", fill),
          button("x", "Close", () => dialog.current.close()),
        ),
      ),
      at > 0 && button("chevron-left", "Previous picture", () => onStep(-1), { className: "btn glass sq side prev" }),
      hasNext && button("chevron-right", "Next picture", () => onStep(1), { className: "btn glass sq side next" }),
      h(
        "div",
        { className: "said", role: "status" },
        said && h("p", { className: "toast" }, said.sentence, said.action && h("button", { type: "button", className: "btn quiet sm act", onClick: onUndo }, said.action)),
      ),
      h(
        "footer",
        { className: "row" },
        acts,
      ),
    ),
  );
}
