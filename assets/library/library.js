// The library: the filter stands in the address, the pictures come by plain requests, what is done to them goes through the page's state.
import { createElement as h, useCallback, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { actsOf, keysOf } from "./acts.js";
import { addressOf, queryOf, shownIn, useAddress, wantedIn } from "./address.js";
import { useChoosing } from "./choosing.js";
import { usePictureMenu } from "./menu.js";
import { Acts, Below, counted, Filters, frame, Held, icon, Loading, pressing, Publishing, Question, SetHead, Tabs } from "./parts.js";
import { useViewer, useViewing, useWall } from "./viewing.js";
import { Sets, Wall } from "./wall.js";
import { hear, wallOf } from "./walls.js";

const PATH = "/library";
const CONFIRMED_WITHIN_MS = 4_000;
const TOLD_MS = 4_000;

export function Library({ news, notice, icons, tabs, shelvedMax, zipMax, children, onCurate, onUndo, onShelf, onShelfFound, onVary }) {
  const [search, go] = useAddress(PATH);
  const navigate = useNavigate();
  const wanted = search === null ? {} : wantedIn(search);
  const shown = search === null ? "" : shownIn(search);
  const wall = search === null ? null : wallOf(wanted);
  const state = useWall(wall, PATH);
  const inTrash = wanted.view === "trash";
  const hasSets = wanted.view === "sets" && !wanted.set;
  const inSet = Boolean(wanted.set) && !inTrash;
  const base = inTrash ? "/media/trash" : "/media";
  const items = state?.items ?? [];
  const choosing = useChoosing(items, state?.total ?? 0);
  const [question, setQuestion] = useState(null);
  const [said, setSaid] = useState("");
  const [thrown, setThrown] = useState(null); // for what it was looked for; its notice has Undo first
  const heard = useRef(news.number);

  useEffect(() => {
    if (heard.current === news.number) return;
    heard.current = news.number;
    hear(news, wall);
  }, [news, wall]);
  // While live updates are off, connection.js says what came.
  useEffect(() => {
    const arrive = ({ detail: moved }) => hear({ gone: [], moved, again: false }, wall);
    addEventListener("studio:arrived", arrive);
    return () => removeEventListener("studio:arrived", arrive);
  }, [wall]);

  const narrow = (change, replace = false) => {
    choosing.stop();
    const next = { ...wanted, ...change };
    if (next.view === "sets" && change.set) next.view = "";
    go(addressOf(PATH, next), { replace: replace && Boolean(wanted.q) }); // back takes a whole search away, not its last letter
    window.scrollTo(0, 0);
  };
  const clear = () => narrow(Object.fromEntries(Object.keys(wanted).filter((field) => !["view", "sort", "set"].includes(field)).map((field) => [field, ""])));
  const onPage = pressing(navigate);
  const toSets = pressing(() => narrow({ view: "sets", set: "" }))();
  const words = useCallback((change, replace) => narrowRef.current(change, replace), []);
  const narrowRef = useRef(narrow);
  narrowRef.current = narrow;

  const { at, open, step, close, giveWay, isFresh } = useViewing({ wall, state, shown, base, addressTo: (id) => addressOf(PATH, wanted, id), go });

  const Viewer = useViewer(Boolean(shown) && !hasSets, items.length > 0, () => navigate(inTrash ? addressOf(PATH, wanted) : `/image/${shown}`, { replace: true }));
  const isShown = Boolean(Viewer) && Boolean(shown) && at >= 0 && !hasSets;

  // Done at once on this wall; the server's word comes after, and if none comes the wall is looked at again.
  const curate = (what, ids, isAll, { tags = "", rating = "" } = {}) => {
    const isMeant = isAll ? (id) => !ids.includes(id) : (id) => ids.includes(id);
    if (["trash", "restore", "forget"].includes(what)) wall.drop(isMeant, isAll ? ids.length : undefined);
    else wall.change(isMeant, { favourite: { favourite: true }, unfavourite: { favourite: false }, publish: { public: true }, hide: { public: false } }[what]);
    setThrown(what === "trash" ? { from: queryOf(wanted), before: news.number } : null);
    onCurate(what, ids, isAll ? { all: "1", ...wanted } : {}, tags, rating);
    const before = heard.current;
    setTimeout(() => heard.current === before && wall.look(), CONFIRMED_WITHIN_MS);
  };
  const sure = (count, then) =>
    setQuestion({
      title: `Delete ${counted(count)} for ever?`,
      words: `This cannot be taken back. Nobody will see ${count === 1 ? "it again, and its files are" : "them again, and their files are"} erased within hours.`,
      yes: "Delete for ever",
      then,
    });
  const [beside, setBeside] = useState(""); // the second of two that are to be compared
  const [publishing, setPublishing] = useState(0);
  const published = (shared) => {
    setPublishing(0);
    if (shared === null) return;
    curate("publish", [...choosing.ids], choosing.isAll, shared);
    choosing.none();
  };
  const actOnChosen = (what) => {
    if (what === "publish") return setPublishing(choosing.count);
    const then = () => {
      curate(what, [...choosing.ids], choosing.isAll);
      choosing.none();
    };
    return what === "forget" ? sure(choosing.count, then) : then();
  };
  const actOnShown = (what) => {
    const leaves = ["trash", "restore", "forget"].includes(what);
    if (leaves && isFresh) return;
    const take = () => curate(what, [shown], false);
    const then = () => (leaves ? giveWay(take) : take());
    return what === "forget" ? sure(1, then) : then();
  };
  // Of two compared the one that is less good goes, and the other one is shown.
  const throwOneOfTwo = (gone, stays) => {
    if (!choosing.isAll && choosing.has(gone)) choosing.toggle(gone);
    giveWay(() => curate("trash", [gone], false), stays);
  };
  const isFavourite = (id) => items.find((item) => item.id === id)?.favourite;
  const actFromMenu = (act, id) => {
    const does = { favour: isFavourite(id) ? "unfavourite" : "favourite", bin: "trash" }[act];
    if (act === "reuse") navigate(`/create?from=${id}`);
    else if (!does) onVary(id, act);
    else if (id === shown) actOnShown(does);
    else curate(does, [id], false);
  };
  usePictureMenu(actFromMenu, isFavourite, (id) => items.find((item) => item.id === id)?.public);
  // The next picture's way back comes under the finger; after the last one the way to where they went.
  const restoreFromWall = (id) => {
    const at = items.findIndex((item) => item.id === id);
    const next = items[at + 1] ?? items[at - 1];
    curate("restore", [id], false);
    requestAnimationFrame(() => document.querySelector(next ? `[data-id="${next.id}"] [data-restores]` : ".library .empty .btn")?.focus());
  };
  const undo = () => {
    setThrown(null);
    onUndo();
  };
  const answer = () => question?.then();
  answer.forget = () => setQuestion(null);

  const compare = () => {
    if (meant.length !== 2 || choosing.count !== 2) return setSaid("Select two pictures to compare them");
    setBeside(meant[1].id);
    return open(meant[0].id);
  };
  const mayCollect = choosing.count <= shelvedMax;
  const collect = () => {
    if (!mayCollect) return setSaid(`At most ${shelvedMax} pictures are collected together`);
    return choosing.isAll ? onShelfFound(wanted, [...choosing.ids]) : onShelf([...choosing.ids]);
  };

  const download = async () => {
    const fields = { ids: [...choosing.ids].join(","), ...(choosing.isAll ? { all: "1", except: [...choosing.ids].join(","), ...wanted } : {}) };
    if (choosing.count > zipMax) return setSaid(`One file holds at most ${zipMax} pictures`);
    if (choosing.count === 1 && !choosing.isAll) {
      location.assign(`/media/${fields.ids}/original?download=1`);
      return setSaid("Downloading");
    }
    setSaid("Packing");
    try {
      const checked = await fetch("/api/library/zip", { method: "POST", body: new URLSearchParams({ ...fields, check: "1" }) });
      setSaid(checked.ok ? "Downloading as one file" : (await checked.json()).sentence);
      if (checked.ok) send(fields);
    } catch {
      setSaid("The studio cannot be reached");
    }
    return undefined;
  };
  useEffect(() => setSaid(""), [choosing.count]);
  useEffect(() => {
    if (!said.startsWith("Downloading")) return undefined; // what went wrong stays
    const timer = setTimeout(() => setSaid(""), TOLD_MS);
    return () => clearTimeout(timer);
  }, [said]);

  // Escape ends the choosing, unless something floats above it.
  useEffect(() => {
    if (!choosing.isOn) return undefined;
    const leave = (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open], :popover-open.menu")) return;
      event.preventDefault();
      choosing.stop();
      document.querySelector("[data-selects]")?.focus();
    };
    document.addEventListener("keydown", leave, true);
    return () => document.removeEventListener("keydown", leave, true);
  }, [choosing]);

  // After each page another element, unless the focus is in it: who scrolled to the very end sees it go, not jump.
  const below = useRef(0);
  const length = useRef(items.length);
  if (length.current !== items.length && !document.activeElement?.closest(".more-below")) below.current += 1;
  length.current = items.length;

  const isNew = !state || state.standing === "new";
  const isNarrowed = Boolean(queryOf({ ...wanted, view: "", sort: "" }));
  const isSetNarrowed = inSet && Boolean(queryOf({ ...wanted, view: "", sort: "", set: "" }));
  const isBare = !items.length && !isNarrowed; // whoever has never asked for anything has nothing to look for
  const meant = choosing.isOn ? items.filter(({ id }) => choosing.has(id)) : [];
  return h(
    "section",
    { className: "library", "aria-label": "Library" },
    h(
      "header",
      { className: "pagehead tabbed" },
      h("h1", null, "Library"),
      h(Tabs, { tabs, wanted, onPage, go: (next) => narrow({ ...Object.fromEntries(Object.keys(wanted).filter((field) => field !== "sort").map((field) => [field, ""])), ...next }) }),
      h("p", { className: "muted small tally", role: "status" }, isNew || inSet || !items.length ? "" : (hasSets ? countedSets : counted)(state.total)),
      !hasSets &&
        h(
          "button",
          {
            type: "button",
            className: `btn line push ${isBare ? "for-known" : ""}`,
            "data-selects": "",
            "data-key": "s",
            "data-key-words": "Select pictures",
            "aria-pressed": String(choosing.isOn),
            disabled: !items.length,
            onClick: choosing.isOn ? choosing.stop : choosing.start,
          },
          icon(icons, "square-check-big"),
          "Select",
        ),
    ),
    inSet && h(SetHead, { icons, total: state?.total ?? 0, isNarrowed: isSetNarrowed, words: items[0]?.alt, back: toSets }),
    h(Filters, { icons, wanted, isBare, models: state?.models ?? [], set: words, clear, inTrash }),
    inTrash &&
      Boolean(items.length) &&
      h(
        "div",
        { className: "note info" },
        h("p", null, `A picture waits here for ${state.keepDays} days after it was thrown away. Then it is gone for ever, and sooner if you open it and delete it.`),
        h("button", { type: "button", className: "btn line sm push", onClick: () => sure(state.total, () => curate("forget", [], true)) }, isNarrowed ? "Delete these for ever" : "Empty trash"),
      ),
    hasSets &&
      Boolean(items.length) &&
      h("p", { className: "muted small told" }, "Two or more pictures from one press of Generate are a set. To bring others together, hang them in a ", h("a", { className: "link", href: "/collections", onClick: onPage("/collections") }, "collection"), "."),
    h(Held, { icons, wall, state }),
    isNew && loading(!inTrash && empty(icons, { hasSets, create: onPage("/create") })),
    state?.standing === "failed" && failed(icons, () => wall.look()),
    state && !isNew && state.standing !== "failed" && !items.length && empty(icons, { keepDays: state.keepDays, inTrash, hasSets, isNarrowed, isSearchAlone: !queryOf({ ...wanted, view: "", sort: "", q: "" }), thrown: thrown?.from === queryOf(wanted) && { mayUndo: news.number > thrown.before && !notice?.action, undo, look: onPage("/library?view=trash") }, clear, toSets: inSet && !isSetNarrowed && toSets, leave: () => narrow({ view: "" }), create: onPage("/create") }),
    Boolean(items.length) &&
      (hasSets
        ? h(Sets, { items, open: (set) => narrow({ view: "", set }) })
        : h(Wall, { wall, key: queryOf(wanted), items, base, hrefOf: (id) => (inTrash ? addressOf(PATH, wanted, id) : `/image/${id}`), choosing, onOpen: open, hasMenu: !inTrash, isPart: inTrash || isNarrowed, onRestore: inTrash ? restoreFromWall : undefined, icons, label: inTrash ? "In the trash" : "My pictures", keepDays: inTrash ? state.keepDays : 0 })),
    state && Boolean(items.length) && h(Below, { key: `below ${below.current}`, state, more: () => wall.more() }),
    choosing.isOn &&
      h(Acts, {
        icons,
        choosing,
        total: state.total,
        inTrash,
        isAllFavourite: meant.length > 0 && meant.every((item) => item.favourite),
        isAllPublic: meant.length > 0 && meant.every((item) => item.public),
        act: actOnChosen,
        collect,
        mayCollect,
        compare,
        download,
        said,
      }),
    isShown &&
      h(Viewer, {
        item: items[at],
        at,
        total: state.total,
        base,
        icons,
        hasNext: at < items.length - 1,
        onStep: step,
        onClose: () => {
          setBeside("");
          close();
        },
        near: items,
        beside,
        onThrow: inTrash ? undefined : throwOneOfTwo,
        menu: inTrash ? undefined : children,
        onCollect: inTrash ? undefined : onShelf,
        keys: inTrash ? {} : keysOf(items[at], actOnShown),
        notice,
        onUndo: undo,
        acts: inTrash ? actsInTrash(icons, actOnShown, isFresh) : actsOf(icons, items[at], { act: actOnShown, isFresh, onReuse: onPage, onPage }),
      }),
    !isShown && children,
    h(Question, { question, onAnswer: answer }),
    h(Publishing, { count: publishing, onAnswer: published }),
  );
}

// Not disabled: the focus stays on it.
const actsInTrash = (icons, act, isFresh) => [
  h("button", { type: "button", className: "btn main-act", key: "r", "aria-disabled": String(isFresh), onClick: () => act("restore") }, icon(icons, "undo-2"), "Restore"),
  h("button", { type: "button", className: "btn glass bad apart", key: "f", "aria-disabled": String(isFresh), onClick: () => act("forget") }, icon(icons, "trash-2"), "Delete for ever"),
];
const send = (fields) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action: "/api/library/zip", hidden: true });
  Object.entries(fields).forEach(([name, value]) => form.append(Object.assign(document.createElement("input"), { name, value })));
  document.body.append(form);
  form.submit();
  form.remove();
};

// Who has never asked for anything, the page was sent to them saying so, sees at once that nothing is there.
const loading = (nothing) => [
  h(Loading, { key: "known", label: "Loading your pictures", isForKnown: Boolean(nothing) }),
  nothing && h("div", { key: "new", className: "for-new" }, nothing),
];

const failed = (icons, again) =>
  h(
    "div",
    { role: "alert" },
    frame(icons, "image-off", "Your pictures did not come", "They are safe. The studio could not be reached just now.", h("button", { type: "button", className: "btn main-act", onClick: again }, "Try again")),
  );

const countedSets = (count) => (count === 1 ? "1 set" : `${count.toLocaleString("en-GB")} sets`);

const empty = (icons, { keepDays, inTrash, hasSets, isNarrowed, isSearchAlone, thrown, clear, toSets, leave, create }) => {
  const clearing = (look) => (toSets ? h("a", { className: `btn ${look}`, href: "/library?view=sets", onClick: toSets }, "Sets") : h("button", { type: "button", className: `btn ${look}`, onClick: clear }, isSearchAlone ? "Clear the search" : "Clear filters"));
  if (isNarrowed && thrown) {
    const trash = h("a", { className: "btn", href: "/library?view=trash", onClick: thrown.look }, "Trash");
    const undo = thrown.mayUndo && h("button", { type: "button", className: "btn", onClick: thrown.undo }, icon(icons, "undo-2"), "Undo");
    return frame(icons, "trash-2", "Moved to the trash", `Nothing else matches. What is in the trash goes for good after ${keepDays} days.`, h("div", { className: "row wrap" }, trash, clearing("quiet")), undo);
  }
  if (toSets) return frame(icons, "images", "This set is empty", "Its pictures are gone, or lie in the trash.", clearing(""));
  if (isNarrowed) {
    return frame(icons, "search", "Nothing matches", isSearchAlone ? "No picture of yours has all of these words. Try others, or fewer." : "No picture of yours fits all of this. Try fewer words, or clear the filters.", clearing(""));
  }
  if (inTrash) return frame(icons, "trash-2", "The trash is empty", `What you throw away waits here for ${keepDays} days. What you restore hangs in your library again.`, h("button", { type: "button", className: "btn", onClick: leave }, "My pictures"));
  return frame(
    icons,
    "images",
    hasSets ? "No sets yet" : "No pictures yet",
    hasSets ? "Two or more pictures from one press of Generate are a set." : "Every picture you draw hangs here. Write one line and press Generate.",
    h("a", { className: "btn main-act", href: "/create", onClick: create }, "Create"),
  );
};
