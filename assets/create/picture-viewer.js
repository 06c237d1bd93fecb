// The viewer over the page for making pictures: the neighbours of a picture are those it has in the library, which
// are those of the page and then older ones.
import { createElement as h, useEffect, useImperativeHandle, useRef } from "react";
import { useNavigate } from "react-router";
import { actsOf, keysOf } from "../library/acts.js";
import { showing, shownIn, useAddress } from "../library/address.js";
import { pressing } from "../library/parts.js";
import { Viewer } from "../library/viewer.js";
import { useHung, useViewing } from "../library/viewing.js";
import { wallOf } from "../library/walls.js";

const PATH = "/create";
const CONFIRMED_WITHIN_MS = 4_000;

const WALL = {}; // the library, whose order is that of the page
const FURTHEST = 1_000;

const hangs = (wall, image) => wall.state.items.some(({ id }) => id === image);

// Asks for the wall as far as this picture, unless it hangs there already.
export const hung = async (image) => {
  const wall = wallOf(WALL);
  if (!hangs(wall, image)) await wall.look();
  while (!hangs(wall, image) && wall.state.next && wall.state.standing === "ready" && wall.state.items.length < FURTHEST) await wall.more();
  if (!hangs(wall, image)) throw new Error("not on its wall");
};

const addressTo = (image) => showing(PATH, location.search, image);

export function PictureViewer({ sets, favourites, notice, icons, onAct, onFavour, onThrowAway, onUndo, onShelf, over, children }) {
  const [search, go] = useAddress(PATH);
  const shown = search === null ? "" : shownIn(search);
  const navigate = useNavigate();
  const wall = wallOf(WALL);
  const state = useHung(wall);
  const items = state?.items ?? [];
  const { at, step, close, giveWay, isFresh } = useViewing({ wall, state, shown, base: "/media", addressTo, go });

  // What an address names may be further down than has come yet, or not be there at all.
  const isMissing = Boolean(shown) && at < 0;
  useEffect(() => {
    if (!isMissing) return undefined;
    let isLeft = false;
    const leave = () => isLeft || go(addressTo(), { replace: true });
    hung(shown).catch(leave);
    return () => {
      isLeft = true;
    };
  }, [isMissing, shown]);

  // What the page hears of its sets is so in the viewer too: what came, what is gone, what is a favourite, what everybody sees.
  const drawn = shown ? sets.flatMap(({ slots }) => slots.map(({ image }) => image).filter(Boolean)) : [];
  useEffect(() => {
    if (!shown) return;
    const there = new Set(drawn);
    const ofPage = new Set(sets.map(({ id }) => id));
    const last = drawn.findLastIndex((image) => hangs(wall, image)); // the ones after it may be further down
    const isBehind = drawn.slice(0, last).some((image) => !hangs(wall, image)) || items.some(({ id, set }) => ofPage.has(set) && !there.has(id));
    if (isBehind) wall.look();
  }, [wall, drawn.join()]);
  const heed = (fact, isSo) => {
    for (const { id, [fact]: was } of items) {
      if (drawn.includes(id) && was !== isSo(id)) wall.change((one) => one === id, { [fact]: !was });
    }
  };
  useEffect(() => heed("favourite", (id) => Boolean(favourites[id])), [wall, favourites, Boolean(shown)]);
  const open = shown ? sets.flatMap(({ slots }) => slots.filter((slot) => slot.is_public).map(({ image }) => image)) : [];
  useEffect(() => heed("public", (id) => open.includes(id)), [wall, open.join(), Boolean(shown)]);

  // Done at once here, and taken back at once when the server refuses, which the notice says; if it says nothing, the wall is looked at again.
  const doubtful = useRef(new Map()); // how what it has not answered yet is taken back, by picture
  useEffect(() => {
    const refused = notice?.kind === "error" ? [...doubtful.current.values()] : [];
    doubtful.current.clear();
    refused.forEach((takeBack) => takeBack());
  }, [notice]);
  useEffect(() => doubtful.current.clear(), [favourites, drawn.join()]);
  const confirm = (image, takeBack) => {
    if (image) doubtful.current.set(image, takeBack);
    setTimeout(() => {
      if (doubtful.current.get(image) === takeBack) doubtful.current.delete(image);
      wall.look();
    }, CONFIRMED_WITHIN_MS);
  };
  const isPublic = (image) => items.find(({ id }) => id === image)?.public;
  const isFavourite = (image) => (shown ? items.find(({ id }) => id === image)?.favourite : undefined); // closed, it has not followed
  const favour = (image) => {
    const before = Boolean(isFavourite(image) ?? favourites[image]);
    const mark = (favourite) => wall.change((one) => one === image, { favourite });
    mark(!before);
    onFavour(image);
    confirm(image, () => mark(before));
  };
  const drop = (image) => {
    const item = items.find(({ id }) => id === image);
    wall.drop((one) => one === image);
    onThrowAway(image);
    confirm(image, () => {
      if (!item) return;
      wall.rehang(item);
      if (image === shown && shownIn(location.search)) go(addressTo(image), { replace: true }); // it had given way to its neighbour
    });
  };
  const throwAway = (image) => {
    if (image !== shown) return drop(image);
    return isFresh || giveWay(() => drop(image));
  };
  const undo = () => {
    onUndo();
    confirm();
  };
  // A second press before the first was answered opens nothing more.
  const show = (image) => {
    const already = shownIn(location.search);
    if (already !== image) go(addressTo(image), already ? { replace: true } : { mark: { overWall: true } });
  };
  useImperativeHandle(over, () => ({ open: show, isFavourite, isPublic, favour, throwAway, close }));

  // On this page a picture is counted among those that are shown of its set.
  const places = new Map(shown ? sets.flatMap(({ slots }) => slots.map(({ image, nth }) => [image, nth.slice(2)])) : []);
  const named = (item) => (places.has(item.id) ? { ...item, nth: places.get(item.id) } : item);

  if (!shown || at < 0) return children;
  const act = (what) => (what === "trash" ? throwAway(shown) : favour(shown));
  return h(Viewer, {
    item: named(items[at]),
    at,
    total: state.total,
    base: "/media",
    icons,
    hasNext: at < items.length - 1,
    onStep: step,
    onClose: close,
    near: items.map(named),
    onThrow: (gone, stays) => giveWay(() => drop(gone), stays),
    menu: children,
    onCollect: onShelf,
    keys: keysOf(items[at], act),
    notice,
    onUndo: undo,
    acts: actsOf(icons, items[at], { act, isFresh, onReuse: pressing(() => onAct("reuse", shown)), onPage: pressing(navigate) }),
  });
}
