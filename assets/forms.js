// Forms sent in the background, the answer's sentence set beside its field. Without this file they post and come back.
(() => {
  const UNREACHABLE = "The studio cannot be reached. Check the connection and try again.";

  const clear = (form) => {
    form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
    form.querySelectorAll("[data-fault],[data-said],[data-link]").forEach((place) => { place.textContent = ""; });
    document.querySelectorAll("[data-shown]").forEach((note) => note.removeAttribute("data-shown"));
  };

  const show = (form, { field, sentence }) => {
    const input = field && form.elements.namedItem(field);
    const place = form.querySelector(`[data-fault="${input ? field : ""}"]`);
    if (input) input.setAttribute("aria-invalid", "true");
    if (place) place.textContent = sentence || UNREACHABLE;
    const wrong = input || form.querySelector("input:not([type=hidden])");
    wrong?.focus();
    if (wrong?.type === "password") wrong.select(); // what is typed next takes its place
  };

  const rest = (form, busy) => {
    form.querySelectorAll("button").forEach((button) => { button.disabled = busy; });
    form.toggleAttribute("data-busy", busy);
  };

  // A password can be read while the button beside it is pressed.
  const reveal = (button, isShown) => {
    button.setAttribute("aria-pressed", String(isShown));
    button.previousElementSibling.type = isShown ? "text" : "password";
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-reveals]");
    if (button) reveal(button, button.getAttribute("aria-pressed") !== "true");
  });

  // A prompt typed before signing in is not lost on the way.
  const onward = (next) => {
    const prompt = new URLSearchParams(location.search).get("prompt");
    return prompt && next === "/create" ? `/create?prompt=${encodeURIComponent(prompt)}` : next;
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest?.("form[data-post]");
    if (!form) return;
    event.preventDefault();
    if (form.hasAttribute("data-busy")) return;
    clear(form);
    form.querySelectorAll("[data-reveals]").forEach((button) => reveal(button, false));
    const hasFile = form.enctype === "multipart/form-data";
    const body = hasFile ? new FormData(form) : new URLSearchParams(new FormData(form));
    const most = Number(form.dataset.maxBytes);
    if (most && [...body.values()].some((value) => value.size > most)) {
      return show(form, { field: form.querySelector("[type=file]").name, sentence: `This file is larger than ${most >> 20} MB. Choose a smaller one.` });
    }
    const asked = new URLSearchParams(location.search);
    if (asked.get("next")) body.set("next", asked.get("next"));
    // A claim or reset link's token goes from the address to the server and nowhere else.
    if (form.elements.namedItem("token")) body.set("token", asked.get("token") || location.hash.slice(1));
    rest(form, true);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const said = await answer.json();
      if (answer.ok && form.dataset.post !== "stay") {
        const next = onward(said.next || "/create");
        location.assign(next);
        return location.hash && next.endsWith(location.hash) && location.reload(); // a place on this page was only gone to
      }
      rest(form, false);
      if (answer.ok) {
        form.reset();
        form.querySelector("[data-said]").textContent = said.sentence;
        if (said.link) form.querySelector("[data-link]").textContent = said.link;
        return;
      }
      show(form, said);
    } catch {
      rest(form, false);
      show(form, { sentence: UNREACHABLE });
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-sends]") && event.target.value) event.target.form.requestSubmit();
  });

  // After a plain post the reason, or what was done, is in the address.
  const explain = () => {
    const asked = new URLSearchParams(location.search);
    for (const kind of ["error", "done"]) {
      if (asked.get(kind)) document.getElementById(`${kind}-${asked.get(kind)}`)?.setAttribute("data-shown", "");
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", explain);
  else explain();

  // Between the doors goes along where one comes from and what one was about to do.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-keep], a[data-back]:not([data-back=''])"); // an empty one only leads back from a page
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    const { back } = link.dataset;
    const asked = new URLSearchParams(back ? { to: back, next: location.pathname + location.search } : location.search);
    for (const kind of ["error", "done"]) asked.delete(kind);
    location.assign(link.pathname + (asked.size ? `?${asked}` : ""));
  }, true);
})();
