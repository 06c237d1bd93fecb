// The keys of every page, from the one table the map of keys shows. Elements with data-key add those of their page.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";

const FIELDS = "input:not([type=checkbox],[type=radio],[type=range]), textarea, select, option, [contenteditable]";
const PICTURES = "main .pic > a, main [data-walks]";

// "Ctrl K" matches ctrl or command and k; "?" whatever is pressed to type it.
const matches = (key, event) => {
  const [last, ...held] = key.split(" ").reverse();
  const wantsCtrl = held.includes("Ctrl");
  if (wantsCtrl !== (event.ctrlKey || event.metaKey) || event.altKey) return false;
  return last.length === 1 ? event.key.toLowerCase() === last.toLowerCase() : event.key === last;
};

const visible = (selector) => [...document.querySelectorAll(selector)].find((element) => element.getClientRects().length);

const walk = (by) => {
  const pictures = [...document.querySelectorAll(PICTURES)];
  const at = pictures.indexOf(document.activeElement);
  const next = pictures[at < 0 ? (by > 0 ? 0 : -1) : at + by];
  next?.focus({ focusVisible: true });
  next?.scrollIntoView({ block: "nearest" });
  return Boolean(next);
};

// What a key of the table does here; null where it does nothing.
const actOf = (key, navigate) => {
  if (key.href) return () => navigate(key.href);
  if (key.opens) return () => window.dispatchEvent(new CustomEvent("studio:open", { detail: key.opens }));
  if (key.walks) return document.querySelector(PICTURES) ? () => walk(key.walks) : null;
  const target = key.element ?? visible(key.focuses || key.presses);
  if (!target) return null;
  if (key.focuses) return () => target.focus();
  // The way back is the browser's where it stays in the studio: the page before keeps its place.
  if (key.goesBack && window.history.state?.idx > 0) return () => navigate(-1);
  return () => target.click();
};

const ofPage = () =>
  [...document.querySelectorAll("[data-key]")].filter((element) => !element.closest("dialog:not([open])")).map((element) => ({
    key: element.dataset.key,
    words: element.dataset.keyWords || element.getAttribute("aria-label") || element.textContent,
    element,
  }));

export function Keyboard({ keys }) {
  const navigate = useNavigate();
  const dialog = useRef(null);
  const [shown, setShown] = useState([]);

  useEffect(() => {
    const press = (event) => {
      if (event.defaultPrevented || event.isComposing) return;
      const isTyping = event.target.matches?.(FIELDS);
      const isCovered = document.querySelector("dialog:modal, [popover].menu:popover-open");
      for (const key of [...ofPage(), ...keys]) {
        if (!matches(key.key, event) || (isTyping && !key.inFields)) continue;
        if (isCovered && !isCovered.contains(key.element ?? null)) continue;
        const act = actOf(key, navigate);
        if (!act) continue;
        event.preventDefault();
        return act();
      }
    };
    const open = (event) => {
      if (event.detail !== "keys" || dialog.current.open) return;
      setShown([...ofPage(), ...keys.filter((key) => actOf(key, navigate))]);
      dialog.current.showModal();
    };
    document.addEventListener("keydown", press);
    window.addEventListener("studio:open", open);
    return () => {
      document.removeEventListener("keydown", press);
      window.removeEventListener("studio:open", open);
    };
  }, [keys, navigate]);

  return h(
    "dialog",
    { ref: dialog, className: "dialog sheet titled", "aria-labelledby": "keys-title", onClose: () => setShown([]) },
    h(
      "header",
      { className: "dialog-head" },
      h("h2", { id: "keys-title" }, "Keys"),
      h("button", { type: "button", className: "btn quiet push", "data-closes": "" }, "Close"),
    ),
    h(
      "dl",
      { className: "dialog-body keys" },
      shown.map(({ key, words }) =>
        h(
          "div",
          { key: key + words },
          h("dt", null, words),
          h("dd", null, key.split(" ").map((part) => h("kbd", { key: part }, part === "Escape" ? "Esc" : part))),
        ),
      ),
    ),
  );
}
