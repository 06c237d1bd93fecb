// After a navigation inside the app the focus goes to the page's content and its title is read out; the first page is left alone.
import { createElement, useEffect, useState } from "react";
import { useLocation } from "react-router";

const TITLE_SETTLES_MS = 150;
let before = null; // outside the component: every page brings its own

export function RouteFocus() {
  const { pathname } = useLocation();
  const [title, setTitle] = useState("");
  useEffect(() => {
    const isFirst = before === null || before === pathname;
    before = pathname;
    if (isFirst) return undefined;
    document.getElementById("main")?.focus({ preventScroll: true });
    const timer = setTimeout(() => setTitle(document.title), TITLE_SETTLES_MS);
    return () => clearTimeout(timer);
  }, [pathname]);
  return createElement("p", { className: "sr", "aria-live": "polite" }, title);
}
