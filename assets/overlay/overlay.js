// The preview of an overlay, drawn from the form it stands in with every change; and bringing a logo.
import { createElement as h, useEffect, useRef } from "react";
import { draw, PLACES } from "./box.js";

const LONG_PX = 1200; // so many pixels along the longer side are drawn, whatever the picture has
const LOGO_MAX_BYTES = 4 * 1024 * 1024;
const TOO_LARGE = "This file is too large: at most 4 MB.";
const UNREACHABLE = "The studio cannot be reached. Check the connection and try again.";
const UNITS = { size: " %", opacity: " %", rotation: "°" };
const STEPS = { ArrowUp: -3, ArrowDown: 3, ArrowLeft: -1, ArrowRight: 1 };

const loaded = (src) =>
  new Promise((done) => {
    if (!src) return done(null);
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = () => done(null);
    image.src = src;
  });

const asked = (form) => {
  const fields = new FormData(form);
  const isText = fields.get("kind") !== "logo";
  return {
    text: isText ? fields.get("text") ?? "" : "",
    place: fields.get("place") ?? "bottom-right",
    size: Number(fields.get("size")),
    opacity: Number(fields.get("opacity")),
    rotation: Number(fields.get("rotation")),
    colour: fields.get("colour") ?? "#ffffff",
    logo: isText ? "" : form.querySelector("input[name=logo]:checked")?.dataset.src ?? "",
  };
};

const brought = async (file) => {
  if (file.size > LOGO_MAX_BYTES) return { sentence: TOO_LARGE };
  try {
    const answer = await fetch("/api/uploads/logo", { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } });
    const said = await answer.json();
    return answer.ok ? { id: said.id } : { sentence: said.sentence || UNREACHABLE };
  } catch {
    return { sentence: UNREACHABLE };
  }
};

export function OverlayPreview({ src, laid, logos, onBrought, ...size }) {
  const [width, height] = [Number(size.width), Number(size.height)];
  const canvas = useRef(null);
  const handler = useRef(onBrought);
  handler.current = onBrought;

  useEffect(() => {
    const form = canvas.current.closest("form");
    const dialog = form.closest("dialog");
    const stop = new AbortController();
    const on = (type, handle) => form.addEventListener(type, handle, { signal: stop.signal });
    const long = Math.max(width, height);
    const scale = Math.min(1, LONG_PX / long);
    const images = new Map();
    const image = (address) => images.get(address) ?? images.set(address, loaded(address)).get(address);
    let wanted = 0;

    const show = async () => {
      const turn = (wanted += 1);
      if (!dialog.open) return; // nobody looks: nothing is fetched
      const overlay = asked(form);
      const [picture, stamp] = await Promise.all([image(src), image(overlay.logo), document.fonts.load('600 20px "Instrument Sans"')]);
      if (turn !== wanted || !canvas.current) return;
      canvas.current.width = Math.round(width * scale);
      canvas.current.height = Math.round(height * scale);
      const sheet = canvas.current.getContext("2d");
      sheet.setTransform(scale, 0, 0, scale, 0, 0);
      if (picture) sheet.drawImage(picture, 0, 0, width, height);
      draw(sheet, overlay, width, height, stamp);
      canvas.current.dataset.drawn = JSON.stringify(overlay);
    };
    const tell = () => {
      for (const [name, unit] of Object.entries(UNITS)) {
        form.querySelector(`output[data-of=${name}]`).textContent = `${form.elements[name].value}${unit}`;
      }
      form.dataset.kind = new FormData(form).get("kind");
      show();
    };

    on("input", tell);
    on("change", async ({ target }) => {
      if (target.type !== "file" || !target.files.length) return tell();
      const said = form.querySelector("[data-said]");
      said.textContent = "Taking the logo in.";
      const { id, sentence } = await brought(target.files[0]);
      target.value = "";
      said.textContent = sentence ?? "";
      if (id) handler.current(id);
    });
    on("keydown", (event) => {
      const step = event.target.name === "place" && STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      const at = PLACES.indexOf(event.target.value);
      const isInRow = Math.abs(step) === 3 || Math.floor((at + step) / 3) === Math.floor(at / 3);
      const next = isInRow && form.querySelector(`input[name=place][value="${PLACES[at + step]}"]`);
      if (!next) return;
      next.checked = true;
      next.focus();
      tell();
    });
    const watch = new MutationObserver(tell);
    watch.observe(dialog, { attributes: true, attributeFilter: ["open"] });
    tell();
    return () => {
      stop.abort();
      watch.disconnect();
    };
  }, [src, width, height, logos]);

  // It was taken: the page goes on.
  useEffect(() => {
    if (laid) canvas.current.closest("dialog").close();
  }, [laid]);

  return h("canvas", { ref: canvas, className: "over-preview", role: "img", "aria-label": "Preview", style: { "--ar": width / height } });
}
