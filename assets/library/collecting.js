// What stands in the sheet of Collect: when its pictures are known, the first thing to do has the focus; when the sheet closes, they are forgotten.
import { createElement as h, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";

export function Collecting({ about, onLeave, children, ...rest }) {
  const place = useRef(null);
  const now = useRef({});
  now.current = { about, onLeave };
  const [left, setLeft] = useState(null); // what it was about as it closed: not to be pressed in the sheet that is opened for the next one
  useEffect(() => {
    if (about.length) place.current.querySelector("button, input:not([type=hidden])")?.focus();
  }, [about.join()]);
  useEffect(() => {
    const sheet = place.current.closest("dialog");
    // Its event "close" comes later than the next key; this does not.
    const watch = new MutationObserver(() => {
      if (sheet.open) return;
      flushSync(() => setLeft(now.current.about));
      now.current.onLeave();
    });
    watch.observe(sheet, { attributeFilter: ["open"] });
    return () => watch.disconnect();
  }, []);
  return h("div", { ...rest, ref: place }, about !== left && children);
}
