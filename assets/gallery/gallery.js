// Walls of what everybody may see: explore, feed, search, one person's, a collection. The order stands in the address, the pictures come
// by plain requests, likes go through the page's state.
import { createElement as h, useCallback, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { downloading, favouring, throwing } from "../library/acts.js";
import { addressOf, shownIn, useAddress, wantedIn } from "../library/address.js";
import { isNamedOn } from "../library/hanging.js";
import { Below, frame, glass, Held, icon, Loading, named, pick, pressing } from "../library/parts.js";
import { useViewer, useViewing, useWall } from "../library/viewing.js";
import { counting, Wall } from "../library/wall.js";
import { wallOf } from "../library/walls.js";
import { Like, Palette } from "./palette.js";
import { Search } from "./search.js";

const SORTS = [["", "Trending"], ["liked", "Most liked"], ["newest", "Newest"]];
const OWN_SORT = ["yours", "For you"];
const PERIODS = [["24h", "24 hours"], ["48h", "48 hours"], ["", "7 days"], ["30d", "30 days"]];
const SPREAD_MS = 1_500; // so that not everybody looks again in the same moment
const FOUND = "/api/gallery/search";
const WEIGHED_MS = 300;
const LIKED = "liked"; // where this tab keeps the picture a stranger liked
const DOOR_MS = 15 * 60_000; // as long as somebody may need for an account
const FINDS = {
  q: ["Nothing matches", "No picture has all of these words. Take some away: one or two find the most."],
  word: ["Nothing matches", "No picture has this word, or shows a thing of its kind. Try another one."],
  colours: ["No picture of these colours", "Take a colour away, or choose one that is a little different."],
  similar: ["Nothing looks like it", "No other picture that everybody sees comes near this one yet."],
};

const TERMS = [["fresh", "Fresh"], ["popular", "Popular"], ["novel", "Novel"], ["following", "Following"]];
const SAID = {
  fresh: () => "published lately",
  popular: () => "liked and talked about lately",
  novel: ({ likedOfMaker }) => (likedOfMaker ? `you have liked ${likedOfMaker} of theirs already` : "you have liked nothing of theirs yet"),
  following: ({ following }) => (following ? "you follow who made it" : "you do not follow who made it"),
};

// What counts on one's own order. The browser's while it is moved, then the page's.
function Leanings({ weights, onWeigh, icons }) {
  const [shown, setShown] = useState(weights);
  useEffect(() => setShown(weights), [weights]);
  return h(
    "details",
    { className: "leanings" },
    h("summary", { className: "btn quiet" }, icon(icons, "sliders-horizontal"), "What counts"),
    h(
      "div",
      { className: "panel", role: "group", "aria-label": "What counts on this wall" },
      TERMS.map(([name, word]) =>
        h(
          "label",
          { key: name },
          h("span", null, word),
          h("input", {
            type: "range",
            min: 0,
            max: 10,
            value: shown[name],
            "aria-label": word,
            onChange: (event) => {
              const next = { ...shown, [name]: Number(event.target.value) };
              setShown(next);
              onWeigh(next);
            },
          }),
          h("output", { className: "mono small" }, shown[name]),
        ),
      ),
    ),
  );
}

// What is searched for, kept under a name.
function Keep({ words, onKeep, icons }) {
  return h(
    "details",
    { className: "keep" },
    h("summary", { className: "btn quiet" }, icon(icons, "bookmark"), "Save this search"),
    h(
      "form",
      {
        className: "panel",
        "aria-label": "Save this search",
        onSubmit: (event) => {
          event.preventDefault();
          onKeep({ name: event.currentTarget.elements.name.value, words });
          event.currentTarget.closest("details").open = false;
        },
      },
      h("input", { className: "input", name: "name", "aria-label": "Name", defaultValue: words.slice(0, 60), key: words, maxLength: 60, autoComplete: "off" }),
      h("button", { type: "submit", className: "btn main-act" }, "Save"),
    ),
  );
}

// Why a picture hangs where it does: the terms of its place, or of its trend.
function Why({ item, sort, icons }) {
  const lines = item.why
    ? TERMS.map(([name, word]) => `${word}: ${item.why[name].toFixed(1)} points; ${SAID[name](item.why)}.`)
    : sort
      ? [sort === "liked" ? `It has ${item.likes} ${item.likes === 1 ? "like" : "likes"}.` : "It is among the newest."]
      : [`${item.likes} ${item.likes === 1 ? "like" : "likes"}, three points each, and ${item.comments} ${item.comments === 1 ? "comment" : "comments"}, two each.`, "Newer ones count more than older ones."];
  return h(
    "span",
    { className: "why" },
    h("button", { type: "button", className: "btn glass sq", popoverTarget: "why", "aria-label": "Why am I seeing this?", "data-hint": "Why am I seeing this?" }, icon(icons, "info"), named("Why this")),
    h("div", { id: "why", popover: "auto", className: "menu floats why-words", role: "dialog", "aria-label": "Why am I seeing this?" }, lines.map((line) => h("p", { key: line }, line))),
  );
}

// `source` is where its pictures come from, `path` the page's own address; `sorts` and `searches` say which controls stand above it.
export function Gallery({ news, icons, source, path, label, title, sorts, searches, empty, isMember, isMine, isJoined, marks, actsOn, dropsUnliked, onShelf, notice, onUndo, weights, onWeigh, onKeep, onLike, likeHint, onFavour, onThrowAway, onTakeOut, onFront, children }) {
  const here = path || "";
  const [search, go] = useAddress(here);
  const navigate = useNavigate();
  const wanted = search === null ? {} : wantedIn(search);
  const shown = search === null ? "" : shownIn(search);
  const isFound = searches === true && Boolean(wanted.q); // beside other pictures: in their place, and they come back when the words go
  const sought = isFound ? "q" : ["similar", "colours", "q"].find((field) => wanted[field]);
  const isIdle = searches === "only" && !sought;
  const wall = search === null || !source || isIdle ? null : isFound ? wallOf({ q: wanted.q }, FOUND) : wallOf(wanted, source);
  const state = useWall(wall, here);
  const items = state?.items ?? [];
  const heard = useRef(news.number);

  useEffect(() => {
    if (heard.current === news.number || !wall) return undefined;
    heard.current = news.number;
    for (const [id, [likes, comments]] of Object.entries(news.counted)) wall.change((one) => one === id, { likes, comments });
    if (news.came.length) wall.lookAt(news.came);
    if (!news.again) return undefined;
    const timer = setTimeout(() => wall.look(), Math.random() * SPREAD_MS);
    return () => clearTimeout(timer);
  }, [news, wall]);

  const hasOrder = Boolean(weights) && isMember;
  const isOwn = hasOrder && wanted.sort === "yours" && !isFound;
  const weighed = useRef(weights);
  useEffect(() => {
    if (JSON.stringify(weighed.current) === JSON.stringify(weights)) return;
    weighed.current = weights;
    if (isOwn) wall?.look();
  }, [weights, isOwn, wall]);
  const timer = useRef(0);
  const weigh = useCallback(
    (next) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => onWeigh(...TERMS.map(([name]) => next[name])), WEIGHED_MS);
    },
    [onWeigh],
  );

  const narrow = (change, replace = false) => {
    const next = { ...wanted, ...change };
    if (next.sort) next.period = "";
    go(addressOf(here, next), { replace: replace && Boolean(sought) }); // back takes a whole search away, not its last letter
    window.scrollTo(0, 0);
  };
  const narrowRef = useRef(narrow);
  narrowRef.current = narrow;
  const words = useCallback((q) => narrowRef.current({ q }, true), []);
  const colours = useCallback((chosen) => narrowRef.current({ colours: chosen }, true), []);

  const like = useCallback(
    (id) => {
      if (!isMember) {
        sessionStorage.setItem(LIKED, JSON.stringify({ id, at: Date.now() }));
        return location.assign(`/login?${new URLSearchParams({ to: "like", next: location.pathname + location.search })}`);
      }
      const item = wall.state.items.find((one) => one.id === id);
      const liked = !item.liked;
      if (dropsUnliked && !liked) dropRef.current(id);
      else wall.change((one) => one === id, { liked, likes: Math.max(0, item.likes + (liked ? 1 : -1)) });
      return onLike(id, liked);
    },
    [wall, onLike, isMember, dropsUnliked],
  );
  // What a stranger liked before they went to the door is liked when they come back from there.
  const hangs = items.length > 0;
  useEffect(() => {
    if (!isMember || !onLike || !hangs) return;
    const { id, at } = JSON.parse(sessionStorage.getItem(LIKED) ?? "{}");
    sessionStorage.removeItem(LIKED);
    if (!id || Date.now() - at > DOOR_MS) return;
    const item = wall.state.items.find((one) => one.id === id);
    if (!item) onLike(id, true);
    else if (!item.liked) like(id);
  }, [isMember, hangs]);

  const { at, open, step, close, giveWay, isFresh } = useViewing({ wall, state, shown, base: "/media", addressTo: (id) => addressOf(here, wanted, id), go });
  const Viewer = useViewer(Boolean(shown), items.length > 0, () => (onLike && !item?.base ? navigate(`/image/${shown}`, { replace: true }) : close()));
  const drop = (id) => {
    const take = () => wall.drop((one) => one === id);
    if (id === shown) giveWay(take);
    else take();
  };
  const throwAway = (id) => {
    if (isFresh) return;
    drop(id);
    onThrowAway(id);
  };
  const favour = (id, favourite) => {
    wall.change((one) => one === id, { favourite });
    onFavour(id, favourite);
  };
  const dropRef = useRef(drop);
  dropRef.current = drop;
  const onPage = pressing(navigate);
  const way = (href, words, look = "") => h("a", { className: `btn ${look}`, href, onClick: onPage(href) }, words);

  const isNew = !isIdle && (!state || state.standing === "new");
  const item = items[at];
  const isHeld = Boolean(onThrowAway && item?.mine); // what is done to one's own is done here too
  return h(
    "section",
    { className: "gallery", "aria-label": label },
    (title || sorts || searches) &&
      h(
        "header",
        { className: "pagehead" },
        title && h("h1", null, title),
        searches && h(Search, { words: wanted.q ?? "", onWords: words, isBare: isIdle, icons }),
        searches === "only" && h(Palette, { colours: wanted.colours ?? "", onColours: colours, icons }),
        onKeep && isMember && wanted.q && h(Keep, { words: wanted.q, onKeep, icons }),
        isFound && h("a", { className: "btn quiet push", href: addressOf("/search", { q: wanted.q }), onClick: onPage(addressOf("/search", { q: wanted.q })) }, icon(icons, "sliders-horizontal"), "More ways to search"),
        sorts &&
          !isFound &&
          h(
            "div",
            { className: "row push sorts" },
            isOwn && h(Leanings, { weights, onWeigh: weigh, icons }),
            pick("Sort", "sort", hasOrder ? [...SORTS, OWN_SORT] : SORTS, wanted, narrow),
            !wanted.sort && pick("Period", "period", PERIODS, wanted, narrow),
          ),
      ),
    !isFound && children,
    wanted.similar && searches === "only" && h(Like, { id: wanted.similar, onAway: () => narrow({ similar: "" }), icons }),
    h(Held, { icons, wall, state }),
    isNew && h(Loading, { label: "Loading the pictures" }),
    state?.standing === "failed" &&
      h(
        "div",
        { role: "alert" },
        frame(icons, "image-off", "The pictures did not come", "The studio could not be reached just now.", h("button", { type: "button", className: "btn main-act", onClick: () => wall.look() }, "Try again")),
      ),
    isIdle && frame(icons, "search", "Find pictures", "Type words of the title, the description, the tags or the prompt, or choose up to five colours. The field offers what else may be asked for: a person, a tag, a size, a day."),
    state && !isNew && state.standing !== "failed" && !items.length && (sought || empty.title) &&
      frame(
        icons,
        isFound || searches === "only" ? "search" : "images",
        ...(isFound || searches === "only" ? FINDS[sought === "q" && !/\s/.test(wanted.q.trim()) ? "word" : sought] : [empty.title, empty.words]),
        isFound
          ? h("button", { type: "button", className: "btn", onClick: () => narrow({ q: "" }) }, "Clear the search")
          : searches === "only"
          ? h("div", { className: "row wrap" }, wanted.similar && way(`/image/${wanted.similar}`, "Back to the picture"), way("/explore", "Explore"))
          : empty.href && h("div", { className: "row wrap" }, way(empty.href, empty.act, "main-act"), empty.other_href && way(empty.other_href, empty.other_act)),
      ),
    Boolean(items.length) && h(Wall, { wall, items, base: "/media", hrefOf: (id, { base }) => (base ? addressOf(here, wanted, id) : `/image/${id}`), onOpen: open, onLike: onLike && like, isNamed: isNamedOn(here), marks, icons, label, keepDays: 0 }),
    state && Boolean(items.length) && h(Below, { state, more: () => wall.more() }),
    item &&
      Viewer &&
      h(Viewer, {
        item,
        at,
        total: state.next ? `${items.length}+` : items.length,
        hasNext: at < items.length - 1,
        base: "/media",
        icons,
        onStep: step,
        onClose: close,
        near: items,
        maker: onLike && h("a", { className: "btn quiet sm", href: `/u/${item.handle}`, onClick: onPage(`/u/${item.handle}`) }, item.by),
        onCollect: isMember && !item.base ? onShelf : undefined,
        keys: isHeld ? { l: () => favour(item.id, !item.favourite), Delete: () => throwAway(item.id) } : onLike && !item.base ? { l: () => like(item.id) } : {},
        notice,
        onUndo: () => onUndo?.(),
        acts: [
          actsOn?.(item),
          isHeld ? favouring(icons, item, (favourite) => favour(item.id, favourite)) : onLike && !item.base && h(
            "button",
            { type: "button", className: "btn glass", key: "l", "aria-label": counting("Like", item.likes), "aria-pressed": String(item.liked), "data-hint": likeHint, onClick: () => like(item.id) },
            icon(icons, "heart"),
            h("span", null, named(`${item.liked ? "Liked" : "Like"}${item.likes > 0 ? ", " : ""}`), item.likes > 0 && item.likes.toLocaleString("en-GB")),
          ),
          sorts && !isFound && h(Why, { key: "w", item, sort: isOwn || wanted.sort !== "yours" ? wanted.sort : "", icons }),
          onLike && !item.base && !item.private && glass(icons, "message-circle", "Comments", onPage(`/image/${item.id}`), { className: `btn glass sq ${isHeld ? "desk" : ""}`, key: "m", short: "Comments" }),
          isHeld && downloading(icons, item),
          isMine && !item.base && glass(icons, "image", "Make it the cover", () => onFront(item.id), { key: "f", short: "Cover" }),
          (isMine || (isJoined && item.mine)) &&
            glass(icons, "x", "Take it out of the collection", () => {
              drop(item.id);
              onTakeOut(item.id);
            }, { key: "x", short: "Take it out" }),
          isHeld && throwing(icons, isFresh, () => throwAway(item.id)),
          onLike && isMember && !item.base && h("a", { className: "btn main-act", key: "r", href: `/create?from=${item.id}`, onClick: onPage(`/create?from=${item.id}`) }, icon(icons, "repeat-2"), "Use this recipe"),
          onLike && !item.base && h("a", { className: "btn glass", key: "p", href: `/image/${item.id}`, onClick: onPage(`/image/${item.id}`) }, "Details"),
        ],
      }),
  );
}
