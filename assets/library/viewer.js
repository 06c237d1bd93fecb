// The viewer: one picture over its wall, as large as the window, with its neighbours at hand. Fingers swipe and pinch, keys do all of it.
import "../styles/viewer.css";
import { createElement as h, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Compare } from "./compare.js";
import { altOf } from "./hanging.js";
import { glass } from "./parts.js";
import { Remixed } from "./remixed.js";
import { SlideshowControls, useSlideshow } from "./slideshow.js";
import { Toast } from "./toast.js";
import { STEP, useZooming } from "./zooming.js";

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });

// `acts` stand below the picture, `keys` act beside the viewer's own; `total` is a number or words. `near` are the pictures of its wall, two of
// which are compared; `onCollect` is told which the page's sheet of Collect is about, `menu` is there where an act opens it, `maker` where pictures of many people hang,
// `beside` where it opens with two compared, `onThrow` where the one that is less good may go.
export function Viewer({ item, at, total, hasNext, base, icons, near = [], onStep, onClose, acts, keys: ofWall, onCollect, menu, maker, notice, onUndo, beside, onThrow }) {
  const dialog = useRef(null);
  const stage = useRef(null);
  const [isFull, setFull] = useState(false);
  const [arrived, setArrived] = useState("");
  const [other, setOther] = useState(() => near.findIndex(({ id }) => id === beside)); // the place of the picture beside this one, while two are compared
  const [heard, setHeard] = useState(notice); // said before, or dismissed
  const said = notice !== heard && notice;
  const { room, zoom, whole, isNear, transform, heard: gestures } = useZooming({ onSwipe: onStep, onPull: () => dialog.current.close() });
  const show = useSlideshow({ id: item.id, isThere: arrived === item.id && other < 0, hasNext, onNext: () => onStep(1) });

  useLayoutEffect(() => {
    if (dialog.current.open) return;
    dialog.current.showModal();
    dialog.current.focus(); // itself, not its first button, which would look pressed to who has come by an address or by the way back
  }, []);
  useEffect(() => whole(), [item.id, whole]);
  useEffect(() => {
    const look = () => setFull(document.fullscreenElement === stage.current);
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, []);

  // On a phone the viewer fills all of the screen but the browser's bar already.
  const fill = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (document.fullscreenEnabled && matchMedia("(min-width: 761px)").matches) stage.current.requestFullscreen().catch(() => {}); // refused: nothing to say
  };
  const step = (by) => {
    show.stop(); // whoever turns the pages themselves is shown no more
    onStep(by);
  };
  const placeBeside = (from, by) => {
    const next = from + by === at ? from + 2 * by : from + by;
    return near[next] ? next : -1;
  };
  const compare = () => {
    show.stop();
    setOther(at + 1 < near.length ? at + 1 : at - 1);
  };
  const leaveComparing = () => {
    setOther(-1);
    dialog.current.querySelector("[data-compares]")?.focus();
  };
  // The focus comes back to where the sheet was opened.
  const collect = () => {
    const opener = dialog.current.querySelector("[data-opens=collect]");
    opener?.focus();
    opener?.click();
  };

  const keys = {
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    j: () => step(1),
    k: () => step(-1),
    "+": () => zoom(STEP),
    "=": () => zoom(STEP),
    "-": () => zoom(1 / STEP),
    0: whole,
    f: fill,
    s: show.toggle,
    ...(near.length > 1 && { v: compare }),
    ...(onCollect && { c: collect }),
    ...ofWall,
  };
  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key] || event.target.matches("input, select, textarea, [role=menu] *")) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  };

  // The keys go on when nothing has the focus any more, as after a press on the picture; but not below a sheet or a question.
  const pressed = useRef(press);
  pressed.current = press;
  useEffect(() => {
    const hear = (event) => event.target === document.body && document.querySelectorAll("dialog:modal").length === 1 && pressed.current(event);
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, []);

  const button = (...face) => glass(icons, ...face);
  const isOwn = !item.by && (item.base ?? base) === "/media"; // and tells when it was drawn
  const source = `${item.base ?? base}/${item.id}/${isNear ? "original" : "1024"}`;
  return h(
    "dialog",
    {
      ref: dialog,
      className: "viewer",
      "aria-label": "Picture",
      tabIndex: -1,
      onClose,
      onKeyDown: press,
      onCancel: (event) => {
        if (!isNear) return;
        event.preventDefault(); // the first Escape shows the whole picture again
        whole();
      },
    },
    h(
      "div",
      { ref: stage, className: `stage spill ${show.isOn ? "playing" : ""}`, style: { "--spill": item.spill || "gray" } },
      h(
        "div",
        { ref: room, className: `room ${isNear ? "near" : ""}`, inert: other >= 0, ...gestures },
        h("img", {
          key: item.id,
          src: source,
          alt: altOf(item),
          width: item.width,
          height: item.height,
          draggable: false,
          decoding: "async",
          style: {
            "--ar": item.width / item.height,
            backgroundImage: item.blur ? `url(${item.blur})` : "none",
            transform,
          },
          onLoad: () => setArrived(item.id),
          onError: () => setArrived(item.id),
        }),
      ),
      h(
        "header",
        { className: "row", inert: other >= 0 },
        h("p", { className: "label" }, h("b", { className: "clamp" }, item.title ?? item.alt), h("span", { className: "row" }, h("span", { className: "facts", role: "status" }, `${at + 1} of ${total}`), isOwn && h("time", { className: "facts", dateTime: item.at }, DAY.format(new Date(item.at))), maker), (item.base ?? base) === "/media" && h(Remixed, { id: item.id })),
        h(
          "div",
          { className: "row push" },
          near.length > 1 && h(SlideshowControls, { show, icons, isPossible: hasNext }),
          near.length > 1 && button("blend", "Compare", compare, { "data-compares": "", short: "Compare" }),
          h("span", { className: "row desk" }, button("zoom-out", "Zoom out", () => zoom(1 / STEP), { disabled: !isNear }), button("zoom-in", "Zoom in", () => zoom(STEP))),
          document.fullscreenEnabled && button(isFull ? "minimize" : "maximize", isFull ? "Leave full screen" : "Full screen", fill, { className: "btn glass sq desk", short: "Full screen" }),
        ),
        button("x", "Close", () => dialog.current.close()),
      ),
      at > 0 && other < 0 && button("chevron-left", "Previous picture", () => step(-1), { className: "btn glass sq side prev" }),
      hasNext && other < 0 && button("chevron-right", "Next picture", () => step(1), { className: "btn glass sq side next" }),
      h(
        "div",
        { className: "said", role: "status" },
        said && h(Toast, { key: said.said_at, icons, said, onAct: onUndo, onDismiss: () => setHeard(notice) }),
      ),
      other < 0 && h("footer", { className: "row" }, onCollect && button("bookmark", "Collect", () => onCollect([item.id]), { "data-opens": "collect", "aria-haspopup": "dialog", "data-hint": "Collect: hang it in collections of yours", short: "Collect" }), acts),
      menu,
      other >= 0 &&
        near[other] &&
        h(Compare, {
          left: item,
          right: near[other],
          base,
          icons,
          hasOther: (by) => placeBeside(other, by) >= 0,
          onOther: (by) => setOther((old) => Math.max(placeBeside(old, by), -1) < 0 ? old : placeBeside(old, by)),
          onLeave: leaveComparing,
          onThrow: onThrow && ((gone, stays) => {
            leaveComparing();
            onThrow(gone, stays);
          }),
        }),
    ),
  );
}
