// Collecting from the viewer: one's own collections, each a press that puts the picture in or takes it out.
import { createElement as h, useEffect, useRef } from "react";
import { icon } from "./parts.js";

export function Collecting({ icons, id, shelf, onCollect, onClose }) {
  const panel = useRef(null);
  const isThere = shelf.picture === id;
  useEffect(() => panel.current.querySelector("button, a")?.focus(), [isThere]);
  const press = (event) => {
    event.stopPropagation();
    if (event.key !== "Escape" && event.key !== "c") return;
    event.preventDefault();
    onClose();
  };
  return h(
    "section",
    { ref: panel, className: "collecting", "aria-label": "Collect", onKeyDown: press },
    h("h2", null, "Collect"),
    isThere
      ? h(
          "ul",
          null,
          shelf.places.map((one) =>
            h(
              "li",
              { key: one.id },
              h("button", { type: "button", className: "btn quiet", "aria-pressed": String(one.holds_picture), onClick: () => onCollect(one.id, id, !one.holds_picture) }, icon(icons, one.holds_picture ? "check" : "plus"), h("span", { className: "clip" }, one.title)),
            ),
          ),
          !shelf.places.length && h("li", { className: "muted small" }, "You have no collection yet."),
        )
      : h("p", { role: "status", className: "muted small" }, "Looking"),
    h("div", { className: "row" }, h("a", { className: "btn quiet sm", href: "/collections" }, "Collections"), h("button", { type: "button", className: "btn quiet sm push", onClick: onClose }, "Close")),
  );
}
