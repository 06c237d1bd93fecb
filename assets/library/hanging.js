// Hanging: where each picture goes. The next one always takes the highest free place, so the order of reading is the order of the list,
// and what comes later never moves what hangs.

const NARROWEST = 0.42; // width / height; what is longer is shown cut, and whole in the viewer
const WIDEST = 2.6;
const LEVEL = 0.08; // of a column, and a line: places this close count as level, and the leftmost is taken

const FEW = 3; // so few hang larger, where they are all there is
const CAPTION = 26; // in pixels, below each picture: one line of words
const LINE = 18; // and so many more where they need a second one
const LETTER = 5.9; // so wide is one on the whole: too much rather than too little, for what is left of a second line is the maker's
const NTH = 46; // "2 of 4", beside them

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const OF_A_YEAR = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

// The walls on which each picture says on a line of its own who made it: there it matters most. Known before their pages are awake.
const NAMED = ["/feed"];
export const isNamedOn = (path) => NAMED.includes(path);

// When one of one's own was drawn. What others hang says who made it instead, and in the trash it is the days that are left that count.
const isDated = ({ set, by, thrown }) => Boolean(set) && !by && !thrown;
const drawnOn = ({ at }) => {
  const day = new Date(at);
  return (day.getFullYear() === new Date().getFullYear() ? DAY : OF_A_YEAR).format(day);
};

// The words below a picture, each with its class: what it is called, and on the same line or, with the day and where it
// `isNamed`, on one of its own, what is known of it.
export const captionOf = (item, isNamed = false) => {
  const day = isDated(item) && drawnOn(item);
  const known = [day && ["muted day", day], (item.by || item.nth) && [item.by ? "muted" : "muted nth", item.by ?? item.nth]];
  return { className: day || isNamed ? "dated" : undefined, words: [["called clamp", item.title ?? item.alt], ...known.filter(Boolean)] };
};

const columnsOf = (width, pictures) => Math.min(pictures > FEW ? Infinity : FEW, width < 520 ? Math.min(2, pictures) : width < 760 ? 3 : width < 1100 ? 4 : width < 1500 ? 5 : 6);

// How many lines its words take, at most two; known before they are drawn, so that nothing moves when they are. In the two columns of a phone
// what has no day takes one, and what is as tall as its neighbour stands level with it.
const linesOf = (item, column, count, isNamed) => (isNamed || isDated(item) || (count > 2 && (item.title ?? item.alt).length * LETTER + (item.nth ? NTH : 0) > column) ? 2 : 1);

// Of each its place, its size without its words, their `lines`, and its `whole` height with them.
// `isPart`: more hangs elsewhere (behind a filter, beside the trash), as wide as which these hang too.
export const hang = (items, width, gap, isPart = false, isNamed = false) => {
  const count = columnsOf(width, isPart ? Infinity : items.length);
  const column = (width - gap * (count - 1)) / count;
  const tops = Array(count).fill(0);
  const places = items.map((item) => {
    const highest = Math.min(...tops);
    const at = tops.findIndex((top) => top <= highest + column * LEVEL + LINE);
    const ratio = Math.min(WIDEST, Math.max(NARROWEST, item.width / item.height));
    const lines = linesOf(item, column, count, isNamed);
    const height = Math.round(column / ratio);
    const place = { x: Math.round(at * (column + gap)), y: Math.round(tops[at]), width: Math.round(column), height, lines, whole: height + CAPTION + (lines - 1) * LINE };
    tops[at] = place.y + place.whole + gap;
    return place;
  });
  return { places, height: Math.max(0, ...tops) - (items.length ? gap : 0), column };
};

// The picture one comes to by an arrow: beside it in the list, or the nearest above or below on the wall.
export const neighbour = (places, at, key) => {
  if (key === "ArrowRight") return at + 1;
  if (key === "ArrowLeft") return at - 1;
  const here = places[at];
  const middle = here.x + here.width / 2;
  const isBeyond = key === "ArrowDown" ? ({ y }) => y >= here.y + here.height : ({ y, height }) => y + height <= here.y;
  let best = -1;
  let least = Infinity;
  places.forEach((place, index) => {
    if (index === at || !isBeyond(place)) return;
    const across = Math.abs(place.x + place.width / 2 - middle);
    const along = key === "ArrowDown" ? place.y - here.y : here.y - place.y;
    if (across * 3 + along < least) [best, least] = [index, across * 3 + along];
  });
  return best;
};

// Pictures of one set share their words: which of them this is stands behind, for those who do not see it too.
export const altOf = ({ alt, nth }) => (nth ? `${alt}, ${nth}` : alt);
// What one of one's own is called by the words that stand below it.
export const calledOf = (item) => altOf({ ...item, alt: item.title ?? item.alt });

// The renditions with their true widths: a variant is the length of the longer side, and none is larger than the original.
export const srcset = (item, base) => {
  const longer = Math.max(item.width, item.height);
  const widthOf = (side) => Math.max(1, Math.round((item.width * Math.min(side, longer)) / longer));
  return [256, 512, 1024].map((side) => `${base}/${item.id}/${side} ${widthOf(side)}w`).join(", ");
};
