// /arena: what stands in the form goes to the server a moment after its last change, so that the price is there before it is paid.
import { useEffect, useRef } from "react";

const PAUSE_MS = 250;

export function Reckoning({ onReckon }) {
  const handler = useRef(onReckon);
  handler.current = onReckon;

  useEffect(() => {
    const stop = new AbortController();
    let timer = 0;
    const changed = (event) => {
      const form = event.target.form;
      if (!form?.matches("[data-reckons]") || event.target.name === "mode") return;
      clearTimeout(timer);
      timer = setTimeout(() => handler.current(Object.fromEntries(new FormData(form))), PAUSE_MS);
    };
    for (const type of ["input", "change"]) document.addEventListener(type, changed, { signal: stop.signal });
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, []);

  return null;
}
