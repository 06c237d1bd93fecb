// The viewer over the page for making pictures: the neighbours of a picture are those of its set, as they stand there.
import "../styles/viewer.css";
import { createElement as h, useEffect, useImperativeHandle, useState } from "react";
import { useNavigate } from "react-router";
import { actsOf, keysOf } from "../library/acts.js";
import { showing, shownIn, useAddress } from "../library/address.js";
import { pressing } from "../library/parts.js";
import { Viewer } from "../library/viewer.js";
import { useHung, useViewing } from "../library/viewing.js";
import { wallOf } from "../library/walls.js";

const PATH = "/create";
const CONFIRMED_WITHIN_MS = 4_000;

const hangs = (wall, image) => wall.state.items.some(({ id }) => id === image);

// Asks for the wall of a set, unless this picture hangs there already.
export const hung = async (set, image) => {
  const wall = wallOf({ set });
  if (!hangs(wall, image)) await wall.look();
  if (!hangs(wall, image)) throw new Error("not on its wall");
};

// The set of a picture that the page does not show.
const found = async (image) => {
  const answer = await fetch(`/api/library?only=${image}`);
  const [picture] = (await answer.json()).pictures;
  await hung(picture.set, image);
  return picture.set;
};

const addressTo = (image) => showing(PATH, location.search, image);

export function SetViewer({ sets, favourites, notice, icons, onAct, onFavour, onThrowAway, onUndo, onShelf, over, children }) {
  const [search, go] = useAddress(PATH);
  const shown = search === null ? "" : shownIn(search);
  const navigate = useNavigate();
  const [elsewhere, setElsewhere] = useState("");
  const here = shown && sets.find(({ slots }) => slots.some(({ image }) => image === shown));
  const set = shown && (here?.id ?? elsewhere);
  const wall = set ? wallOf({ set }) : null;
  const state = useHung(wall);
  const items = state?.items ?? [];
  const { at, step, close, giveWay, isFresh } = useViewing({ wall, state, shown, base: "/media", addressTo, go });

  // What an address names may be older than what the page shows, or not be there at all.
  const isMissing = Boolean(shown) && at < 0;
  useEffect(() => {
    if (!isMissing) return undefined;
    let isLeft = false;
    const leave = () => isLeft || go(addressTo(), { replace: true });
    found(shown).then((of) => isLeft || setElsewhere(of), leave);
    return () => {
      isLeft = true;
    };
  }, [isMissing, shown]);

  // What the page hears of its sets is so in the viewer too: what came, what is gone, what is a favourite.
  const drawn = here ? here.slots.map(({ image }) => image).filter(Boolean).join() : "";
  useEffect(() => {
    if (drawn && drawn !== wall.state.items.map(({ id }) => id).join()) wall.look();
  }, [wall, drawn]);
  useEffect(() => {
    if (!drawn) return;
    for (const { id, favourite } of wall.state.items) {
      if (favourite !== Boolean(favourites[id])) wall.change((one) => one === id, { favourite: !favourite });
    }
  }, [wall, favourites]);

  // Done at once here; if the server says otherwise, or nothing, the wall is looked at again.
  const confirm = () => setTimeout(() => wall.look(), CONFIRMED_WITHIN_MS);
  const isFavourite = (image) => items.find(({ id }) => id === image)?.favourite;
  const favour = (image) => {
    wall?.change((one) => one === image, { favourite: !isFavourite(image) });
    onFavour(image);
    if (wall) confirm();
  };
  const throwAway = (image) => {
    if (image !== shown) return onThrowAway(image);
    if (isFresh) return undefined;
    giveWay(() => wall.drop((one) => one === image));
    onThrowAway(image);
    return confirm();
  };
  const undo = () => {
    onUndo();
    if (!here) confirm();
  };
  // A second press before the first was answered opens nothing more.
  const open = (image) => {
    const already = shownIn(location.search);
    if (already !== image) go(addressTo(image), already ? { replace: true } : { mark: { overWall: true } });
  };
  useImperativeHandle(over, () => ({ open, isFavourite, favour, throwAway, close }));

  if (!shown || at < 0) return children;
  const act = (what) => (what === "trash" ? throwAway(shown) : favour(shown));
  return h(Viewer, {
    item: items[at],
    at,
    total: items.length,
    base: "/media",
    icons,
    hasNext: at < items.length - 1,
    onStep: step,
    onClose: close,
    near: items,
    menu: children,
    onCollect: onShelf,
    keys: keysOf(items[at], act),
    notice,
    onUndo: undo,
    acts: actsOf(icons, items[at], { act, isFresh, onReuse: pressing(() => onAct("reuse", shown)), onPage: pressing(navigate) }),
  });
}
