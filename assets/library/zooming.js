// Zooming: how close one is to a picture and where; by wheel, fingers, drag and double press. One view may move several pictures at once.
import { useCallback, useEffect, useRef, useState } from "react";

const CLOSEST = 8;
const SWIPE_PX = 60;
const WHOLE = { scale: 1, x: 0, y: 0 };
export const STEP = 1.5;

const bounded = ({ scale, x, y }, box) => {
  if (scale <= 1) return WHOLE;
  const held = (value, most) => Math.max(-most, Math.min(most, value));
  return { scale, x: held(x, (box.width * (scale - 1)) / 2), y: held(y, (box.height * (scale - 1)) / 2) };
};

// Zoom about a point, so that what is under the finger stays there.
const zoomed = (view, by, at, box) => {
  const scale = Math.max(1, Math.min(CLOSEST, view.scale * by));
  const [px, py] = [at.x - box.left - box.width / 2, at.y - box.top - box.height / 2];
  const grown = scale / view.scale;
  return bounded({ scale, x: px - (px - view.x) * grown, y: py - (py - view.y) * grown }, box);
};

const middleOf = (box) => ({ x: box.left + box.width / 2, y: box.top + box.height / 2 });

// `room` is the place that is listened to; inside it each `[data-pane]` has the same size, and is zoomed as the one under the finger is.
export const useZooming = ({ onSwipe, onPull } = {}) => {
  const room = useRef(null);
  const [view, setView] = useState(WHOLE);
  const fingers = useRef(new Map());
  const begun = useRef(null);
  const boxAt = (target) => (target?.closest?.("[data-pane]") ?? room.current.querySelector("[data-pane]") ?? room.current).getBoundingClientRect();
  const zoom = useCallback((by, point, target) => {
    const box = boxAt(target);
    setView((old) => zoomed(old, by, point ?? middleOf(box), box));
  }, []);
  const whole = useCallback(() => setView(WHOLE), []);

  // A wheel listener of React's is passive and could not keep the page from scrolling.
  useEffect(() => {
    const turn = (event) => {
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), { x: event.clientX, y: event.clientY }, event.target);
    };
    const here = room.current;
    here.addEventListener("wheel", turn, { passive: false });
    return () => here.removeEventListener("wheel", turn);
  }, [zoom]);

  const down = (event) => {
    if (event.target.closest("button, a, input")) return;
    room.current.setPointerCapture(event.pointerId);
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY, target: event.target });
    begun.current = fingers.current.size === 1 ? { x: event.clientX, y: event.clientY, view } : null;
  };
  const drag = (event) => {
    const before = fingers.current.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY, target: before.target };
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
    fingers.current.set(event.pointerId, now);
    if (other) {
      const apart = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
      zoom(apart(now) / apart(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }, before.target);
    } else if (view.scale > 1) {
      setView((old) => bounded({ ...old, x: old.x + now.x - before.x, y: old.y + now.y - before.y }, boxAt(before.target)));
    }
  };
  const up = (event) => {
    const start = begun.current;
    fingers.current.delete(event.pointerId);
    if (fingers.current.size || !start || start.view.scale > 1) return;
    begun.current = null;
    const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
    if (event.type === "pointercancel") return;
    if (Math.abs(dx) > SWIPE_PX && Math.abs(dx) > 2 * Math.abs(dy)) onSwipe?.(dx < 0 ? 1 : -1);
    else if (dy > 2 * SWIPE_PX && dy > 2 * Math.abs(dx)) onPull?.();
  };
  const isNear = view.scale > 1.01;
  const toggle = (event) => (isNear ? whole() : zoom(2.5, { x: event.clientX, y: event.clientY }, event.target));
  return {
    room,
    zoom,
    whole,
    isNear,
    transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
    heard: { onPointerDown: down, onPointerMove: drag, onPointerUp: up, onPointerCancel: up, onDoubleClick: toggle },
  };
};
