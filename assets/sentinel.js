// Presses the button inside when it comes within a screen of the window. A person can press it just as well.
import { createElement, useEffect, useRef } from "react";

export function Sentinel({ watch, children, ...rest }) {
  const place = useRef(null);
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => entry.isIntersecting && place.current?.querySelector("button:not([disabled])")?.click(),
      { rootMargin: "800px" },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [watch]);
  return createElement("div", { ...rest, ref: place }, children);
}
