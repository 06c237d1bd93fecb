// /verify: a file is dropped or chosen, sent once, and its story shown. Every text of it may be anybody's: it is only ever set as text.
import { Fragment, createElement as h, useEffect, useRef, useState } from "react";

const TOO_LARGE = "This file is larger than 12 MB. Choose a smaller one.";
const UNREACHABLE = "The studio cannot be reached. Check the connection and try again.";
const NO_FILE = "Drop a file, or choose one.";

const STORIES = {
  ours: {
    true: ["good", "circle-check", "Made here, and unchanged", "The signature is this studio’s, and the picture is bit for bit the one it was made for."],
    false: ["warn", "circle-alert", "The recipe is ours, the picture was changed", "The signature is this studio’s, but the picture in this file is not the one it was signed for: it was edited, saved anew or replaced."],
  },
  elsewhere: {
    true: ["info", "info", "Signed by another studio", "The signature is true and the picture unchanged, but the key is not this studio’s: who holds it cannot be said here."],
    false: ["warn", "circle-alert", "Signed by another studio, and changed", "The signature is true, but the picture in this file is not the one it was signed for."],
  },
  forged: ["bad", "circle-x", "The recipe was changed after it was signed", "Do not believe what it says. The signature does not fit these words."],
  unsigned: ["info", "circle-question-mark", "A recipe without a signature", "It may be true, and anybody could have written it. Pictures from before recipes were signed look like this."],
  unknown: {
    true: ["info", "circle-question-mark", "No recipe in it, but it looks familiar", "The file carries no recipe of ours. It looks like pictures that hang here, so it is probably a copy of one."],
    false: ["info", "circle-question-mark", "Nothing is known of this file", "It carries no recipe of ours, and looks like no picture that you may see here."],
  },
};

const CREDENTIALS = {
  ours: ["good", "circle-check", "Content Credentials of this studio", "They are signed with its certificate, and fit the file."],
  valid: ["info", "info", "Content Credentials of somebody else", "They fit the file, but whose certificate signed them cannot be said here."],
  broken: ["bad", "circle-x", "Content Credentials that do not fit", "The file or its credentials were changed after they were signed. Do not believe what they say."],
};
const SOURCES = { rules: "rules alone, no trained model", model: "a trained model" };

const storyOf = (told) => {
  const found = STORIES[told.origin];
  return Array.isArray(found) ? found : found[told.origin === "unknown" ? told.alike.length > 0 : told.unchanged];
};

const asked = async (file) => {
  try {
    const answer = await fetch("/api/recipes/story", { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } });
    const told = await answer.json();
    return answer.ok ? { told } : { sentence: told.sentence || UNREACHABLE };
  } catch {
    return { sentence: UNREACHABLE };
  }
};

const Icon = ({ strokes }) =>
  h("svg", { className: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, h("path", { d: strokes }));

const Fact = ([word, value]) => value && h(Fragment, { key: word }, h("dt", null, word), h("dd", null, value));

const Alike = (one) =>
  h(
    "li",
    { key: one.id },
    h(
      "a",
      { href: `/image/${one.id}`, className: "pic", style: { "--ar": one.width / one.height, backgroundImage: one.blur && `url(${one.blur})` } },
      h("img", { src: `/media/${one.id}/256`, alt: one.alt || "A picture", loading: "lazy", width: 160, height: Math.round((160 * one.height) / one.width) }),
    ),
    h("span", { className: "facts" }, `${one.distance === 0 ? "The same picture" : one.distance < 5 ? "Almost surely a copy" : "Looks alike"}${one.mine ? " · yours" : ""}`),
  );

const Credentials = ({ told, icons }) => {
  const [kind, name, title, words] = CREDENTIALS[told.standing];
  const facts = [["Signed by", told.signer], ["Written by", told.program], ["Drawn by", SOURCES[told.source]]];
  return h(
    Fragment,
    null,
    h("div", { className: `note ${kind}` }, h(Icon, { strokes: icons[name] }), h("div", null, h("h3", null, title), h("p", null, words))),
    h("dl", { className: "facts-list" }, facts.map(Fact)),
  );
};

const Story = ({ told, address, icons, focus }) => {
  const [kind, name, title, words] = storyOf(told);
  const { recipe } = told;
  const made = recipe && new Date(recipe.made_at);
  const facts = recipe && [
    ["Prompt", recipe.prompt],
    ["Without", recipe.negative_prompt],
    ["Model", recipe.model],
    ["Seed", recipe.seed],
    ["Steps", recipe.steps],
    ["Guidance", recipe.guidance],
    ["Asked for", recipe.size.replace("x", " × ")],
    ["Over it", recipe.over],
    ["Made", made && !Number.isNaN(made.getTime()) ? made.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" }) : ""],
    ["This file", `${told.width} × ${told.height}`],
  ];
  return h(
    "section",
    { className: "story", "aria-labelledby": "story-title" },
    h("figure", { className: "pic", style: { "--ar": told.width / told.height } }, h("img", { src: address, alt: "The file you chose" })),
    h(
      "div",
      { className: "stack" },
      h(
        "div",
        { className: `note ${kind}` },
        h(Icon, { strokes: icons[name] }),
        h("div", null, h("h2", { id: "story-title", tabIndex: -1, ref: focus }, title), h("p", null, words)),
      ),
      facts && h("dl", { className: "facts-list" }, facts.map(Fact)),
      told.credentials && h(Credentials, { told: told.credentials, icons }),
      told.alike.length > 0 && h("h3", { className: "small muted" }, "Hanging here"),
      told.alike.length > 0 && h("ul", { className: "alike" }, told.alike.map(Alike)),
    ),
  );
};

export function FileStory({ icons, maxBytes, children }) {
  const [state, setState] = useState({ said: "", told: null, address: "", busy: false, lit: false });
  const place = useRef(null);
  const focus = useRef(null);
  const change = (more) => setState((now) => ({ ...now, ...more }));

  const read = async (file) => {
    if (!file) return change({ said: NO_FILE });
    if (file.size > maxBytes) return change({ said: TOO_LARGE, told: null });
    change({ said: `Reading ${file.name}`, busy: true, told: null });
    const { told, sentence } = await asked(file);
    if (told) change({ said: storyOf(told)[2], told, address: URL.createObjectURL(file), busy: false });
    else change({ said: sentence, busy: false });
  };

  useEffect(() => () => URL.revokeObjectURL(state.address), [state.address]);
  useEffect(() => {
    if (state.told) focus.current?.focus({ preventScroll: false });
  }, [state.told]);
  useEffect(() => {
    const stop = new AbortController();
    const on = (type, handle) => document.addEventListener(type, handle, { signal: stop.signal });
    on("dragover", (event) => {
      event.preventDefault();
      change({ lit: true });
    });
    on("dragleave", (event) => !event.relatedTarget && change({ lit: false }));
    on("drop", (event) => {
      event.preventDefault();
      change({ lit: false });
      read(event.dataTransfer.files[0]);
    });
    on("click", (event) => event.target.closest?.("[data-chooses]") && place.current?.querySelector("input[type=file]")?.click());
    place.current?.addEventListener("change", (event) => {
      read(event.target.files[0]);
      event.target.value = "";
    }, { signal: stop.signal });
    return () => stop.abort();
  }, []);

  return h(
    "div",
    { className: "verify", "data-drop": state.lit ? "" : undefined, "aria-busy": state.busy },
    h("div", { ref: place }, children),
    h("p", { role: "status", className: state.told ? "sr" : "muted said" }, state.said),
    state.told && h(Story, { told: state.told, address: state.address, icons, focus }),
  );
}
