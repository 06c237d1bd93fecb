// The wall of a page for guests. Where they are asked, they say what they think of the picture in the viewer: a heart, a verdict, a few words.
// They say once who they are; this browser remembers it.
import { createElement as h, useEffect, useState } from "react";
import { icon } from "../library/parts.js";
import { Gallery } from "./gallery.js";

const NAME = "proof-name";
const NAME_MAX = 40;
const WORDS_MAX = 300;
const NOTHING = { is_loved: false, verdict: "", words: "" };

const useGuest = (isProofing, guest, onGuest) =>
  useEffect(() => {
    const known = localStorage.getItem(NAME);
    if (isProofing && !guest && known) onGuest(known);
  }, [isProofing, guest, onGuest]);

function Proofing({ icons, id, guest, proof = NOTHING, onGuest, onJudge }) {
  const [words, setWords] = useState(proof.words);
  useEffect(() => setWords(proof.words), [id, proof.words]);
  const judge = (change) => {
    const { is_loved, verdict, words } = { ...proof, ...change };
    onJudge(id, is_loved, verdict, words);
  };
  const introduce = (event) => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get("guest").trim();
    localStorage.setItem(NAME, name);
    onGuest(name);
  };
  if (!guest) {
    return h(
      "form",
      { className: "row proofing", onSubmit: introduce },
      h("input", { className: "input", name: "guest", required: true, maxLength: NAME_MAX, autoComplete: "name", placeholder: "Your name", "aria-label": "Your name" }),
      h("button", { type: "submit", className: "btn main-act" }, "Say what you think"),
    );
  }
  const face = (name, word, isOn, change) =>
    h("button", { type: "button", className: "btn glass", key: name, "aria-pressed": String(isOn), onClick: () => judge(change) }, icon(icons, name), word);
  return h(
    "div",
    { className: "row proofing", role: "group", "aria-label": "What you think" },
    face("heart", "Love it", proof.is_loved, { is_loved: !proof.is_loved }),
    face("circle-check", "Approve", proof.verdict === "approved", { verdict: proof.verdict === "approved" ? "" : "approved" }),
    face("pencil", "Ask for changes", proof.verdict === "changes", { verdict: proof.verdict === "changes" ? "" : "changes" }),
    h(
      "form",
      {
        className: "row",
        onSubmit: (event) => {
          event.preventDefault();
          judge({ words });
        },
      },
      h("input", { className: "input", name: "words", value: words, maxLength: WORDS_MAX, autoComplete: "off", placeholder: "A few words", "aria-label": "A few words", onChange: (event) => setWords(event.target.value) }),
      h("button", { type: "submit", className: "btn glass", disabled: words === proof.words }, words === proof.words && words ? "Sent" : "Send"),
    ),
  );
}

const marksOf = ({ is_loved, verdict }) => [is_loved, verdict === "approved", verdict === "changes"].map(Number);

export function SharedGallery({ isProofing, guest, proofs, onGuest, onJudge, ...shown }) {
  useGuest(isProofing, guest, onGuest);
  if (!isProofing) return h(Gallery, shown);
  const marks = Object.fromEntries(Object.entries(proofs).map(([id, proof]) => [id, marksOf(proof)]));
  const actsOn = (item) => h(Proofing, { key: "proof", icons: shown.icons, id: item.id, guest, proof: proofs[item.id], onGuest, onJudge });
  return h(Gallery, { ...shown, marks, actsOn });
}
