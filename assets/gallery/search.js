// The search field: words and fields, and what may stand behind a field while it is typed. What is typed is looked for when it rests.
import { createElement as h, useCallback, useEffect, useId, useRef, useState } from "react";
import { SearchField } from "../library/parts.js";

const TYPED_MS = 300;
const ASKED_MS = 120;
const FIELDS = [
  ["by", "a person"],
  ["tag", "a tag"],
  ["style", "a style"],
  ["model", "what drew it"],
  ["size", "square, 1024x1280 or one side"],
  ["date", "today, 2026-11 or from..to"],
  ["seed", "a number"],
  ["is", "mine, followed, liked"],
];

// The last word, as far as it is typed: a field without a value yet, or a field and the beginning of one.
function lastOf(typed) {
  const word = typed.slice(typed.lastIndexOf(" ") + 1);
  const [field, ...rest] = word.split(":");
  return { word, field: field.toLowerCase(), value: rest.length ? rest.join(":") : null };
}

// What to offer for what is typed: the names of fields at once, their values as the server knows them.
function useSuggestions(typed, isOpen) {
  const [offered, setOffered] = useState([]);
  const { word, field, value } = lastOf(typed);
  useEffect(() => {
    const isField = FIELDS.some(([name]) => name === field);
    const isBetweenWords = !word && Boolean(typed.trim()); // an empty field offers all there is to ask for
    if (!isOpen || (value === null ? isBetweenWords : !isField)) {
      setOffered([]);
      return undefined;
    }
    if (value === null) {
      setOffered(FIELDS.filter(([name]) => name.startsWith(field)).map(([name, what]) => ({ text: `${name}:`, what })));
      return undefined;
    }
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const asked = new URLSearchParams({ field, typed: value });
        const answer = await fetch(`/api/gallery/suggestions?${asked}`, { signal: stop.signal });
        const { values } = answer.ok ? await answer.json() : { values: [] };
        setOffered(values.filter((one) => one !== value.toLowerCase()).map((one) => ({ text: `${field}:${one} `, what: "" })));
      } catch (error) {
        if (!stop.signal.aborted) setOffered([]);
      }
    }, ASKED_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [typed, word, field, value, isOpen]);
  return offered;
}

// `isBare` says that nothing hangs below: where pictures do, what an empty field offers lies over them only for whoever asks for it, by arrow down.
export function Search({ words, onWords, isBare, icons }) {
  const [typed, setTyped] = useState(words);
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const told = useRef(words);
  const list = useId();
  const offered = useSuggestions(typed, isOpen);
  useEffect(() => {
    if (words !== told.current) setTyped(words);
    told.current = words;
  }, [words]);
  useEffect(() => setAt(-1), [offered.map(({ text }) => text).join()]); // the same offered anew leaves what is chosen
  const tell = useCallback(
    (text) => {
      if (text.trim() === told.current) return;
      told.current = text.trim();
      onWords(told.current);
    },
    [onWords],
  );
  useEffect(() => {
    const timer = setTimeout(() => tell(typed), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed, tell]);
  const isAsked = (text) => Boolean(isBare || text.trim());
  const choose = (one) => setTyped(typed.slice(0, typed.lastIndexOf(" ") + 1) + one.text);
  const onKeyDown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing) return;
    if (!isOpen && event.key === "ArrowDown") {
      event.preventDefault();
      setOpen(true);
    } else if (!offered.length) return;
    else if (step) {
      event.preventDefault();
      setAt((at + step + offered.length + (at < 0 && step < 0 ? 1 : 0)) % offered.length);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      choose(offered[at]);
    }
  };
  return h(
    "form",
    {
      className: "search",
      role: "search",
      onSubmit: (event) => {
        event.preventDefault();
        setOpen(false);
        tell(typed);
        if (matchMedia("(pointer: coarse)").matches) document.activeElement?.blur(); // its keyboard lies over what is found
      },
      onBlur: ({ currentTarget, relatedTarget }) => currentTarget.contains(relatedTarget) || setOpen(false),
    },
    h(SearchField, {
      icons,
      typed,
      placeholder: "Search pictures",
      "aria-label": "Search",
      "aria-autocomplete": "list",
      "aria-controls": offered.length ? list : undefined,
      "aria-activedescendant": at >= 0 && at < offered.length ? `${list}-${at}` : undefined,
      onChange: ({ target }) => {
        setTyped(target.value);
        setOpen(isAsked(target.value));
      },
      onFocus: () => setOpen(isAsked(typed)),
      onKeyDown,
      onClear: () => {
        setTyped("");
        setOpen(false);
      },
    }),
    h("span", { className: "sr", role: "status" }, offered.length ? `${offered.length} to choose from, with the arrow keys.` : ""),
    offered.length > 0 &&
      h(
        "ul",
        { className: "menu suggestions", role: "listbox", id: list, "aria-label": "Suggestions" },
        offered.map((one, index) =>
          h(
            "li",
            {
              key: one.text,
              id: `${list}-${index}`,
              className: "item",
              role: "option",
              "aria-selected": index === at ? "true" : "false",
              onMouseDown: (event) => event.preventDefault(),
              onClick: () => choose(one),
            },
            h("b", null, one.text.trim()),
            one.what && h("span", { className: "muted" }, one.what),
          ),
        ),
      ),
  );
}
