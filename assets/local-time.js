// A moment in the reader's own time zone. React draws it, so it is local from its first paint and nothing jumps; the words that came
// from the server (UTC) stay where a browser does not know the zone. "since" counts up, "until" down, "ago" goes on by itself.
import { createElement, useEffect, useReducer, useRef } from "react";

const MINUTE = 60, HOUR = 3600, DAY = 86400; // seconds
const waiting = new Set();
let ticking = null;

// One timer for however many times a page shows.
const eachSecond = (look) => {
  waiting.add(look);
  ticking ??= setInterval(() => document.hidden || waiting.forEach((again) => again()), 1000);
  return () => {
    waiting.delete(look);
    if (!waiting.size) ticking = clearInterval(ticking) ?? null;
  };
};

const written = (options) => new Intl.DateTimeFormat("en-GB", options);
const inWords = (seconds) => {
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < 10 * MINUTE) return `${Math.floor(seconds / MINUTE)} min ${seconds % MINUTE} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ${Math.floor((seconds % HOUR) / MINUTE)} min`;
  return seconds < 2 * DAY ? "1 day" : `${Math.floor(seconds / DAY)} days`;
};

// Midnights passed, as the reader's calendar counts them.
const daysBetween = (then, now) => Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / (DAY * 1000));

const ago = (then, now) => {
  const seconds = Math.max(0, Math.floor((now - then) / 1000));
  if (seconds < MINUTE) return "just now";
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ago`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ago`;
  const days = daysBetween(then, now);
  if (days < 2) return "yesterday";
  return days < 7 ? `${days} days ago` : written({ day: "numeric", month: "long", year: "numeric" }).format(then);
};

const kinds = {
  ago,
  since: (then, now) => inWords(Math.max(0, Math.floor((now - then) / 1000))),
  until: (then, now) => inWords(Math.max(1, Math.ceil((then - now) / 1000))),
  day: (then) => written({ day: "numeric", month: "long", year: "numeric" }).format(then),
  moment: (then) => written({ day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(then),
};

const said = (kind, at, words) => {
  const then = new Date(at);
  if (!at || Number.isNaN(then.getTime())) return words;
  try {
    return kinds[kind](then, new Date());
  } catch { // a browser without zones
    return words;
  }
};

const exact = (at) => {
  const then = new Date(at);
  if (!at || Number.isNaN(then.getTime())) return undefined;
  return written({ dateStyle: "full", timeStyle: "long" }).format(then);
};

export function LocalTime({ at, kind = "moment", words = "", ...rest }) {
  const [, drawAgain] = useReducer((count) => count + 1, 0);
  const shown = said(kind, at, words);
  const last = useRef(shown);
  last.current = shown;
  useEffect(() => {
    if (!["ago", "since", "until"].includes(kind)) return undefined;
    return eachSecond(() => said(kind, at, words) !== last.current && drawAgain());
  }, [kind, at, words]);
  return createElement("time", { ...rest, dateTime: at, title: exact(at) }, shown);
}
