// On a picture's page: sharing its link, the film of its making over the picture, and the picture alone on the whole screen.
import { createElement, useEffect, useRef, useState } from "react";

const DONE_MS = 2000;

const copied = async (text, button) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no clipboard over plain http on the network: the old way works there
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
};

// The phone's own sheet where there is one; elsewhere the link, copied.
export function ShareButton({ name, href, children, ...rest }) {
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return undefined;
    const timer = setTimeout(() => setDone(false), DONE_MS);
    return () => clearTimeout(timer);
  }, [isDone]);
  const share = async (event) => {
    const button = event.currentTarget;
    const url = href || location.origin + location.pathname;
    if (navigator.share && matchMedia("(pointer: coarse)").matches) {
      return navigator.share({ title: name, url }).catch(() => undefined); // put away again: nothing to say
    }
    await copied(url, button);
    setDone(true);
  };
  return createElement("button", { ...rest, type: "button", onClick: share, "data-done": isDone ? "" : undefined }, children);
}

// Its bytes are asked for when it is wanted. Another picture begins as a picture.
export function Film({ src, children, ...rest }) {
  const [showing, setShowing] = useState("");
  const isOn = showing === src;
  return createElement(
    "div",
    { className: "film" },
    isOn && createElement("img", { src, alt: "The drawing, step by step", className: "film-frames" }),
    createElement("button", { ...rest, type: "button", "aria-pressed": isOn, onClick: () => setShowing(isOn ? "" : src) }, children),
  );
}

// A press on the picture does it too. Where a browser fills the screen with nothing but films, nothing offers it.
export function FullScreen({ children, ...rest }) {
  const button = useRef(null);
  const [isFull, setFull] = useState(false);
  useEffect(() => {
    const figure = button.current?.closest("figure");
    if (!figure || !document.fullscreenEnabled) return undefined;
    figure.dataset.fills = "";
    const look = () => setFull(document.fullscreenElement === figure);
    const fill = ({ target }) => {
      if (!target.matches("img") && !button.current.contains(target)) return;
      if (document.fullscreenElement) document.exitFullscreen();
      else figure.requestFullscreen().catch(() => undefined); // refused: nothing to say
    };
    figure.addEventListener("click", fill);
    document.addEventListener("fullscreenchange", look);
    return () => {
      figure.removeEventListener("click", fill);
      document.removeEventListener("fullscreenchange", look);
    };
  }, []);
  return createElement("button", { ...rest, ref: button, type: "button", "aria-label": isFull ? "Leave full screen" : "Full screen" }, children);
}
