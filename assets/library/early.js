// While a page with a wall is still waking up: the pictures that will be in view hang already, where they will hang and as wide. They hang
// outside of what the page draws itself; its own wall goes up beneath them, and then takes them away (wall.js).
import { captionOf, hang, isNamedOn, srcset } from "./hanging.js";

const STANDS_MS = 10_000; // whatever happens, no longer

const framed = (picture, { x, y, width, whole, lines }, isNamed) => {
  const figure = Object.assign(document.createElement("figure"), { className: "pic" });
  Object.assign(figure.style, { transform: `translate(${x}px, ${y}px)`, width: `${width}px`, height: `${whole}px` });
  figure.style.setProperty("--lines", lines);
  if (picture.blur) figure.style.backgroundImage = `url(${picture.blur})`;
  const { className: of = "", words } = captionOf(picture, isNamed);
  const caption = Object.assign(document.createElement("figcaption"), { className: of });
  for (const [className, textContent] of words) caption.append(Object.assign(document.createElement("span"), { className, textContent }));
  figure.append(Object.assign(new Image(), { alt: "", sizes: `${width}px`, srcset: srcset(picture, "/media") }), caption);
  figure.onclick = () => (figure.parentElement.dataset.pressed = picture.id);
  return figure;
};

const parsed = () => document.readyState !== "loading" || new Promise((read) => document.addEventListener("readystatechange", read, { once: true }));

export const hangEarly = async ({ pictures }) => {
  await parsed();
  const place = document.querySelector("main .wall[aria-busy] .masonry")?.getBoundingClientRect();
  if (!place?.width || !pictures?.length) return;
  const gap = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--gap")) || 10;
  const isNamed = isNamedOn(location.pathname);
  const { places } = hang(pictures, place.width, gap, false, isNamed);
  const wall = Object.assign(document.createElement("div"), { className: "hung early", ariaHidden: "true" });
  Object.assign(wall.style, { left: `${place.left + scrollX}px`, top: `${place.top + scrollY}px`, width: `${place.width}px` });
  wall.append(...pictures.flatMap((picture, index) => (place.top + places[index].y < innerHeight ? [framed(picture, places[index], isNamed)] : [])));
  document.body.append(wall);
  setTimeout(() => wall.remove(), STANDS_MS);
};
