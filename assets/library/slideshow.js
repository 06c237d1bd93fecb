// A slideshow: the next picture after so many seconds, once this one is there; it pauses, waits while nobody looks, and ends at the last one.
import { createElement as h, useEffect, useState } from "react";
import { icon, named } from "./parts.js";

const KEPT = "slideshow-seconds";
const CHOICES = [3, 5, 10, 20];
const SECONDS = 5;
const LAST = "this is the last picture, begin at an earlier one";

const kept = () => {
  const said = Number(localStorage.getItem(KEPT));
  return CHOICES.includes(said) ? said : SECONDS;
};

// `isThere` says that the picture has arrived: nobody is shown the next one before they saw this one.
export const useSlideshow = ({ id, isThere, hasNext, onNext }) => {
  const [isOn, setOn] = useState(false);
  const [seconds, setSeconds] = useState(SECONDS);
  useEffect(() => setSeconds(kept()), []);
  useEffect(() => {
    if (!isOn || !isThere) return undefined;
    const goOn = () => (document.hidden ? undefined : hasNext ? onNext() : setOn(false));
    const timer = setTimeout(goOn, seconds * 1000);
    const comeBack = () => !document.hidden && goOn();
    document.addEventListener("visibilitychange", comeBack);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", comeBack);
    };
  }, [isOn, isThere, id, seconds, hasNext]); // eslint-disable-line -- onNext is new with every picture, and so is id
  const choose = (event) => {
    const chosen = Number(event.target.value);
    localStorage.setItem(KEPT, String(chosen));
    setSeconds(chosen);
  };
  return { isOn, seconds, choose, toggle: () => setOn(!isOn && hasNext), stop: () => setOn(false) };
};

export function SlideshowControls({ show, icons, isPossible }) {
  const name = show.isOn ? "Pause the slideshow" : "Slideshow";
  const isClosed = !show.isOn && !isPossible;
  return h(
    "span",
    { className: "row slideshow" },
    h(
      "button",
      { type: "button", className: "btn glass sq", "aria-label": name, "data-hint": isClosed ? `${name}: ${LAST}` : name, "aria-description": isClosed ? LAST : undefined, "aria-disabled": String(isClosed), onClick: show.toggle },
      icon(icons, show.isOn ? "pause" : "play"),
      named("Slideshow"),
    ),
    show.isOn &&
      h(
        "label",
        { className: "pick" },
        h("span", { className: "sr" }, "Each for"),
        h("select", { "aria-label": "Each for", value: show.seconds, onChange: show.choose }, CHOICES.map((count) => h("option", { key: count, value: count }, `${count} seconds`))),
      ),
  );
}
