// The command palette: pages, acts and one's own prompts by their words. A native dialog around a combobox and its list.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";

const PROMPTS_AFTER_MS = 120;
const HISTORY = "M12 6v6l4 2M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0";

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const holds = (text, words) => words.every((word) => folded(text).includes(word));
const wordsOf = (asked) => folded(asked).split(/\s+/).filter(Boolean);
// What begins with the words comes before what only holds them.
const begins = (text, words) => words.every((word) => folded(text).split(/\s+/).some((part) => part.startsWith(word)));
const isOffered = (entry, isMember) =>
  !(entry.desk && matchMedia("(max-width: 760px)").matches) &&
  (entry.members === undefined || entry.members === isMember) && (!entry.presses || document.querySelector(entry.presses));

// Own prompts that hold these words; none for a stranger, and none while the studio cannot be reached.
const promptsOf = async (asked, signal) => {
  try {
    const answer = await fetch(`/api/prompts?q=${encodeURIComponent(asked)}`, { signal });
    return answer.ok ? (await answer.json()).prompts : [];
  } catch {
    return [];
  }
};

export function Palette({ entries, isMember }) {
  const navigate = useNavigate();
  const dialog = useRef(null);
  const list = useRef(null);
  const [isOpen, setOpen] = useState(false);
  const [asked, setAsked] = useState("");
  const [prompts, setPrompts] = useState([]);
  const [at, setAt] = useState(0);

  useEffect(() => {
    const open = (event) => event.detail === "palette" && setOpen(true);
    window.addEventListener("studio:open", open);
    return () => window.removeEventListener("studio:open", open);
  }, []);

  useEffect(() => {
    if (isOpen && !dialog.current.open) dialog.current.showModal();
  }, [isOpen]);

  useEffect(() => {
    if (!isOpen || !isMember) return undefined;
    const asking = new AbortController();
    const timer = setTimeout(async () => {
      const found = await promptsOf(asked, asking.signal);
      if (!asking.signal.aborted) setPrompts(found);
    }, asked ? PROMPTS_AFTER_MS : 0);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [isOpen, isMember, asked]);

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at, prompts]);

  if (!isOpen) return null;

  const words = wordsOf(asked);
  const found = [
    ...entries.filter((entry) => isOffered(entry, isMember) && holds(`${entry.words} ${entry.also ?? ""}`, words)),
    ...prompts.filter((prompt) => holds(prompt, words)).map((prompt) => ({ words: prompt, icon: HISTORY, href: `/create?prompt=${encodeURIComponent(prompt)}`, isPrompt: true })),
  ];
  found.sort((one, other) => begins(other.words, words) - begins(one.words, words));
  const chosen = found[Math.min(at, found.length - 1)];

  const shut = () => {
    setOpen(false);
    setAsked("");
    setPrompts([]);
    setAt(0);
  };
  const take = (entry) => {
    dialog.current.close();
    if (entry.href) navigate(entry.href);
    else if (entry.opens) window.dispatchEvent(new CustomEvent("studio:open", { detail: entry.opens }));
    else document.querySelector(entry.presses)?.click();
  };
  const press = (event) => {
    const moved = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (moved) setAt((Math.min(at, found.length - 1) + moved + found.length) % found.length);
    else if (event.key === "Enter" && !event.nativeEvent.isComposing && chosen) take(chosen);
    else return;
    event.preventDefault();
  };
  const option = (entry, index) =>
    h(
      "li",
      {
        key: `${entry.words} ${entry.href ?? ""}`,
        id: `palette-${index}`,
        role: "option",
        className: "item",
        "aria-selected": entry === chosen ? "true" : "false",
        onPointerMove: () => index !== at && setAt(index),
        onClick: () => take(entry),
      },
      h("svg", { className: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, h("path", { d: entry.icon })),
      h("span", { className: "clip" }, entry.words),
      entry.isPrompt ? h("span", { className: "push tiny muted" }, "Prompt") : entry.key ? h("kbd", { className: "desk", "aria-hidden": "true" }, entry.key) : null,
    );

  return h(
    "dialog",
    { ref: dialog, className: "dialog palette", "aria-label": "Command palette", onClose: shut },
    h("input", {
      className: "palette-field",
      role: "combobox",
      "aria-label": "Search commands",
      "aria-expanded": "true",
      "aria-controls": "palette-list",
      "aria-autocomplete": "list",
      "aria-activedescendant": chosen ? `palette-${found.indexOf(chosen)}` : undefined,
      placeholder: isMember ? "Page, act or one of your prompts" : "Page or act",
      autoComplete: "off",
      spellCheck: false,
      autoFocus: true,
      value: asked,
      onChange: (event) => {
        setAsked(event.target.value);
        setAt(0);
      },
      onKeyDown: press,
    }),
    h("ul", { ref: list, id: "palette-list", role: "listbox", "aria-label": "Commands", className: "palette-list" }, found.map(option)),
    found.length ? null : h("p", { className: "palette-none muted" }, "Nothing by these words."),
    h("p", { className: "sr", role: "status" }, `${found.length} found`),
  );
}
