// A wall on a page: there at once, where it was left; and which of its pictures is looked at, as the address says.
import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { goOnFrom } from "./wall.js";
import { comeBack, leave } from "./walls.js";

const NEAR_THE_END = 8;
const LOOKED_AT_MS = 1_500;
const SETTLED_MS = 1_500;
const nowhere = { subscribe: () => () => {}, snapshot: () => null };

// What hangs, drawn again with every change.
export const useHung = (wall) => useSyncExternalStore((wall ?? nowhere).subscribe, (wall ?? nowhere).snapshot, () => null);

// The same on a page that is its wall. One that is new, or that heard of changes while it was not shown, is looked at.
export function useWall(wall, path) {
  const state = useHung(wall);
  const count = state?.items.length ?? 0;
  useLayoutEffect(() => {
    if (!wall) return undefined;
    comeBack(wall);
    if (wall.state.standing === "ready") window.scrollTo(0, wall.scrollY);
    wall.look();
    const goodbye = () => leave(wall);
    const remember = () => {
      if (location.pathname.startsWith(path)) wall.scrollY = window.scrollY;
    };
    addEventListener("pagehide", goodbye);
    addEventListener("scroll", remember, { passive: true });
    return () => {
      removeEventListener("scroll", remember);
      removeEventListener("pagehide", goodbye);
    };
  }, [wall, path]);
  useEffect(() => {
    if (!wall?.placeLeft || !count) return;
    const place = wall.placeLeft;
    wall.placeLeft = 0;
    requestAnimationFrame(() => window.scrollTo(0, place)); // when the wall has been measured
  }, [wall, count]);
  return state;
}

// The viewer comes when the page stands, or as soon as it is wanted; where it does not come, `onLost` goes on without it.
let Viewer = null;
let coming = null;
const fetched = () => (coming ??= import("./viewer.js").then((came) => (Viewer = came.Viewer)).finally(() => (coming = null)));
export function useViewer(isWanted, mayBe, onLost) {
  const [, setHere] = useState(false);
  useEffect(() => {
    if (Viewer) return undefined;
    const fetch = (onFault) => fetched().then(() => setHere(true), onFault);
    if (isWanted) return void fetch(onLost);
    if (!mayBe) return undefined; // nothing hangs that could be looked at
    const timer = setTimeout(() => fetch(() => {}), SETTLED_MS);
    const stop = new AbortController();
    const warm = ({ target }) => target.closest?.("[data-id] > a") && fetch(() => {});
    document.addEventListener("pointerover", warm, { signal: stop.signal });
    document.addEventListener("pointerdown", warm, { signal: stop.signal });
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [isWanted, mayBe]);
  return Viewer;
}

// The next picture comes under the thumb that threw the last one away: a press that quickly was meant for that one. Until it has been
// looked at, or was gone to, it cannot be thrown away.
function useFresh(shown) {
  const [isFresh, setFresh] = useState(false);
  useEffect(() => {
    if (!isFresh) return undefined;
    const timer = setTimeout(() => setFresh(false), LOOKED_AT_MS);
    return () => clearTimeout(timer);
  }, [isFresh, shown]);
  return [isFresh, setFresh];
}

// The picture `shown` names, over its wall: its place there, and the ways to open one, to go on, to close it and to do without it. `addressTo` an id, or the bare
// wall, is what `go` goes to.
export function useViewing({ wall, state, shown, base, addressTo, go }) {
  const items = state?.items ?? [];
  const at = items.findIndex(({ id }) => id === shown);
  // An address may name a picture further down than has come yet.
  const isFurtherDown = Boolean(shown) && at < 0 && !wall?.hasSets && state?.standing === "ready" && Boolean(state.next) && !state.isComing;
  useEffect(() => {
    if (isFurtherDown) wall.more();
  }, [isFurtherDown, wall]);
  useEffect(() => {
    const near = [items[at + 1], items[at - 1]].filter((item) => at >= 0 && item);
    near.forEach((item) => (new Image().src = `${item.base ?? base}/${item.id}/1024`));
  }, [at, items, base]);
  const open = (id) => {
    const place = window.scrollY;
    wall.scrollY = place;
    go(addressTo(id), { mark: { overWall: true } });
    wall.scrollY = place; // of the picture's own entry, for who comes back to it from further on
  };
  const [isFresh, setFresh] = useFresh(shown);
  const step = (by) => {
    setFresh(false);
    const next = items[at + by];
    if (next) go(addressTo(next.id), { replace: true });
    if (at + by > items.length - NEAR_THE_END) wall.more();
  };
  const close = () => {
    if (!shown) return;
    if (history.state?.overWall) history.back();
    else go(addressTo(), { replace: true });
  };
  // Whichever way it was closed, one goes on from the picture that was looked at last.
  const last = useRef("");
  useEffect(() => {
    const id = last.current;
    last.current = shown;
    if (!id || shown) return;
    const card = document.querySelector(`[data-id="${id}"], figure[data-image="${id}"]`);
    if (card) goOnFrom(card);
    else document.getElementById("main")?.focus({ preventScroll: true });
  }, [shown]);
  // For what takes a picture off its wall while one is shown: the one that stays is, or else a neighbour; after the last one the viewer closes.
  const giveWay = (take, next = items[at + 1] ?? items[at - 1]) => {
    setFresh(true);
    if (next) go(addressTo(next.id), { replace: true });
    take();
    if (!next) close();
  };
  return { at, open, step, close, giveWay, isFresh };
}
