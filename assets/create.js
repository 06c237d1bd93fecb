// The page for making pictures, as far as the browser does it alone: the options, the seed's lock, a picture or a file dropped on the composer,
// and a preset made of what stands in the composer. What is meant goes to the server through the handlers given.
import { useEffect, useLayoutEffect, useRef } from "react";

const FILE_MAX_BYTES = 12 * 1024 * 1024;
const TOO_LARGE = "This file is too large to read: at most 12 MB.";
const UNREACHABLE = "The studio cannot be reached. Check the connection and drop the file again.";
const PAUSE_MS = 250;
const NOT_OURS = "Drop a picture of this studio, or a file that was downloaded from it.";

const composer = () => document.querySelector("form.composer");
const isDropped = (event) => [...(event.dataTransfer?.types ?? [])].some((type) => type === "Files" || type === "text/uri-list");

const say = (sentence) => {
  const place = document.querySelector("[data-drop-said]");
  if (place) place.textContent = sentence;
};

const imageAt = (address) => {
  try {
    const url = new URL(address);
    return url.origin === location.origin ? (/^\/image\/([a-z2-7]{26})\/?$/.exec(url.pathname)?.[1] ?? null) : null;
  } catch {
    return null;
  }
};

const recipeOf = async (file) => {
  if (file.size > FILE_MAX_BYTES) return { sentence: TOO_LARGE };
  try {
    const answer = await fetch("/api/recipes/read", { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } });
    const said = await answer.json();
    return answer.ok ? { recipe: said } : { sentence: said.sentence || UNREACHABLE };
  } catch {
    return { sentence: UNREACHABLE };
  }
};

// What was just asked for is put first, which may be above what is on the screen: it is brought into sight once it is there.
const NEWEST_WITHIN_MS = 10_000;
export const bringNewest = () => {
  const newest = () => document.querySelector("[data-set]");
  const before = newest()?.dataset.set;
  const observer = new MutationObserver(() => {
    const set = newest();
    if (!set || set.dataset.set === before) return;
    observer.disconnect();
    const { top, bottom } = set.getBoundingClientRect();
    const isHidden = top < 0 || top > innerHeight / 2 || bottom > composer().getBoundingClientRect().top;
    if (document.activeElement === document.body) {
      set.tabIndex = -1; // what was pressed has gone: whoever goes by keys goes on from here
      set.focus({ preventScroll: true });
    }
    if (isHidden) set.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  });
  observer.observe(document.querySelector("main"), { childList: true, subtree: true });
  setTimeout(() => observer.disconnect(), NEWEST_WITHIN_MS);
};

// The options are open for whoever left them so, and wherever one of them is set; how many are, stands beside their name. On a phone, where they
// are out of sight, the style stands beside the model, or else what is set, or how many are.
const OPTIONS = { style: "", negative_prompt: "Without", keeps_seed: "Seed kept", reference: "By a picture", mask: "Mask", strength: "Strength", steps: "Steps", guidance: "Guidance" };
const KEPT = "options";
const options = () => composer()?.querySelector(".options");
const mark = (word, chosen) => {
  if (!word) return;
  if (chosen) word.dataset.chosen = chosen;
  else delete word.dataset.chosen;
};
const tellOptions = () => {
  const said = new FormData(composer());
  const names = Object.keys(OPTIONS).filter((name) => said.get(name));
  const set = names.length;
  const { style } = composer().elements;
  mark(options().querySelector("span"), set && `${set} set`);
  mark(composer().querySelector(".act > .chosen > .clip"), said.get("style") ? style.selectedOptions[0].text.trim() : set === 1 ? OPTIONS[names[0]] : set && `${set} set`);
  return set;
};
const unfold = () => {
  if (!options()) return;
  const isSet = tellOptions() > 0;
  options().open = isSet || localStorage.getItem(KEPT) === "open";
  delete document.documentElement.dataset.options; // what stood in until now
};

// What draws is chosen in the sheet: its list opens on top. With a choice the sheet goes too, for that was all one came for; without one it is
// come back from to the sheet, and whoever goes on to something else there stays.
const openModels = () => {
  const { model } = composer().elements;
  const sheet = model.closest("[popover]");
  const staying = new AbortController();
  sheet.togglePopover(true);
  model.focus({ focusVisible: false }); // it is covered at once, and needs no ring and no words beside it
  model.showPicker?.();
  model.addEventListener("change", () => sheet.hidePopover(), { once: true, signal: staying.signal });
  sheet.addEventListener("focusin", ({ target }) => model.contains(target) || staying.abort(), { signal: staying.signal });
  sheet.addEventListener("beforetoggle", ({ newState }) => newState === "closed" && staying.abort(), { signal: staying.signal });
};

export function Desk({ recipe, onReusePicture, onReuseFile, onSave, onEnhance, onConsider, onSuit }) {
  const handlers = useRef({});
  handlers.current = { onReusePicture, onReuseFile, onSave, onEnhance, onConsider, onSuit };
  const pause = useRef(0);
  const suited = useRef(""); // the words and the model that were asked about last

  // What stands in the composer is looked at a moment after its last change, where there is something to say of it.
  const consider = () => {
    clearTimeout(pause.current);
    pause.current = setTimeout(() => {
      const form = composer();
      if (form?.dataset.considers === "true") handlers.current.onConsider(Object.fromEntries(new FormData(form)));
      const said = form?.dataset.suits === "true" ? [form.elements.prompt.value, form.elements.model.value] : [];
      if (said.length && said.join("\n") !== suited.current) handlers.current.onSuit(...said);
      suited.current = said.join("\n");
    }, PAUSE_MS);
  };
  useEffect(consider, [recipe]);
  useLayoutEffect(unfold, [recipe]); // before the form is seen as another one

  useEffect(() => {
    let depth = 0;
    const stop = new AbortController();
    const on = (type, handle) => document.addEventListener(type, handle, { signal: stop.signal });

    const light = (isLit) => {
      depth = isLit ? depth : 0;
      composer()?.toggleAttribute("data-drop", isLit);
    };

    on("click", (event) => {
      if (event.target.closest?.("[data-enhances]")) handlers.current.onEnhance(Object.fromEntries(new FormData(composer())));
      const face = event.target.closest?.(".options > summary");
      if (face) localStorage.setItem(KEPT, face.parentElement.open ? "folded" : "open"); // it is about to change
      const offered = event.target.closest?.("[data-chooses]");
      if (offered) {
        const { model } = composer().elements;
        model.value = offered.dataset.chooses;
        for (const type of ["input", "change"]) model.dispatchEvent(new Event(type, { bubbles: true })); // as if it had been chosen in its list
        composer().querySelector(".prompt").focus({ preventScroll: true }); // the offer goes, and the words are what one was at
      }
      if (event.target.closest?.("[data-brings]")) bringNewest();
      if (event.target.closest?.(".act > .chosen")) openModels();
    });

    // The composer stands at the page's lower edge wherever the page is: whatever is looked at does not go away because something in it has
    // the focus. Browsers scroll to where it would stand without that.
    let top = scrollY;
    const note = () => {
      top = scrollY;
    };
    on("scroll", note); // told a frame late
    on("focusout", note);
    on("focusin", (event) => {
      const dock = event.target.closest?.(".dock");
      if (!dock || getComputedStyle(dock).position !== "sticky") return; // on a phone it is fixed, and the keyboard comes up below it
      if (scrollY !== top) scrollTo({ top, behavior: "instant" });
    });

    // A seed that was typed is meant to be kept; one that is not kept any more is gone.
    on("input", (event) => {
      const form = event.target.form;
      if (!form?.matches(".composer")) return;
      if (event.target.name === "seed") form.elements.keeps_seed.checked = event.target.value.trim() !== "";
      if (event.target.name === "keeps_seed" && !event.target.checked) form.elements.seed.value = "";
      if (event.target.name !== "anew") consider();
      tellOptions();
    });

    // In a list of tiles the next one stands beside, not below.
    on("keydown", (event) => {
      const by = { ArrowRight: "nextElementSibling", ArrowLeft: "previousElementSibling" }[event.key];
      const next = by && event.target.matches?.(".looks option") ? event.target[by] : null;
      if (!next?.matches("option")) return;
      event.preventDefault();
      next.focus();
    });

    on("submit", (event) => {
      // Drawn anew is what was asked for this once.
      const isComposer = event.target.matches?.(".composer");
      if (isComposer) bringNewest();
      const anew = isComposer && event.target.elements.anew;
      if (anew) setTimeout(() => (anew.checked = false));
      const form = event.target.closest?.("form[data-saves]");
      if (!form) return;
      event.preventDefault();
      handlers.current.onSave(new FormData(form).get("name") ?? "", Object.fromEntries(new FormData(composer())));
      form.reset();
    });

    on("dragenter", (event) => {
      if (!isDropped(event)) return;
      depth += 1;
      say("");
      light(true);
    });
    on("dragleave", (event) => {
      if (!isDropped(event)) return;
      depth -= 1;
      if (depth <= 0) light(false);
    });
    on("dragend", () => light(false));
    on("dragover", (event) => {
      if (!isDropped(event)) return;
      event.preventDefault(); // also beside the composer: a browser would leave the page and show the file
      event.dataTransfer.dropEffect = event.target.closest?.("form.composer") ? "copy" : "none";
    });
    on("drop", async (event) => {
      if (!isDropped(event)) return;
      event.preventDefault();
      light(false);
      if (!event.target.closest?.("form.composer")) return;
      const image = imageAt(event.dataTransfer.getData("text/uri-list").split("\n")[0]);
      if (image) return handlers.current.onReusePicture(image);
      const [file] = event.dataTransfer.files;
      if (!file) return say(NOT_OURS);
      const { recipe, sentence } = await recipeOf(file);
      if (recipe) handlers.current.onReuseFile(recipe);
      say(sentence ?? "");
    });
    on("focusin", ({ target }) => target.matches?.(".composer .prompt") && say(""));

    // On a phone it lies over the end of the page, which leaves as much room below.
    const form = composer();
    const room = new ResizeObserver(() => form.parentElement?.style.setProperty("--dock", `${form.offsetHeight}px`));
    if (form) room.observe(form);
    return () => {
      clearTimeout(pause.current);
      room.disconnect();
      stop.abort();
    };
  }, []);

  return null;
}
