// What a page does on its own, without asking the server: steppers, dialogs, copying. Markup says what with data- attributes.
(() => {
  // A wall's first pictures are asked for while its page is still waking up; library/walls.js takes the answer.
  const walls = { "/library": "/api/library", "/explore": "/api/gallery/explore", "/feed": "/api/gallery/feed" };
  const source = location.search ? "" : walls[location.pathname];
  if (source && document.documentElement.dataset.new === undefined) {
    const url = `${source}?limit=40`;
    const answer = fetch(url).catch(() => null);
    window.early = { url, answer };
    const pictures = answer.then((one) => (one?.ok ? one.clone().json() : {}));
    const scripts = ["early", "hanging"].map((name) => import(`/library/${name}.js`)); // the one needs the other
    scripts[0].then(({ hangEarly }) => pictures.then(hangEarly)).catch(() => {}); // it only saves time
  }

  const native = (element) => Object.getPrototypeOf(element);
  // Set a field as a person would, so that whoever listens for input hears it.
  const write = (field, value) => {
    Object.getOwnPropertyDescriptor(native(field), "value").set.call(field, value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  // A look may be asked for before the page knows which ones there are.
  const choose = (form, value, tries = 100) => {
    const list = form.elements.model;
    if (!list || list.value === value) return;
    if ([...list.options].some((option) => option.value === value)) write(list, value);
    else if (list.options.length < 2 && tries) setTimeout(() => choose(form, value, tries - 1), 100);
  };

  // What one came to write has the focus, where no keyboard rises for it, or else the title, not the cross.
  const WRITTEN = ".dialog-body :is(input:not([type=hidden], [type=radio], [type=checkbox]), textarea)";
  const begin = (dialog) => {
    const title = dialog.querySelector(".dialog-head > h2");
    const field = title && matchMedia("(pointer: fine)").matches && [...dialog.querySelectorAll(WRITTEN)].find((one) => one.offsetParent);
    (field || title)?.focus();
  };

  // A button may come before what it opens.
  const open = (button, tries = 200) => {
    const dialog = document.getElementById(button.dataset.opens);
    if (dialog && !dialog.open) {
      dialog.showModal();
      begin(dialog);
    } else if (!dialog && tries && button.isConnected) setTimeout(() => open(button, tries - 1), 50);
  };

  const step = (button) => {
    const field = button.parentElement.querySelector("input[type=number]");
    const bounded = Math.min(Number(field.max), Math.max(Number(field.min), (Number(field.value) || 0) + Number(button.dataset.step)));
    write(field, String(bounded));
  };

  // What was pressed says so in its own place, for a moment.
  const tell = (button) => {
    button.dataset.done = "";
    setTimeout(() => delete button.dataset.done, 2000);
  };

  const copy = async (button) => {
    const text = document.getElementById(button.dataset.copy)?.textContent ?? "";
    try {
      await navigator.clipboard.writeText(text);
    } catch { // no clipboard over plain http on the network: the old way works there
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    tell(button);
  };

  const acts = {
    step,
    copy,
    downloads: tell,
    expands: (button) => button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true")),
    opens: open,
    closes: (button) => button.closest("dialog")?.close(),
    tells: (button) => window.dispatchEvent(new CustomEvent("studio:open", { detail: button.dataset.tells })),
    // Its row goes with it: by keys one goes on from the next.
    goes: (button) => {
      const all = [...document.querySelectorAll("[data-goes]")];
      const next = all[all.indexOf(button) + 1] ?? all.at(-2) ?? document.getElementById("main");
      const goOn = (tries) => {
        if (button.isConnected) return tries && setTimeout(goOn, 50, tries - 1);
        if (document.activeElement === document.body) next.focus();
      };
      goOn(100);
    },
    railTo: (button) => {
      const width = button.dataset.railTo;
      document.documentElement.dataset.rail = width;
      localStorage.setItem("rail", width);
      document.querySelector(`[data-rail-to=${width === "wide" ? "narrow" : "wide"}]`)?.focus();
    },
    fill: (button) => {
      const field = document.querySelector("textarea[name=prompt]");
      if (!field) return;
      write(field, button.dataset.fill);
      if (button.dataset.look) choose(field.form, button.dataset.look);
      field.focus();
    },
  };

  // A form that is sent closes its dialog, after React, which listens at the document, has read it.
  addEventListener("submit", ({ target: form }) => {
    if (form.dataset.sentCloses !== undefined) form.closest("dialog")?.close();
  });

  const isBeside = ({ clientX: x, clientY: y }, box) => x < box.left || x > box.right || y < box.top || y > box.bottom;

  // A press that began and ended on the backdrop; a selection dragged out of the dialog did not.
  let pressedBeside = null;
  document.addEventListener("pointerdown", (event) => {
    const dialog = event.target.matches?.("dialog") && event.target;
    pressedBeside = dialog && isBeside(event, dialog.getBoundingClientRect()) ? dialog : null;
  });

  document.addEventListener("click", (event) => {
    if (event.target === pressedBeside && isBeside(event, pressedBeside.getBoundingClientRect())) return pressedBeside.close();
    const button = event.target.closest?.("[data-step],[data-copy],[data-downloads],[data-expands],[data-opens],[data-closes],[data-tells],[data-goes],[data-rail-to],[data-fill]");
    if (!button) return;
    for (const name of Object.keys(acts)) if (name in button.dataset) acts[name](button);
  });

  // The whole row of a setting opens its list.
  document.addEventListener("click", (event) => {
    const list = !event.target.closest?.("select") && event.target.closest?.("label.pick")?.querySelector("select:enabled");
    if (!list?.showPicker) return;
    event.preventDefault();
    list.focus();
    list.showPicker();
  });

  // Who leaves takes what they had begun to write along.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.("form[action='/auth/sign-out']")) return;
    Object.keys(sessionStorage).filter((name) => name.startsWith("draft:")).forEach((name) => sessionStorage.removeItem(name));
  });

  // A notice goes by a press on it, unless that is one of its ways or takes words of it along.
  document.addEventListener("click", ({ target }) => {
    const toast = target.closest?.(".toast");
    if (toast && !target.closest("a, button") && getSelection().isCollapsed) toast.querySelector(".dismiss").click();
  });

  document.addEventListener("animationend", (event) => {
    if (event.animationName === "pass") event.target.querySelector(".dismiss")?.click();
  });

  // Generate that is pressed before the page is alive is sent when it can be; the browser alone would find it wrong.
  const isAlive = (form) => form.elements.model?.value && Object.keys(form).some((name) => name.startsWith("__reactProps"));
  let waiting = 0;
  const sendWhenAlive = () => {
    const form = document.querySelector("form.dock");
    if (form && !isAlive(form)) return;
    clearInterval(waiting);
    form?.requestSubmit();
  };
  document.addEventListener(
    "click",
    (event) => {
      const form = event.target.closest?.("form.dock [type=submit]")?.form;
      if (!form || isAlive(form)) return;
      event.preventDefault();
      clearInterval(waiting);
      waiting = setInterval(sendWhenAlive, 50);
    },
    true,
  );

  // What was sent is chosen whole for whoever comes back to it: typing begins anew, another press or an arrow goes on with it. A page that is
  // read anew says in its markup what was sent.
  const PROMPT = ".composer .prompt";
  let sent = "";
  const offer = (box) => {
    const wasSent = box.value && [sent, box.dataset.sent].includes(box.value);
    if (wasSent && box.selectionStart === box.selectionEnd) box.select();
  };
  document.addEventListener("submit", ({ target: form }) => {
    const box = form.querySelector(PROMPT);
    if (!box) return;
    sent = box.value;
    if (document.activeElement !== box) return;
    if (matchMedia("(hover: none)").matches) box.blur(); // the keyboard would stay, over what comes now
    else offer(box);
  });
  document.addEventListener("focusin", ({ target }) => target.matches?.(PROMPT) && offer(target));
  // A press that brings the focus sets the caret after it.
  let isComing = false;
  document.addEventListener("pointerdown", ({ target }) => (isComing = target.matches?.(PROMPT) && target !== document.activeElement));
  document.addEventListener("click", ({ target }) => isComing && target.matches?.(PROMPT) && offer(target));

  // What was asked for appears at the top, or where its form says.
  document.addEventListener("submit", (event) => {
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
    document.getElementById(event.target.dataset.shows)?.scrollIntoView({ behavior });
    if (!event.target.matches?.("form.dock")) return;
    delete document.documentElement.dataset.new; // nobody's wall is empty from here on
    event.target.querySelector("[data-expands]")?.setAttribute("aria-expanded", "false"); // on a phone the settings would cover it
    window.scrollTo({ top: 0, behavior });
  });
})();
