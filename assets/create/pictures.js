// The pictures on the page where they are drawn: their menu, and a press on one, which opens the viewer over the page. The viewer comes when it
// looks as if it were wanted; where it, or the wall, does not come, the press goes to the picture's own page as its link says.
import { createElement as h, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useNavigate } from "react-router";
import { bringNewest } from "../create.js";
import { usePictureMenu } from "../library/menu.js";

const LINK = "[data-set] figure[data-image] > a";
const WITHIN_MS = 3_000;

const fetched = () => import("./picture-viewer.js");
const warm = () => fetched().catch(() => {});
const inTime = (coming) => Promise.race([coming, new Promise((_, reject) => setTimeout(reject, WITHIN_MS))]);
// The viewer, and the wall with this picture on it.
const ready = async (image) => {
  const { hung, PictureViewer } = await fetched();
  await hung(image);
  return PictureViewer;
};

// Which picture was pressed; none where the browser is to follow the link.
const pressed = (event) => {
  const isPlain = !(event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  return (isPlain && event.target.closest?.(LINK)?.parentElement.dataset.image) || "";
};

// Whether everybody sees a picture; undefined where none of the sets has it.
const isPublicIn = (sets, image) => sets.flatMap(({ slots }) => slots).find((slot) => slot.image === image)?.is_public;

export function Pictures({ sets, favourites, onVary, onReusePicture, onFavour, onThrowAway, children, ...rest }) {
  const navigate = useNavigate();
  const [viewer, setViewer] = useState(null);
  const over = useRef(null); // what is done in the viewer, once it has come

  const act = (what, image) => {
    if (what === "favour") return (over.current?.favour ?? onFavour)(image);
    if (what === "bin") return (over.current?.throwAway ?? onThrowAway)(image);
    over.current?.close();
    if (what === "reuse") return onReusePicture(image);
    bringNewest();
    return onVary(image, what);
  };
  usePictureMenu(act, (image) => over.current?.isFavourite(image) ?? favourites[image], (image) => isPublicIn(sets, image) ?? over.current?.isPublic(image));

  const go = useRef(null);
  go.current = navigate;
  useEffect(() => {
    const stop = new AbortController();
    const on = (type, handle) => document.addEventListener(type, handle, { capture: true, signal: stop.signal }); // before the link's own
    const show = (PictureViewer) => flushSync(() => setViewer(() => PictureViewer));

    let begun = null; // what was asked for as the finger came down
    const begin = (image) => {
      if (begun?.image === image) return;
      const coming = { image, viewer: ready(image) };
      begun = coming;
      coming.viewer.catch(() => begun === coming && (begun = null));
    };
    on("pointerover", ({ target }) => target.closest?.(LINK) && warm());
    on("focusin", ({ target }) => target.matches?.(LINK) && warm());
    on("pointerdown", (event) => {
      const image = pressed(event);
      if (image) begin(image);
    });
    on("click", async (event) => {
      const image = pressed(event);
      if (!image) return;
      event.preventDefault();
      begin(image);
      const { viewer: coming } = begun;
      const PictureViewer = await inTime(coming).catch(() => null);
      begun = null;
      if (stop.signal.aborted) return;
      if (!PictureViewer) return go.current(`/image/${image}`);
      show(PictureViewer);
      over.current.open(image);
    });

    // Come to by an address, or by the way on.
    const look = () => new URLSearchParams(location.search).has("show") && fetched().then(({ PictureViewer }) => stop.signal.aborted || show(PictureViewer), () => {});
    look();
    addEventListener("popstate", look, { signal: stop.signal });
    return () => stop.abort();
  }, []);

  return viewer ? h(viewer, { ...rest, sets, favourites, onAct: act, onFavour, onThrowAway, over }, children) : children;
}
