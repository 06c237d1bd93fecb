// The mask of the picture to go by: painted with a brush, an eraser or a frame, by hand or by keyboard, kept by the server, and named in the
// composer by its id. What was done is kept as a list, so that all of it can be taken back.
import { createElement as h, useEffect, useRef } from "react";

const UNREACHABLE = "The studio cannot be reached. Check the connection and try again.";
const GONE = "This picture cannot be shown. Choose another one under “Go by”.";
const NOTHING = "Nothing is painted yet: paint over what is to change.";
const STEP = 0.02; // of the picture's side, by one press of an arrow
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const composer = () => document.querySelector("form.composer");
const sheetOf = (width, height) => Object.assign(document.createElement("canvas"), { width, height });

const loaded = (src) =>
  new Promise((done) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = () => done(null);
    image.src = src;
  });

// One act on the paint, which is white where something is drawn anew and clear elsewhere.
const act = (paint, done) => {
  const { width, height } = paint.canvas;
  paint.globalCompositeOperation = done.erases ? "destination-out" : "source-over";
  paint.fillStyle = paint.strokeStyle = "#fff";
  if (done.kind === "stroke") {
    const [first, ...others] = done.points;
    paint.lineWidth = done.px;
    paint.lineCap = paint.lineJoin = "round";
    paint.beginPath();
    paint.arc(...first, done.px / 2, 0, 2 * Math.PI); // a tap is a dot: a line without length would leave nothing
    paint.fill();
    paint.beginPath();
    paint.moveTo(...first);
    for (const point of others) paint.lineTo(...point);
    paint.stroke();
  } else if (done.kind === "frame") paint.fillRect(...done.box);
  else if (done.kind === "clear") paint.clearRect(0, 0, width, height);
  else if (done.kind === "invert") {
    paint.globalCompositeOperation = "xor";
    paint.fillRect(0, 0, width, height);
  } else if (done.kind === "mask") paint.drawImage(done.paint, 0, 0, width, height);
};

// A kept mask is white on black: its light becomes paint.
const paintOf = (mask) => {
  const sheet = sheetOf(mask.naturalWidth, mask.naturalHeight);
  const paint = sheet.getContext("2d");
  paint.drawImage(mask, 0, 0);
  const pixels = paint.getImageData(0, 0, sheet.width, sheet.height);
  for (let at = 0; at < pixels.data.length; at += 4) {
    pixels.data[at + 3] = pixels.data[at];
    pixels.data.fill(255, at, at + 3);
  }
  paint.putImageData(pixels, 0, 0);
  return sheet;
};

const shareOf = (sheet) => {
  const small = sheetOf(64, 64).getContext("2d", { willReadFrequently: true });
  small.drawImage(sheet, 0, 0, 64, 64);
  const { data } = small.getImageData(0, 0, 64, 64);
  let sum = 0;
  for (let at = 3; at < data.length; at += 4) sum += data[at];
  return sum / (64 * 64 * 255);
};

const kept = async (sheet, picture) => {
  const mask = sheetOf(sheet.width, sheet.height);
  const ground = mask.getContext("2d");
  ground.fillRect(0, 0, mask.width, mask.height);
  ground.drawImage(sheet, 0, 0);
  const body = await new Promise((done) => mask.toBlob(done, "image/png"));
  try {
    const answer = await fetch(`/api/uploads/mask?picture=${picture}`, { method: "POST", body, headers: { "Content-Type": "application/octet-stream" } });
    const said = await answer.json();
    return answer.ok ? { id: said.id } : { sentence: said.sentence || UNREACHABLE };
  } catch {
    return { sentence: UNREACHABLE };
  }
};

export function MaskPainter({ children }) {
  const root = useRef(null);

  useEffect(() => {
    const dialog = root.current.closest("dialog");
    const stage = root.current.querySelector("[data-stage]");
    const stop = new AbortController();
    const on = (target, type, handle) => target.addEventListener(type, handle, { signal: stop.signal });
    const find = (selector) => root.current.querySelector(selector);
    const say = (words) => (find("[data-said]").textContent = words);
    const tool = () => find("input[name=mask_tool]:checked").value;
    const field = () => composer()?.elements.mask;
    let [picture, paint, view, done, frame, stroke, isByKey] = ["", null, null, [], null, null, false];

    const set = (id) => {
      if (field()) field().value = id;
    };

    const show = () => {
      if (!paint) return;
      const { width, height } = view.canvas;
      const unit = Math.max(1, width / stage.clientWidth);
      view.clearRect(0, 0, width, height);
      view.globalAlpha = 1;
      view.drawImage(paint.canvas, 0, 0);
      view.globalCompositeOperation = "source-in";
      view.fillStyle = "oklch(0.68 0.19 285 / 0.62)";
      view.fillRect(0, 0, width, height);
      view.globalCompositeOperation = "source-over";
      if (tool() !== "frame" && !(isByKey && document.activeElement === view.canvas)) return;
      view.lineWidth = 2 * unit;
      view.strokeStyle = "#000";
      view.strokeRect(...frame);
      view.setLineDash([6 * unit, 6 * unit]);
      view.strokeStyle = "#fff";
      view.strokeRect(...frame);
      view.setLineDash([]);
    };
    const count = () => say(done.length ? `${Math.round(shareOf(paint.canvas) * 100)} % of the picture is drawn anew.` : "");
    const again = () => {
      paint.clearRect(0, 0, paint.canvas.width, paint.canvas.height);
      done.forEach((one) => act(paint, one));
      show();
      count();
    };
    const add = (one) => {
      done.push(one);
      act(paint, one);
      show();
      count();
    };

    const open = async () => {
      const wanted = composer()?.elements.reference?.value ?? "";
      root.current.toggleAttribute("data-none", !wanted);
      if (!wanted || wanted === picture) return show();
      [picture, paint, done] = [wanted, null, []];
      stage.replaceChildren();
      say("");
      const [image, mask] = await Promise.all([loaded(`/media/${wanted}/1024`), field().value ? loaded(`/media/uploads/${field().value}`) : null]);
      if (picture !== wanted) return;
      if (!image) return say(GONE);
      const [width, height] = [image.naturalWidth, image.naturalHeight];
      paint = sheetOf(width, height).getContext("2d");
      view = sheetOf(width, height).getContext("2d");
      Object.assign(view.canvas, { tabIndex: 0, role: "img", ariaLabel: "Mask over the picture" });
      view.canvas.setAttribute("aria-describedby", "mask-how");
      image.alt = "";
      frame = [width * 0.3, height * 0.3, width * 0.4, height * 0.4];
      stage.style.setProperty("--ar", width / height);
      stage.replaceChildren(image, view.canvas);
      if (mask) add({ kind: "mask", paint: paintOf(mask) });
      show();
    };

    const at = (event) => {
      const box = view.canvas.getBoundingClientRect();
      return [((event.clientX - box.left) / box.width) * view.canvas.width, ((event.clientY - box.top) / box.height) * view.canvas.height];
    };
    on(stage, "pointerdown", (event) => {
      if (!paint || event.button) return;
      event.preventDefault();
      isByKey = false;
      view.canvas.focus({ preventScroll: true });
      view.canvas.setPointerCapture(event.pointerId);
      const px = (Number(find("input[name=mask_brush]").value) / 100) * view.canvas.width;
      stroke = { kind: "stroke", erases: tool() === "erase", px, points: [at(event)] };
      if (tool() === "frame") frame = [...stroke.points[0], 0, 0];
      else act(paint, stroke);
      show();
    });
    on(stage, "pointermove", (event) => {
      if (!stroke) return;
      if (tool() === "frame") {
        const [[x, y], [toX, toY]] = [stroke.points[0], at(event)];
        frame = [Math.min(x, toX), Math.min(y, toY), Math.abs(toX - x), Math.abs(toY - y)];
      } else {
        for (const one of event.getCoalescedEvents?.() ?? [event]) stroke.points.push(at(one));
        act(paint, stroke);
      }
      show();
    });
    const lift = () => {
      if (!stroke) return;
      if (tool() !== "frame") done.push(stroke);
      else if (frame[2] > 1 && frame[3] > 1) add({ kind: "frame", box: [...frame] });
      stroke = null;
      show();
      count();
    };
    on(stage, "pointerup", lift);
    on(stage, "pointercancel", lift);

    on(stage, "keydown", (event) => {
      if (!paint) return;
      isByKey = true;
      const { width, height } = paint.canvas;
      const way = ARROWS[event.key];
      if (way) {
        const [x, y, wide, high] = frame;
        const [right, down] = [way[0] * STEP * width, way[1] * STEP * height];
        const least = STEP * Math.min(width, height);
        frame = event.shiftKey
          ? [x, y, Math.min(Math.max(wide + right, least), width - x), Math.min(Math.max(high + down, least), height - y)]
          : [Math.min(Math.max(x + right, 0), width - wide), Math.min(Math.max(y + down, 0), height - high), wide, high];
        show();
      } else if (event.key === "Enter") add({ kind: "frame", box: [...frame] });
      else if (event.key === "Backspace" || event.key === "Delete") add({ kind: "frame", box: [...frame], erases: true });
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    on(stage, "focusin", () => {
      isByKey = view.canvas.matches(":focus-visible");
      show();
    });
    on(stage, "focusout", show);
    on(root.current, "input", show);

    const save = async () => {
      if (!paint || shareOf(paint.canvas) === 0) return say(NOTHING);
      say("Keeping the mask.");
      const { id, sentence } = await kept(paint.canvas, picture);
      say(sentence ?? "");
      if (!id) return;
      set(id);
      dialog.close();
    };
    on(root.current, "click", ({ target }) => {
      const name = target.closest("[data-mask]")?.dataset.mask;
      if (name === "save") save();
      if (name === "remove") {
        set("");
        picture = "";
        dialog.close();
      }
      if (!paint) return;
      if (name === "undo" && done.pop()) again();
      if (name === "clear" || name === "invert") add({ kind: name });
    });

    // Another picture: a mask of this one says nothing of that one.
    on(document, "change", ({ target }) => {
      if (target.name === "reference" && target.form === composer() && target.value !== picture) set("");
    });
    const watch = new MutationObserver(() => dialog.open && open());
    watch.observe(dialog, { attributes: true, attributeFilter: ["open"] });
    return () => {
      stop.abort();
      watch.disconnect();
    };
  }, []);

  return h("div", { ref: root, className: "mask-painter" }, children);
}
