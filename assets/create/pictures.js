// The pictures on the page where they are drawn: their menu, and a press on one, which opens the viewer over the page. The viewer comes when it
// looks as if it were wanted; where it, or the set, does not come, the press goes to the picture's own page as its link says.
import { createElement as h, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useNavigate } from "react-router";
import { bringNewest } from "../create.js";
import { usePictureMenu } from "../library/menu.js";

const LINK = "[data-set] figure[data-image] > a";
const WITHIN_MS = 3_000;

const fetched = () => import("./set-viewer.js");
const warm = () => fetched().catch(() => {});
const inTime = (coming) => Promise.race([coming, new Promise((_, reject) => setTimeout(reject, WITHIN_MS))]);
// The viewer, and the wall of the set with this picture on it.
const ready = async ({ image, set }) => {
  const { hung, SetViewer } = await fetched();
  await hung(set, image);
  return SetViewer;
};

// Which picture was pressed, of which set; none where the browser is to follow the link.
const pressed = (event) => {
  const isPlain = !(event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  const link = isPlain && event.target.closest?.(LINK);
  return link ? { image: link.parentElement.dataset.image, set: link.closest("[data-set]").dataset.set } : null;
};

export function Pictures({ favourites, onVary, onReusePicture, onFavour, onThrowAway, children, ...rest }) {
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
  usePictureMenu(act, (image) => over.current?.isFavourite(image) ?? favourites[image]);

  const go = useRef(null);
  go.current = navigate;
  useEffect(() => {
    const stop = new AbortController();
    const on = (type, handle) => document.addEventListener(type, handle, { capture: true, signal: stop.signal }); // before the link's own
    const show = (SetViewer) => flushSync(() => setViewer(() => SetViewer));

    let begun = null; // what was asked for as the finger came down
    const begin = (picture) => {
      if (begun?.image === picture.image) return;
      const coming = { image: picture.image, viewer: ready(picture) };
      begun = coming;
      coming.viewer.catch(() => begun === coming && (begun = null));
    };
    on("pointerover", ({ target }) => target.closest?.(LINK) && warm());
    on("focusin", ({ target }) => target.matches?.(LINK) && warm());
    on("pointerdown", (event) => {
      const picture = pressed(event);
      if (picture) begin(picture);
    });
    on("click", async (event) => {
      const picture = pressed(event);
      if (!picture) return;
      event.preventDefault();
      begin(picture);
      const { viewer: coming } = begun;
      const SetViewer = await inTime(coming).catch(() => null);
      begun = null;
      if (stop.signal.aborted) return;
      if (!SetViewer) return go.current(`/image/${picture.image}`);
      show(SetViewer);
      over.current.open(picture.image);
    });

    // Come to by an address, or by the way on.
    const look = () => new URLSearchParams(location.search).has("show") && fetched().then(({ SetViewer }) => stop.signal.aborted || show(SetViewer), () => {});
    look();
    addEventListener("popstate", look, { signal: stop.signal });
    return () => stop.abort();
  }, []);

  return viewer ? h(viewer, { ...rest, favourites, onAct: act, onFavour, onThrowAway, over }, children) : children;
}
