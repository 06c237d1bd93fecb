// After a navigation inside the app the focus goes to the page's content and its title is read out; the first page is left alone.
import { createElement, useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";

const TITLE_SETTLES_MS = 150;

export function RouteFocus() {
  const { pathname } = useLocation();
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
  return createElement("p", { className: "sr", "aria-live": "polite" }, title);
}
