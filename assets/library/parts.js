// What walls have beside their pictures, and what the library is made of: tabs and filters above, acts below, the question before the worst.
import { createElement as h, Fragment, useEffect, useRef, useState } from "react";

// A thumb cannot point at an icon to learn its name: a short one stands beside it there, and on a desk where there is room.
export const named = (short) => h("span", { className: "named" }, short);
export const icon = (icons, name) => h("svg", { className: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, h("path", { d: icons[name] }));
export const glass = (icons, name, word, onClick, { short, ...more } = {}) =>
  h("button", { type: "button", className: "btn glass sq", "aria-label": word, "data-hint": word, onClick, ...more }, icon(icons, name), short && named(short));

// A link that the page follows by itself; where a key is held, the browser does.
export const pressing = (go) => (to) => (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go(to);
};

export const counted = (count) => (count === 1 ? "1 picture" : `${count.toLocaleString("en-GB")} pictures`);

const SHAPES = [["", "Any"], ["square", "Square"], ["landscape", "Landscape"], ["portrait", "Portrait"]];
const TIMES = [["", "Any time"], ["day", "Last day"], ["week", "Last week"], ["month", "Last month"], ["year", "Last year"], ["before-week", "Over a week ago"], ["before-month", "Over a month ago"], ["before-year", "Over a year ago"]];
const ORDERS = [["", "Newest first"], ["oldest", "Oldest first"]];
const PEOPLE = [["", "Any"], ["private", "Only me"], ["public", "Everybody"]];
const RATINGS = [["", "As each is marked"], ["general", "All ages"], ["sensitive", "Sensitive"], ["mature", "Mature"]];
const SEARCH_AFTER_MS = 250;
const SKELETON = [62, 50, 66, 50, 38, 62, 50, 74, 50, 62];

// Browsers have a cross of their own in such a field, or none: this one is a thumb's, and has a name.
const Clear = ({ icons, onClear }) => {
  const clear = ({ currentTarget }) => {
    currentTarget.parentElement.querySelector("input").focus();
    onClear();
  };
  return h("button", { type: "button", className: "btn quiet sq", "aria-label": "Clear search", onClick: clear }, icon(icons, "x"));
};

// One set belongs to Sets, whichever way one came to it.
export function Tabs({ tabs, wanted, go, onPage }) {
  const lit = wanted.set && wanted.view !== "trash" ? "sets" : (wanted.view ?? "");
  const tab = ([word, href]) => {
    const [path, view = ""] = href.split("?view=");
    const isHere = path === "/library";
    const change = pressing(go)(view ? { view } : {});
    return h("a", { key: href, className: "tab", href, "aria-current": isHere && lit === view ? "page" : "false", onClick: isHere ? change : onPage(href) }, word);
  };
  return h("nav", { className: "tabs", "aria-label": "Library" }, tabs.map(tab));
}

// The words are the browser's until it pauses; a filter that comes from elsewhere (back, a link) is shown at once.
function Search({ words, onWords, icons }) {
  const [typed, setTyped] = useState(words);
  const told = useRef(words);
  useEffect(() => {
    if (words !== told.current) setTyped(words);
    told.current = words;
  }, [words]);
  useEffect(() => {
    if (typed.trim() === told.current) return undefined;
    const timer = setTimeout(() => {
      told.current = typed.trim();
      onWords(told.current);
    }, SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed, onWords]);
  const onChange = ({ target }) => setTyped(target.value);
  return h("div", { className: "search" }, h(SearchField, { icons, typed, onChange, onClear: () => setTyped(""), placeholder: "Search my pictures", "aria-label": "Search my pictures" }));
}

// What one writes in, its sign before it, its key or the cross behind it.
export const SearchField = ({ icons, typed, onClear, ...rest }) =>
  h(
    Fragment,
    null,
    icon(icons, "search"),
    h("input", { type: "search", className: "input", name: "q", value: typed, maxLength: 200, autoComplete: "off", "aria-keyshortcuts": "/", "data-search": "", ...rest }),
    h("kbd", { className: "desk", "aria-hidden": "true" }, "/"),
    typed && h(Clear, { icons, onClear }),
  );

// One set: what it is, by which words, and the way back to the others.
export const SetHead = ({ icons, total, isNarrowed, words, back }) =>
  h(
    "div",
    { className: "set-head" },
    h("a", { className: "btn quiet sm", href: "/library?view=sets", "data-key": "Escape", "data-key-words": "Back to the sets", onClick: back }, icon(icons, "chevron-left"), "Sets"),
    h("h2", null, h("span", { role: "status" }, isNarrowed ? `${total} of this set` : total ? `Set of ${total}` : "Set"), words && " ", words && h("span", { className: "clip" }, words)),
  );

export const pick = (label, field, options, wanted, set) =>
  h(
    "label",
    { className: "pick", key: field },
    h("span", null, label),
    h(
      "select",
      { "aria-label": label, value: wanted[field] ?? "", onChange: (event) => set({ [field]: event.target.value }) },
      options.map(([value, word]) => h("option", { key: value, value }, word)),
    ),
  );

// What an address asks for can be seen in its list, though nobody offers it.
const offered = (options, value = "") => (options.some(([one]) => one === value) ? options : [...options, [value, value]]);

export function Filters({ icons, wanted, isBare, models, set, clear, inTrash }) {
  const isNarrowed = ["q", "model", "shape", "when", "who", "favourites"].some((field) => wanted[field]);
  const choose = (label, field, options) => pick(label, field, offered(options, wanted[field]), wanted, set);
  return h(
    "div",
    { className: isBare ? "filters for-known" : "filters", role: "search" },
    h(Search, { words: wanted.q ?? "", onWords: (q) => set({ q }, true), icons }),
    h(
      "div",
      { className: "chips scroll-x", role: "group", "aria-label": "Filters" },
      h(
        "button",
        {
          type: "button",
          className: "chip",
          "aria-pressed": String(Boolean(wanted.favourites)),
          onClick: () => set({ favourites: wanted.favourites ? "" : "1" }),
        },
        icon(icons, "star"),
        "Favourites",
      ),
      choose("Model", "model", [["", "Any"], ...models.map(({ id, title }) => [id, title])]),
      choose("Shape", "shape", SHAPES),
      choose("Drawn", "when", TIMES),
      !inTrash && choose("Shown to", "who", PEOPLE),
      pick("Sort", "sort", ORDERS, wanted, set),
      h("button", { type: "button", className: isNarrowed ? "btn quiet sm" : "btn quiet sm unseen", onClick: clear }, "Clear"),
    ),
  );
}

// One press for each act; what they are about is said first.
export function Acts({ icons, choosing, total, inTrash, isAllFavourite, isAllPublic, act, collect, mayCollect, compare, download, said }) {
  const { count } = choosing;
  const none = count === 0;
  const button = (name, word, press, more = {}) =>
    h(
      "button",
      {
        type: "button",
        className: `btn quiet ${more.className ?? ""}`,
        "aria-disabled": String(none), // not disabled: the focus stays on it when what was chosen is gone
        onClick: () => none || press(),
        "aria-label": word,
        "data-opens": none ? undefined : more.opens,
        "aria-haspopup": more.opens && "dialog",
        "aria-pressed": more.pressed,
        key: word,
      },
      icon(icons, name),
      h("span", { className: "word" }, more.short ? [h("span", { key: "desk", className: "desk" }, word), h("span", { key: "phone", className: "phone" }, more.short)] : word),
    );
  const acts = inTrash
    ? [
        button("undo-2", "Restore", () => act("restore")),
        button("trash-2", "Delete for ever", () => act("forget"), { className: "bad" }),
      ]
    : [
        button("star", "Favourite", () => act(isAllFavourite ? "unfavourite" : "favourite"), { pressed: isAllFavourite }),
        button("bookmark", "Collect", collect, { opens: mayCollect ? "collect" : undefined }),
        isAllPublic ? button("lock", "Make private", () => act("hide")) : button("globe", "Publish", () => act("publish")),
        button("blend", "Compare", compare),
        button("download", "Download", download),
        button("trash-2", "Move to trash", () => act("trash"), { className: "bad", short: "Trash" }),
      ];
  return h(
    "div",
    { className: "acts-bar", role: "region", "aria-label": "Selection" },
    h(
      "p",
      { role: "status" },
      said || `${count.toLocaleString("en-GB")} selected`,
    ),
    count < total
      ? h("button", { type: "button", className: "btn quiet sm", onClick: choosing.all }, `Select all ${total.toLocaleString("en-GB")}`)
      : h("button", { type: "button", className: "btn quiet sm", onClick: choosing.none }, "Select none"),
    h("div", { className: "row push doing" }, acts),
    h("button", { type: "button", className: "btn quiet sq", "aria-label": "Stop selecting", onClick: choosing.stop }, icon(icons, "x")),
  );
}

// Before many are published: what they share. Each has its own title, from its prompt.
export function Publishing({ count, onAnswer }) {
  const dialog = useRef(null);
  useEffect(() => {
    if (count && !dialog.current.open) dialog.current.showModal();
  }, [count]);
  const send = (event) => {
    event.preventDefault();
    onAnswer(Object.fromEntries(new FormData(event.currentTarget)));
    dialog.current.close();
  };
  return h(
    "dialog",
    { ref: dialog, className: "dialog sheet", "aria-labelledby": "publishing-title", "aria-describedby": "publishing-words", onClose: () => onAnswer(null) },
    h("h2", { id: "publishing-title" }, `Publish ${counted(count || 0)}`),
    h("p", { id: "publishing-words" }, "Everybody sees them on Explore and in search, with their prompts and recipes. Each gets a title from its prompt; you can change it on its page."),
    h(
      "form",
      { className: "stack", onSubmit: send, key: count },
      h("div", { className: "field" }, h("label", { htmlFor: "publishing-tags" }, "Tags for all of them"), h("input", { id: "publishing-tags", name: "tags", className: "input", autoComplete: "off", placeholder: "paper, dusk" })),
      h(
        "div",
        { className: "field" },
        h("label", { htmlFor: "publishing-rating" }, "Fit for"),
        h("select", { id: "publishing-rating", name: "rating", className: "select" }, RATINGS.map(([rating, words]) => h("option", { key: rating, value: rating }, words))),
      ),
      h(
        "div",
        { className: "row wrap answers" },
        h("button", { type: "button", className: "btn quiet", onClick: () => dialog.current.close() }, "Keep private"),
        h("button", { type: "submit", className: "btn main-act" }, "Publish"),
      ),
    ),
  );
}

// A question in the browser's own dialog, asked once; Escape and the backdrop answer no.
export function Question({ question, onAnswer }) {
  const dialog = useRef(null);
  useEffect(() => {
    if (question && !dialog.current.open) dialog.current.showModal();
  }, [question]);
  const answer = (isYes) => {
    dialog.current.close();
    if (isYes) onAnswer();
  };
  return h(
    "dialog",
    { ref: dialog, className: "dialog sheet", "aria-labelledby": "sure-title", "aria-describedby": "sure-words", onClose: () => onAnswer.forget() },
    h("h2", { id: "sure-title" }, question?.title),
    h("p", { id: "sure-words" }, question?.words),
    h(
      "div",
      { className: "row wrap answers" },
      h("button", { type: "button", className: "btn quiet", onClick: () => answer(false) }, "Keep"),
      h("button", { type: "button", className: "btn line bad", onClick: () => answer(true) }, question?.yes),
    ),
  );
}

// What came while somebody looked further down: hung when they press it.
export function Held({ icons, wall, state }) {
  const count = state?.held.length;
  if (!count) return null;
  const show = () => {
    wall.showHeld();
    window.scrollTo({ top: 0 });
  };
  return h("button", { type: "button", className: "btn main-act held", onClick: show }, icon(icons, "arrow-up"), count === 1 ? "1 new picture" : `${count} new pictures`);
}

export const Loading = ({ label, isForKnown }) =>
  h(
    "div",
    { className: isForKnown ? "wall for-known" : "wall", role: "status", "aria-busy": "true", "aria-label": label },
    h("div", { className: "masonry" }, SKELETON.map((rows, index) => h("div", { key: index, className: "pic skel", style: { "--rows": rows } }))),
  );

// The next page, fetched a screen before it is needed; a press does it too, and tries again when it failed.
export function Below({ state, more }) {
  const place = useRef(null);
  const isStuck = state.standing === "stuck";
  useEffect(() => {
    if (!state.next || isStuck) return undefined;
    const observer = new IntersectionObserver(([entry]) => entry.isIntersecting && more(), { rootMargin: "1200px" });
    observer.observe(place.current);
    return () => observer.disconnect();
  });
  if (!state.next) return h("p", { className: "muted small more-below" }, state.items.length > 20 ? "That is all." : "");
  return h(
    "div",
    { ref: place, className: "more-below" },
    isStuck && h("p", { className: "is-bad small", role: "alert" }, "The next pictures did not come."),
    h("button", { type: "button", className: "btn", onClick: more, "aria-busy": String(state.isComing) }, isStuck ? "Try again" : "Load more"),
  );
}

// A wall on which nothing hangs: why, and the way on.
export const frame = (icons, name, title, words, ...doing) =>
  h("div", { className: "empty" }, h("span", { className: "frame" }, icon(icons, name)), h("h2", null, title), h("p", null, words), ...doing);
