// A prompt that was typed and not sent stays while one looks elsewhere in the studio: kept in this tab, for this account, until another takes its place.
import { useEffect, useRef } from "react";

const PREFIX = "draft:";
const FIELD = "textarea[name=prompt]";

const write = (field, value) => {
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

export function Draft({ account, recipe }) {
  const before = useRef({ account, recipe });

  useEffect(() => {
    if (!account) return undefined;
    const name = PREFIX + account;
    const form = document.querySelector("form.dock");
    const keep = (event) => event.target.matches?.(FIELD) && sessionStorage.setItem(name, event.target.value);
    const field = form?.querySelector(FIELD);
    const draft = sessionStorage.getItem(name);
    const asked = new URLSearchParams(window.location.search);
    // Whoever came with a prompt or a recipe in the address wants that one.
    const isAsked = ["from", "set", "prompt"].some((name) => asked.has(name));
    if (field && draft && !isAsked && field.value !== draft) write(field, draft);
    form?.addEventListener("input", keep);
    return () => form?.removeEventListener("input", keep);
  }, [account]);

  // Another recipe was put into the composer: what stood there before was given up.
  useEffect(() => {
    if (account && before.current.account === account && before.current.recipe !== recipe) sessionStorage.removeItem(PREFIX + account);
    before.current = { account, recipe };
  }, [account, recipe]);

  return null;
}
