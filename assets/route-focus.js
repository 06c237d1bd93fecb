// After a navigation inside the app the focus goes to the page's content and its title is read out; the first page is left alone.
// What an address names on its page may come after the page: it is brought into sight when it is there. A button that only opens something
// is pressed instead, once, when it says of the very path one came to that it is the one (`data-linked`): until a page knows what it shows,
// the button of what it showed before stands there, and what that opens goes away with it.
import { createElement, useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";

const TITLE_SETTLES_MS = 150;
const COMES_WITHIN_MS = 10_000;

const bring = (name) => {
  const place = document.getElementById(name);
  const path = place?.dataset.linked;
  const isLinked = path !== undefined;
  if (!place || (isLinked && path !== location.pathname.replace(/\/$/, ""))) return false;
  if (isLinked) scrollTo({ top: 0, behavior: "instant" }); // one comes to the page, and what opens lies over it
  else place.scrollIntoView();
  place.focus({ preventScroll: true });
  if (isLinked) {
    history.replaceState(history.state, "", location.pathname + location.search);
    place.click();
  }
  return true;
};

export function RouteFocus() {
  const { pathname, hash, key } = useLocation();
  const [title, setTitle] = useState("");
  const before = useRef(null);
  useEffect(() => {
    const isFirst = before.current === null || before.current === pathname;
    before.current = pathname;
    if (isFirst) return undefined;
    document.getElementById("main")?.focus({ preventScroll: true });
    const timer = setTimeout(() => setTitle(document.title), TITLE_SETTLES_MS);
    return () => clearTimeout(timer);
  }, [pathname]);
  useEffect(() => {
    const name = hash.slice(1);
    const isThere = key === "default" && document.getElementById(name)?.matches(":not([data-linked])"); // then the browser has brought it
    if (!name || isThere || bring(name)) return undefined;
    const observer = new MutationObserver(() => bring(name) && observer.disconnect());
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ["data-linked"] });
    const timer = setTimeout(() => observer.disconnect(), COMES_WITHIN_MS);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [pathname, hash, key]);
  return createElement("p", { className: "sr", "aria-live": "polite" }, title);
}
