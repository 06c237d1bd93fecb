// Collections as folders: dragged onto each other or onto the way above them; the key M lists where the one in focus may lie.
import { createElement as h, useRef } from "react";

export function Folders({ onMove, children, ...rest }) {
  const dragged = useRef("");
  const place = (event) => {
    const found = event.target.closest?.("[data-lays-into]");
    return found && found.dataset.laysInto !== dragged.current ? found : null;
  };
  const mark = (root, found) => {
    root.querySelectorAll("[data-over]").forEach((one) => one !== found && delete one.dataset.over);
    if (found) found.dataset.over = "";
  };
  const start = (event) => {
    const card = event.target.closest?.("[data-folder][draggable=true]");
    if (!card) return;
    dragged.current = card.dataset.folder;
    card.dataset.dragged = "";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.folder);
  };
  const over = (event) => {
    if (!dragged.current) return;
    const found = place(event);
    mark(event.currentTarget, found);
    if (found) event.preventDefault();
  };
  const end = (event) => {
    mark(event.currentTarget, null);
    event.currentTarget.querySelectorAll("[data-dragged]").forEach((one) => delete one.dataset.dragged);
    dragged.current = "";
  };
  const drop = (event) => {
    const found = dragged.current && place(event);
    if (found) {
      event.preventDefault();
      onMove(dragged.current, found.dataset.laysInto);
    }
    end(event);
  };
  const press = (event) => {
    if (event.key.toLowerCase() !== "m" || event.ctrlKey || event.metaKey || event.altKey) return;
    const button = event.target.closest?.("[data-folder]")?.querySelector("[data-moves]");
    if (!button || button === event.target) return;
    event.preventDefault();
    button.click();
  };
  return h("div", { ...rest, onDragStart: start, onDragOver: over, onDragEnd: end, onDrop: drop, onKeyDown: press }, children);
}
