// What stands in the sheet of Collect: when its pictures are known, the first thing to do has the focus; when the sheet closes, they are forgotten.
import { createElement as h, useEffect, useRef } from "react";

export function Collecting({ about, onLeave, children, ...rest }) {
  const place = useRef(null);
  const leave = useRef(onLeave);
  leave.current = onLeave;
  useEffect(() => {
    if (about.length) place.current.querySelector("button, input:not([type=hidden])")?.focus();
  }, [about.join()]);
  useEffect(() => {
    const sheet = place.current.closest("dialog");
    const forget = () => sheet.open || leave.current(); // keys come before it is told that it has closed: it may be open for the next one
    sheet.addEventListener("close", forget);
    return () => sheet.removeEventListener("close", forget);
  }, []);
  return h("div", { ...rest, ref: place }, children);
}
