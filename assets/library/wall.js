// The wall itself: pictures in their places, shape and blur first, and how one moves between them by key.
import { createElement as h, memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { altOf, calledOf, captionOf, hang, neighbour, srcset } from "./hanging.js";
import { counted, icon, pressing } from "./parts.js";

const IN_VIEW = 40; // cards about the middle of the window
const A_FRAME = 40;
const HUNG_FIRST = 20; // cards about where one looks, in the first frame; the others a few in each
const HUNG_A_FRAME = 10;
const DAY_MS = 86_400_000;
const WHEN = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const MARKS = [["heart", "Loved"], ["circle-check", "Approved"], ["pencil", "Changes asked for"]];

// How long a picture in the trash stays there.
const leftOf = ({ at }, keepDays) => {
  const days = Math.ceil((Date.parse(at) + keepDays * DAY_MS - Date.now()) / DAY_MS);
  return days > 1 ? `${days} days left` : days === 1 ? "1 day left" : "Goes today";
};

// A change that concerns every card: those in view take it up at once, the others a few in each frame, so that no press is waited for.
const useSpreading = (value, count, middle) => {
  const [spread, setSpread] = useState({ value, before: value, middle: 0, reach: Infinity });
  let now = spread;
  if (spread.value !== value) {
    // Taken back half way: the cards it has not reached are as they are to be.
    const isHalfWay = spread.reach < count;
    now = { value, before: isHalfWay ? value : spread.value, middle: middle(), reach: isHalfWay ? Infinity : IN_VIEW };
    setSpread(now);
  }
  useEffect(() => {
    if (now.reach >= count) return undefined;
    const frame = requestAnimationFrame(() => setSpread((old) => ({ ...old, reach: old.reach + A_FRAME })));
    return () => cancelAnimationFrame(frame);
  }, [now, count]);
  return (index) => (Math.abs(index - now.middle) <= now.reach ? value : now.before);
};

// The picture that hangs so far down.
const at = (places, y) => Math.max(0, places.findIndex((place) => place.y + place.height > y));

// Pictures are hung from where one looks outwards: what is in view is not waited for because of what is not. Places are kept for all.
const useHanging = (wall, places) => {
  const from = useRef(null);
  const [reach, setReach] = useState(HUNG_FIRST);
  const count = places.length;
  if (from.current === null && count) from.current = at(places, Math.max(wall.scrollY, wall.placeLeft) + window.innerHeight / 2);
  const isDone = reach > Math.max(from.current, count - from.current);
  useEffect(() => {
    if (isDone) return undefined;
    const frame = requestAnimationFrame(() => setReach((old) => old + HUNG_A_FRAME));
    return () => cancelAnimationFrame(frame);
  }, [reach, isDone]);
  return (index) => Math.abs(index - from.current) < reach;
};

// What early.js has hung goes when the same pictures are drawn beneath it; a press on one of them counts.
const useTakingOver = (place, isHung, onOpen) =>
  useEffect(() => {
    const early = isHung && document.querySelector(".early");
    if (!early) return undefined;
    early.style.pointerEvents = "none";
    if (early.dataset.pressed) onOpen(early.dataset.pressed);
    const seen = [...place.current.querySelectorAll("img")].filter((img) => img.getBoundingClientRect().top < window.innerHeight);
    Promise.allSettled(seen.map((img) => img.decode())).then(() => early.remove());
    return () => early.remove(); // who goes on to another page does not take it along
  }, [isHung]);

const Card = memo(function Card({ item, x, y, width, whole, lines, isEager, isFirst, base, href, isChoosing, isChosen, isRestored, left, mark, hasMenu, isNamed, icons, onLike }) {
  const caption = captionOf(item, isNamed);
  return h(
    "figure",
    {
      className: "pic",
      "data-id": item.id,
      style: {
        transform: `translate(${x}px, ${y}px)`,
        width,
        height: whole,
        "--lines": lines,
        backgroundImage: item.blur ? `url(${item.blur})` : "none",
      },
    },
    h("img", {
      src: `${base}/${item.id}/512`,
      srcSet: srcset(item, base),
      sizes: `${width}px`,
      alt: altOf(item),
      width: item.width,
      height: item.height,
      loading: isEager ? "eager" : "lazy",
      decoding: "async",
      fetchPriority: isFirst ? "high" : "auto",
    }),
    isChoosing
      ? h("button", { type: "button", role: "checkbox", className: "choose", "aria-checked": String(isChosen), "aria-label": calledOf(item), "data-walks": "" })
      : h("a", { href, "aria-label": item.by ? `${item.title} by ${item.by}` : calledOf(item) }),
    isChoosing && h("span", { className: "mark-box", "aria-hidden": "true" }, icon(icons, "check")),
    (left || mark || item.favourite || item.public) &&
      h(
        "span",
        { className: "facts-over" },
        left && h("span", { className: "left" }, left),
        mark && MARKS.map(([name, words], at) => mark[at] > 0 && h("span", { key: name }, icon(icons, name), h("span", { className: "sr" }, words), mark[at] > 1 && mark[at])),
        item.favourite && h("span", { className: "star" }, icon(icons, "star"), h("span", { className: "sr" }, "Favourite")),
        item.public && !left && h("span", null, icon(icons, "globe"), h("span", { className: "sr" }, "Public")),
      ),
    h("figcaption", { className: caption.className, "aria-hidden": "true" }, caption.words.map(([className, words]) => h("span", { key: className, className }, words))),
    isRestored &&
      !isChoosing &&
      h("button", { type: "button", className: "btn sm glass restore", "aria-label": `Restore ${calledOf(item)}`, "data-restores": "" }, icon(icons, "undo-2"), h("span", { className: "desk" }, "Restore")),
    hasMenu &&
      !isChoosing &&
      h(
        "div",
        { className: "acts" },
        h("button", { type: "button", className: "btn glass sm sq", "aria-label": "Variations and more", popovertarget: "picture-menu", "aria-haspopup": "menu" }, icon(icons, "ellipsis")),
      ),
    onLike && !item.base && !item.private &&
      h(
        "button",
        { type: "button", className: "btn sm glass like", "aria-pressed": String(item.liked), "aria-label": counting(`Like ${item.title}`, item.likes), "data-likes": item.id, "data-hint": item.liked ? "Liked" : "Like" },
        icon(icons, "heart"),
        item.likes > 0 && h("span", null, item.likes.toLocaleString("en-GB")),
      ),
  );
});

// A heart is called what it does, and what stands in it.
export const counting = (name, count) => (count > 0 ? `${name}, ${count.toLocaleString("en-GB")}` : name);

// The picture one goes on from, by a key or after it was looked at.
export const goOnFrom = (card, how) => {
  card.querySelector("a, button").focus({ preventScroll: true, ...how });
  card.scrollIntoView({ block: "nearest" });
};

export const NOT_CHOOSING = { isOn: false, has: () => false };

// `onLike` is there where pictures of many people hang: each then has its title, its maker and a heart. A picture that is seen here alone
// brings its own `base`. `hasMenu` where the page has that of a picture (menu.js); `isPart` where more hangs elsewhere, `isNamed` where each says on a line of its own who made it. `marks` are what guests made of each. `onRestore` is there in the trash: each picture then has its own way back.
export function Wall({ wall, items, base, hrefOf, choosing = NOT_CHOOSING, onOpen, onLike, onRestore, hasMenu, isPart, isNamed, marks, icons, label, keepDays }) {
  const place = useRef(null);
  const [box, setBox] = useState(wall.box); // known already when one comes back, so that there is a place to scroll to
  useLayoutEffect(() => {
    const measure = () => {
      const gap = Number.parseFloat(getComputedStyle(place.current).getPropertyValue("--gap")) || 10;
      const width = place.current.clientWidth;
      if (wall.box?.width !== width || wall.box.gap !== gap) wall.box = { width, gap };
      setBox(wall.box);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [wall]);
  const { places, height } = useMemo(() => (box ? hang(items, box.width, box.gap, isPart, isNamed) : { places: [], height: 0 }), [items, box, isPart, isNamed]);

  // What was thrown away closes up softly; what hangs when the page comes is simply there.
  const [isSettled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), 500);
    return () => clearTimeout(timer);
  }, []);

  const inTheMiddle = () => at(places, window.innerHeight / 2 - place.current.getBoundingClientRect().top);
  const hangsAt = useHanging(wall, places);
  useTakingOver(place, places.length > 0 && places.length === items.length, onOpen);
  const isChoosingAt = useSpreading(choosing.isOn, items.length, inTheMiddle);

  const press = (event) => {
    const card = event.target.closest("[data-id]");
    const heart = event.target.closest("[data-likes]");
    if (event.target.closest("[popovertarget]")) return undefined;
    if (heart) return onLike(heart.dataset.likes);
    if (event.target.closest("[data-restores]")) return onRestore(card.dataset.id);
    if (!card || (!choosing.isOn && (event.metaKey || event.ctrlKey || event.shiftKey || event.button))) return;
    event.preventDefault();
    if (!choosing.isOn) onOpen(card.dataset.id);
    else if (event.shiftKey) choosing.reach(card.dataset.id);
    else choosing.toggle(card.dataset.id);
    return undefined;
  };

  const move = (event) => {
    const card = event.target.closest("[data-id]");
    if (event.key === "l" && onLike && card?.querySelector("[data-likes]") && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      onLike(card.dataset.id);
      return;
    }
    if (!card || !event.key.startsWith("Arrow") || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = items.findIndex(({ id }) => id === card.dataset.id);
    const next = items[neighbour(places, at, event.key)];
    event.preventDefault();
    event.stopPropagation();
    if (!next) return;
    goOnFrom(place.current.querySelector(`[data-id="${next.id}"]`), { focusVisible: true });
    if (event.shiftKey && choosing.isOn) choosing.reach(next.id);
  };

  return h(
    "div",
    {
      ref: place,
      className: `hung ${isSettled ? "settled" : ""} ${choosing.isOn ? "choosing" : ""}`,
      role: "group",
      "aria-label": label,
      style: { height: height || undefined },
      onClick: press,
      onKeyDown: move,
    },
    places.length === items.length &&
      items.map((item, index) => hangsAt(index) &&
        h(Card, {
          key: item.id,
          item,
          ...places[index],
          isEager: places[index].y < window.innerHeight,
          isFirst: index === 0,
          base: item.base ?? base,
          href: hrefOf(item.id, item),
          isChoosing: isChoosingAt(index),
          isChosen: choosing.isOn && choosing.has(item.id),
          isRestored: Boolean(onRestore),
          left: keepDays ? leftOf(item, keepDays) : "",
          mark: marks?.[item.id],
          hasMenu,
          isNamed,
          icons,
          onLike,
        }),
      ),
  );
}

// A set: its first pictures as one cover, its words, how many there are.
export function Sets({ items, open }) {
  const face = (one) =>
    h(
      "li",
      { key: one.id, className: `set n${Math.min(4, one.cover.length)}` },
      h(
        "div",
        { className: "cover" },
        one.cover.map((item) =>
          h(
            "figure",
            { key: item.id, className: "pic", style: { backgroundImage: item.blur ? `url(${item.blur})` : "none" } },
            h("img", { src: `/media/${item.id}/256`, srcSet: srcset(item, "/media"), sizes: "200px", alt: "", loading: "lazy", decoding: "async" }),
          ),
        ),
      ),
      h(
        "a",
        {
          href: `/library?set=${one.id}`,
          className: "label",
          "data-walks": "",
          onClick: pressing(open)(one.id),
        },
        h("b", { className: "clamp", style: { "--lines": 2 } }, one.words),
        h("span", { className: "facts" }, h("span", null, counted(one.count)), h("span", null, one.model), h("time", { dateTime: one.at }, WHEN.format(new Date(one.at)))),
      ),
    );
  return h("ul", { className: "sets", "aria-label": "My sets" }, items.map(face));
}
