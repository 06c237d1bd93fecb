// While a page with a wall is still waking up: the pictures that will be in view are fetched, as wide as they will hang.
import { hang, srcset } from "./hanging.js";

export const fetchSeen = ({ pictures }) => {
  const main = document.querySelector("main");
  if (!main || !pictures) return;
  const style = getComputedStyle(main);
  const width = main.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
  const { places } = hang(pictures, width, Number.parseFloat(style.getPropertyValue("--gap")) || 10);
  pictures.forEach((picture, index) => {
    if (places[index].y > window.innerHeight) return;
    Object.assign(new Image(), { sizes: `${places[index].width}px`, srcset: srcset(picture, "/media") });
  });
};
