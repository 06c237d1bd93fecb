// What can be done with one of one's own pictures in the viewer, wherever it hangs: the same words, signs and keys on every page.
import { createElement as h } from "react";
import { glass, icon, named } from "./parts.js";

export const favouring = (icons, { favourite }, act) =>
  glass(icons, "star", "Favourite", () => act(!favourite), { key: "l", "aria-pressed": String(favourite), "data-hint": "Favourite: a mark that only you see, and the library finds", short: "Favourite" });
export const downloading = (icons, { id }) =>
  h("a", { className: "btn glass sq", key: "d", href: `/media/${id}/original?download=1`, "aria-label": "Download", "data-hint": "Download", "data-downloads": "" }, icon(icons, "download"), h("span", { className: "before" }, named("Download")), h("span", { className: "after", role: "status" }, h("span", { className: "desk" }, "Downloading"), h("span", { className: "phone" }, "Started")));
export const throwing = (icons, isFresh, act) => glass(icons, "trash-2", "Move to trash", act, { key: "t", "aria-disabled": String(isFresh), short: "Trash" });

// `act` is told "favourite", "unfavourite" or "trash"; `onReuse` and `onPage` hear the presses of two links, whose addresses they are given.
export const actsOf = (icons, item, { act, isFresh, onReuse, onPage }) => [
  favouring(icons, item, (favourite) => act(favourite ? "favourite" : "unfavourite")),
  downloading(icons, item),
  h("a", { className: "btn glass sq", key: "u", href: `/create?from=${item.id}`, onClick: onReuse(`/create?from=${item.id}`), "data-hint": "Use this recipe" }, icon(icons, "repeat-2"), h("span", { className: "sr" }, "Use this recipe"), h("span", { "aria-hidden": "true" }, named("Use recipe"))),
  throwing(icons, isFresh, () => act("trash")),
  h("button", { type: "button", className: "btn main-act", key: "v", "data-image": item.id, popovertarget: "picture-menu", "aria-haspopup": "menu" }, icon(icons, "wand-sparkles"), "Variations"),
  h("a", { className: "btn glass", key: "p", href: `/image/${item.id}`, onClick: onPage(`/image/${item.id}`) }, "Details"),
];
export const keysOf = (item, act) => ({ l: () => act(item.favourite ? "unfavourite" : "favourite"), Delete: () => act("trash") });
