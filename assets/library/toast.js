// What a page says about the last act, said where a picture lies over it: the same in shape and in what can be done as `notice` of the page.
import { createElement as h } from "react";
import { useNavigate } from "react-router";
import { icon, pressing } from "./parts.js";

export function Toast({ icons, said, onAct, onDismiss }) {
  const navigate = useNavigate();
  const isError = said.kind === "error";
  const goOn = pressing(navigate)(said.href);
  return h(
    "div",
    { className: isError ? "toast" : "toast passing" },
    h("span", { className: isError ? "is-bad" : "is-good" }, icon(icons, isError ? "circle-x" : "circle-check")),
    h("p", null, said.sentence, said.way && [" ", h("a", { key: "way", className: "link", href: said.href, onClick: goOn }, said.way)]),
    said.action && h("button", { type: "button", className: "btn sm does", onClick: onAct }, said.action),
    h("button", { type: "button", className: "btn quiet sm sq dismiss", "aria-label": "Dismiss", "data-hint": "Dismiss", onClick: onDismiss }, icon(icons, "x")),
  );
}
