// Menus, and the words for an icon: popovers beside what opened them.
(() => {
  const GAP = 6;
  const EDGE = 8;
  const isPhone = matchMedia("(max-width: 760px)");

  // Below and along the start, else above or along the end; beside a column; within the window.
  const place = (floating, opener, { isCentred = false } = {}) => {
    const anchor = opener.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = floating;
    if (isCentred && opener.closest(".rail")) {
      floating.style.top = `${anchor.top + (anchor.height - height) / 2}px`;
      floating.style.left = `${anchor.right + GAP}px`;
      return;
    }
    const below = anchor.bottom + GAP;
    const top = below + height <= innerHeight - EDGE ? below : Math.max(EDGE, anchor.top - GAP - height);
    const start = isCentred ? anchor.left + (anchor.width - width) / 2 : anchor.left;
    const left = !isCentred && start + width > innerWidth - EDGE ? anchor.right - width : start;
    floating.style.top = `${top}px`;
    floating.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - EDGE - width))}px`;
  };

  // Menus.

  const openerOf = (menu) => {
    const openers = [...document.querySelectorAll(`[popovertarget="${CSS.escape(menu.id)}"]`)];
    return openers.find((opener) => opener === document.activeElement) ?? openers.find((opener) => opener.offsetParent) ?? openers[0];
  };
  const itemsOf = (menu) => [...menu.querySelectorAll("[role^=menuitem]:not([disabled])")].filter((item) => item.checkVisibility());
  let open = null;

  document.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target;
      if (!menu.matches?.(".menu[popover]")) return;
      open = event.newState === "open" ? menu : open === menu ? null : open;
      if (open !== menu) return;
      menu.removeAttribute("style");
      const opener = openerOf(menu);
      if (opener && menu.matches(".floats") && !isPhone.matches) place(menu, opener);
      if (menu.matches("[role=menu]")) itemsOf(menu)[0]?.focus({ focusVisible: opener?.matches(":focus-visible") });
    },
    true,
  );

  const step = (items, by) => items.at((items.indexOf(document.activeElement) + by + items.length) % items.length);
  const moves = {
    ArrowDown: (items) => step(items, 1),
    ArrowUp: (items) => step(items, -1),
    Home: (items) => items[0],
    End: (items) => items.at(-1),
  };

  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("[role=menu][popover]");
    if (!menu || event.ctrlKey || event.metaKey || event.altKey) return;
    const items = itemsOf(menu);
    if (event.key === "Tab") return menu.hidePopover();
    const isLetter = event.key.length === 1 && event.key !== " ";
    const next = isLetter
      ? [...items, ...items]
          .slice(items.indexOf(document.activeElement) + 1)
          .find((item) => item.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()))
      : moves[event.key]?.(items);
    if (!next && !isLetter) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // the keys of the page rest while a menu is open
    next?.focus();
  });

  document.addEventListener("click", (event) => event.target.closest?.("[role=menu][popover] [role^=menuitem]") && open?.hidePopover());

  // On a phone a tap beside what is open only closes it; the composer is not beside its sheet. Keys have no detail.
  let onlyCloses = false;
  addEventListener("pointerdown", (event) => {
    const { target } = event;
    const isOf = (one) => (one.closest(".composer") ?? one).contains(target) || target.closest("[popovertarget]")?.popoverTargetElement === one;
    const opened = [...document.querySelectorAll("[popover=auto]:popover-open")];
    onlyCloses = isPhone.matches && opened.length && !opened.some(isOf);
    if (onlyCloses) event.preventDefault(); // nor takes the focus
  }, true);
  addEventListener("click", (event) => onlyCloses && event.detail && event.preventDefault(event.stopImmediatePropagation()), true);
  addEventListener("scroll", (event) => open?.matches(".floats") && !isPhone.matches && !open.contains(event.target) && open.hidePopover(), true);

  // Tabs: arrows go along them and show each.

  document.addEventListener("keydown", (event) => {
    const row = event.target.closest?.("[role=tablist]");
    const tabs = row ? [...row.querySelectorAll("[role=tab]")] : [];
    const moved = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = moved ? step(tabs, moved) : { Home: tabs[0], End: tabs.at(-1) }[event.key];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.click();
  });

  // Words for an icon: at once for a key's focus, for a pointer in a moment, until Escape.

  const AFTER_MS = 400;
  const tip = Object.assign(document.createElement("div"), { id: "tip", className: "tip", popover: "manual", ariaHidden: "true" }); // it is heard beside it
  let pointed = null;
  let waiting = 0;

  // What has gone with its dialog or page tells nobody.
  const leaving = new MutationObserver(() => pointed?.isConnected || hide());
  const hide = () => {
    clearTimeout(waiting);
    leaving.disconnect();
    if (pointed?.getAttribute("aria-describedby") === tip.id) pointed.removeAttribute("aria-describedby");
    pointed = null;
    if (tip.isConnected) tip.hidePopover();
  };
  const show = (element) => {
    const isInField = element.placeholder === element.dataset.hint && element.matches(":placeholder-shown");
    const word = element.querySelector(".word, .named");
    const isSaid = isInField || (word?.offsetWidth > 1 && (word.matches(".word") || word.textContent === element.dataset.hint));
    const words = [!isSaid && element.dataset.hint, element.dataset.what].filter(Boolean).join(": ");
    if (!element.isConnected || !words || element.matches(":has(+ :popover-open)")) return;
    if (!tip.isConnected) document.body.append(tip);
    tip.textContent = words;
    const isNamed = [element.getAttribute("aria-label"), element.textContent].includes(tip.textContent);
    if (!isNamed && !element.hasAttribute("aria-describedby")) element.setAttribute("aria-describedby", tip.id);
    tip.showPopover();
    place(tip, element, { isCentred: true });
    leaving.observe(document.body, { childList: true, subtree: true });
  };
  const point = (element, after) => {
    if (element === pointed) return;
    hide();
    if (!element) return;
    pointed = element;
    waiting = setTimeout(show, after, element);
  };

  // The words would cover what is chosen in an open list.
  const pointedAt = (target) => (target.closest?.("option") ? null : target.closest?.("[data-hint]"));
  document.addEventListener("pointerover", (event) => event.pointerType === "mouse" && point(pointedAt(event.target), AFTER_MS));
  document.addEventListener("focusin", (event) => {
    const element = event.target.closest?.("[data-hint]");
    point(element?.matches(":focus-visible") ? element : null, 0);
  });
  // A thumb on what is closed wants to know why.
  document.addEventListener("click", (event) => {
    const closed = event.target.closest?.("[data-hint][aria-disabled=true]");
    if (closed) point(closed, 0);
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("pointerdown", hide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  // What is pointed at has gone; what has the focus keeps its words.
  addEventListener("scroll", () => pointed && (pointed === document.activeElement ? place(tip, pointed, { isCentred: true }) : hide()), true);
})();
