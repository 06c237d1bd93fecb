// What a search looks for beside words: up to five colours, each a well of the browser's own, and the picture to be like.
import { createElement as h, useEffect, useRef, useState } from "react";
import { icon } from "../library/parts.js";

const COLOURS_MAX = 5;
const CHOSEN_MS = 300;
const FIRST = ["2f5d8a", "c8553d", "e9c46a", "2a9d8f", "1b1b2f"];

const listed = (colours) => colours.split("-").filter((one) => /^[0-9a-f]{6}$/i.test(one)).slice(0, COLOURS_MAX);

// While a colour is being chosen it changes many times a second; it is looked for when it rests.
export function Palette({ colours, onColours, icons }) {
  const [held, setHeld] = useState(listed(colours));
  const told = useRef(colours);
  const box = useRef(null);
  useEffect(() => {
    if (colours !== told.current) setHeld(listed(colours));
    told.current = colours;
  }, [colours]);
  useEffect(() => {
    if (held.join("-") === told.current) return undefined;
    const timer = setTimeout(() => {
      told.current = held.join("-");
      onColours(told.current);
    }, CHOSEN_MS);
    return () => clearTimeout(timer);
  }, [held, onColours]);
  const focusOn = (selector) => requestAnimationFrame(() => box.current?.querySelector(selector)?.focus());
  const add = () => {
    setHeld([...held, FIRST.find((one) => !held.includes(one)) ?? FIRST[0]]);
    focusOn(`.well:nth-of-type(${held.length + 1}) input`);
  };
  const take = (at) => {
    setHeld(held.filter((_, index) => index !== at));
    focusOn(held.length > 1 ? `.well:nth-of-type(${Math.max(1, at)}) input` : ".add");
  };
  return h(
    "div",
    { className: "row wrap palette", role: "group", "aria-label": "Colours to look for", ref: box },
    held.map((colour, at) =>
      h(
        "span",
        { className: "well", key: at },
        h("input", {
          type: "color",
          value: `#${colour}`,
          "aria-label": `Colour ${at + 1}`,
          onChange: ({ target }) => setHeld(held.map((one, index) => (index === at ? target.value.slice(1) : one))),
        }),
        h("button", { type: "button", className: "btn quiet sq sm", "aria-label": `Take colour ${at + 1} away`, onClick: () => take(at) }, icon(icons, "x")),
      ),
    ),
    held.length < COLOURS_MAX &&
      h("button", { type: "button", className: "btn line add", onClick: add }, icon(icons, "palette"), held.length ? "Add a colour" : "By colour"),
  );
}

export function Like({ id, onAway, icons }) {
  return h(
    "div",
    { className: "row like-this", role: "group", "aria-label": "Similar to" },
    h("a", { href: `/image/${id}` }, h("img", { src: `/media/${id}/256`, alt: "The picture to be like", width: 44, height: 44 })),
    h("span", null, "Pictures that look like this one"),
    h("button", { type: "button", className: "btn quiet sq", "aria-label": "Look for something else", onClick: onAway }, icon(icons, "x")),
  );
}
