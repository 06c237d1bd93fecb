// Walls: what a filter found, page by page, kept while the tab lives, so that coming back finds everything where it was.
import { queryOf } from "./address.js";

const PAGE = 40;
const WISHED_MAX = 1_000;
const LEFT = "wall-left";
const PAGE_MAX = 100;
const WALLS_KEPT = 8;
const FAR_DOWN_PX = 300;
const EARLY_MS = 10_000;

// What studio.js has asked already, once.
const early = async (url) => {
  const asked = window.early?.url === url && performance.now() < EARLY_MS ? window.early : null;
  delete window.early;
  return asked?.answer;
};

const isNewer = (one, other) => (one.at === other.at ? one.id > other.id : one.at > other.at);
// Oldest first a set still stands by slot; the trash knows no sets.
const orderOf = ({ view, sort }) =>
  sort === "oldest" ? (one, other) => (view !== "trash" && one.set === other.set ? isNewer(one, other) : isNewer(other, one)) : isNewer;
const EMPTY = { items: [], held: [], next: "", total: 0, models: [], keepDays: 30, standing: "new", isComing: false };

// The visit: an entry of the browser's history, which a link makes anew and the way back leads to again. Several may show one wall.
const visit = () => `${history.state?.key} ${history.state?.idx}`;

// The link that leads back from a picture's page makes a new entry too, and is a way back nevertheless.
let isReturning = false;
globalThis.window?.addEventListener("click", ({ target }) => (isReturning = Boolean(target.closest?.("a[data-back]"))), true);

class Wall {
  places = new Map(); // how far down each visit stood
  last = 0;

  constructor(wanted, source) {
    this.wanted = wanted;
    this.source = source;
    this.hasSets = wanted.view === "sets" && !wanted.set;
    this.isBefore = orderOf(wanted);
    this.state = EMPTY;
    this.box = null;
    this.wished = PAGE;
    this.placeLeft = 0;
    this.listeners = new Set();
    this.turn = 0;
    this.touched = new Map(); // what was done here at once, to which picture, and when, in looks; null: it was dropped
    this.looks = 0;
  }

  subscribe = (listener) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  snapshot = () => this.state;

  get scrollY() {
    return this.places.get(visit()) ?? (isReturning ? this.last : 0);
  }
  set scrollY(y) {
    this.last = y;
    this.places.set(visit(), y);
  }

  tell(change) {
    this.state = { ...this.state, ...change };
    this.listeners.forEach((listener) => listener());
  }

  async ask(more) {
    const said = new URLSearchParams(queryOf({ ...this.wanted, view: this.hasSets ? "" : this.wanted.view }));
    Object.entries(more).forEach(([name, value]) => value && said.set(name, value));
    const url = `${this.source}${this.hasSets ? "/sets" : ""}?${said}`;
    const answer = (await early(url)) ?? (await fetch(url));
    if (answer.status === 401) {
      location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
      return new Promise(() => {});
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const page = await answer.json();
    return { ...page, items: page.sets ?? page.pictures };
  }

  // Everything that hangs, read again: the first time, after a pause, or when more changed than is worth telling.
  async look() {
    const turn = ++this.turn;
    const look = ++this.looks;
    const wished = Math.max(this.wished, this.state.items.length);
    this.tell({ isComing: true });
    try {
      let page = await this.ask({ limit: Math.min(PAGE_MAX, wished) });
      const facts = { total: page.total ?? 0, models: page.models ?? [], keepDays: page.keepDays };
      let items = page.items;
      while (page.next && items.length < wished) {
        page = await this.ask({ before: page.next, limit: Math.min(PAGE_MAX, wished - items.length) });
        items = [...items, ...page.items];
      }
      const isLast = turn === this.turn;
      if (!isLast && this.state.standing !== "new") return; // the first answer is shown at once, though another look is under way
      this.wished = PAGE;
      const found = this.withWhatWasDone(items, look);
      facts.total = Math.max(0, facts.total - (items.length - found.length));
      this.tell({ ...facts, items: same(this.state.items, found), held: [], next: page.next, standing: "ready", isComing: !isLast });
    } catch {
      if (turn === this.turn) this.tell({ standing: this.state.items.length ? "ready" : "failed", isComing: false });
    }
  }

  async more() {
    const { next, isComing } = this.state;
    if (!next || isComing) return;
    const turn = ++this.turn;
    this.tell({ isComing: true });
    try {
      const page = await this.ask({ before: next, limit: PAGE });
      if (turn !== this.turn) return;
      const known = new Set(this.state.items.map(({ id }) => id));
      const items = [...this.state.items, ...page.items.filter(({ id }) => !known.has(id))];
      this.tell({ items, next: page.next, isComing: false, standing: "ready" });
    } catch {
      if (turn === this.turn) this.tell({ isComing: false, standing: "stuck" });
    }
  }

  // Some pictures moved: ask which of them belong here now. What is new at the top waits while somebody looks further down.
  async lookAt(moved) {
    if (this.hasSets || this.state.standing === "new") return this.look();
    const look = ++this.looks;
    let found;
    try {
      found = (await this.ask({ only: moved.join(",") })).items;
    } catch {
      return undefined;
    }
    const ids = moved.filter((id) => !this.isTouchedSince(look, id));
    found = found.filter(({ id }) => !this.isTouchedSince(look, id));
    const { items, held, next, total } = this.state;
    const fresh = new Map(found.map((item) => [item.id, item]));
    const known = new Set([...items, ...held].map(({ id }) => id));
    const gone = new Set(ids.filter((id) => known.has(id) && !fresh.has(id)));
    const renewed = (list) => list.filter(({ id }) => !gone.has(id)).map((item) => fresh.get(item.id) ?? item);
    const stay = renewed(items);
    const come = found.filter((item) => !known.has(item.id));
    const last = stay.reduce((lowest, item) => (lowest && this.isBefore(item, lowest) ? lowest : item), undefined);
    const here = come.filter((item) => !next || !last || this.isBefore(item, last));
    const top = ({ set }) => stay.find((other) => other.set !== set); // the rest of the newest set stands within it, and is new at the top too
    const isHeld = (item) => window.scrollY > FAR_DOWN_PX && top(item) && this.isBefore(item, top(item));
    return this.tell({
      items: this.merged(stay, here.filter((item) => !isHeld(item))),
      held: this.merged(renewed(held), here.filter(isHeld)),
      total: Math.max(0, total + come.length - gone.size),
      standing: "ready",
    });
  }

  showHeld() {
    this.tell({ items: this.merged(this.state.items, this.state.held), held: [] });
  }

  // What hangs keeps its order, which is not by age alone everywhere; what comes hangs before the first that it goes before.
  merged(items, come) {
    const all = [...items];
    for (const item of come) {
      const place = all.findIndex((other) => this.isBefore(item, other));
      all.splice(place < 0 ? all.length : place, 0, item);
    }
    return all;
  }

  touch(isMeant, change) {
    const since = (id) => (this.isTouchedSince(this.looks, id) ? this.touched.get(id).change : {});
    this.state.items.forEach(({ id }) => isMeant(id) && this.touched.set(id, { look: this.looks, change: change && { ...since(id), ...change } }));
  }

  // What was done to a picture since a look began is not undone by its answer, which is from before.
  isTouchedSince(look, id) {
    return this.touched.get(id)?.look >= look;
  }

  withWhatWasDone(found, look) {
    const done = (item) => this.touched.get(item.id).change;
    return found.flatMap((item) => (!this.isTouchedSince(look, item.id) ? item : done(item) ? { ...item, ...done(item) } : []));
  }

  // At once, before the server has said so.
  drop(isGone, total) {
    this.touch(isGone, null);
    const items = this.state.items.filter((item) => !isGone(item.id));
    this.tell({ items, total: total ?? Math.max(0, this.state.total - (this.state.items.length - items.length)) });
  }

  // What the server did not let go hangs again.
  rehang(item) {
    this.touched.delete(item.id);
    if (!this.state.items.some(({ id }) => id === item.id)) this.tell({ items: this.merged(this.state.items, [item]), total: this.state.total + 1 });
  }

  change(isMeant, change) {
    this.touch(isMeant, change);
    this.tell({ items: this.state.items.map((item) => (isMeant(item.id) ? { ...item, ...change } : item)) });
  }
}

// What has not changed stays the very thing it was, so that nothing is drawn again for it.
const same = (old, fresh) => {
  const before = new Map(old.map((item) => [item.id, item]));
  return fresh.map((item) => (JSON.stringify(before.get(item.id)) === JSON.stringify(item) ? before.get(item.id) : item));
};

const kept = new Map();

// The wall of a filter; the ones not looked at for longest are let go.
export const wallOf = (wanted, source = "/api/library") => {
  const key = `${source}?${queryOf(wanted)}`;
  const wall = kept.get(key) ?? new Wall(wanted, source);
  kept.delete(key);
  kept.set(key, wall);
  while (kept.size > WALLS_KEPT) kept.delete(kept.keys().next().value);
  return wall;
};

// A page that is loaded anew finds the wall it left: as many pictures, the same place.
export const leave = (wall) =>
  sessionStorage.setItem(LEFT, JSON.stringify({ visit: visit(), source: wall.source, query: queryOf(wall.wanted), count: wall.state.items.length, scrollY: wall.scrollY }));
export const comeBack = (wall) => {
  const left = JSON.parse(sessionStorage.getItem(LEFT) ?? "null");
  sessionStorage.removeItem(LEFT);
  if (left?.visit !== visit() || left.source !== wall.source || left.query !== queryOf(wall.wanted) || wall.state.standing !== "new") return;
  wall.wished = Math.max(PAGE, Math.min(WISHED_MAX, Number(left.count) || 0));
  wall.placeLeft = Number(left.scrollY) || 0;
};

// Something changed that concerns every wall, shown or not.
export const hear = ({ gone, moved, again }, shown) => {
  for (const wall of kept.values()) {
    if (wall !== shown && gone.length) wall.drop((id) => gone.includes(id));
  }
  if (!shown) return;
  if (again) shown.look();
  else {
    if (gone.length) shown.drop((id) => gone.includes(id));
    if (moved.length) shown.lookAt(moved);
  }
};
