// In the viewer: what a remix changed of the picture it was made from, in one line; nothing of a picture that is none.
import { createElement as h, useEffect, useState } from "react";

const PAUSE_MS = 250; // whoever leafs through asks for none
const TAGS = { gone: "del", new: "ins", same: "span" };

export function Remixed({ id }) {
  const [told, setTold] = useState({});
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const answer = await fetch(`/api/gallery/remixes/${id}`, { signal: stop.signal });
        if (answer.ok) setTold({ id, ...(await answer.json()) });
      } catch {
        // the picture is there; what it changed stands on its page
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [id]);
  const settings = told.settings?.filter(({ word }) => word !== "Seed"); // a number that says nothing beside a picture; its page has it
  if (told.id !== id || !(told.words?.length || settings?.length)) return null;
  return h(
    "span",
    { className: "remixed clamp", role: "group", "aria-label": "What changed" },
    h("span", { className: "diff" }, told.words.map(({ kind, words }, at) => h(TAGS[kind], { key: at }, words))),
    settings.map(({ word, before, after }) => h("span", { key: word, className: "other" }, `${word} `, h("ins", { title: `It was ${before}` }, after))),
  );
}
