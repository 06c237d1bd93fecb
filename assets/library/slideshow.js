// A slideshow: the next picture after so many seconds, once this one is there; it pauses, waits while nobody looks, and ends at the last one.
import { createElement as h, useEffect, useState } from "react";
import { icon, named } from "./parts.js";

const KEPT = "slideshow-seconds";
const CHOICES = [3, 5, 10, 20];
const SECONDS = 5;

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
  return { isOn, seconds, choose, toggle: () => setOn(!isOn), stop: () => setOn(false) };
};

export function SlideshowControls({ show, icons, isPossible }) {
  return h(
    "span",
    { className: "row slideshow" },
    h(
      "button",
      { type: "button", className: "btn glass sq", "aria-label": show.isOn ? "Pause the slideshow" : "Slideshow", "data-hint": show.isOn ? "Pause the slideshow" : "Slideshow", disabled: !show.isOn && !isPossible, onClick: show.toggle },
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
