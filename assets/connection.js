// What still works while the socket is down, said in words; and, when it stays down, jobs and pictures fetched by plain requests.
import { createElement as h, useEffect, useState } from "react";

const OFF_AFTER_MS = 6_000;
const EVERY_MS = 5_000;
const HIDDEN_EVERY_MS = 30_000;
const PICTURES_KEPT = 24;
const UNPLUGGED = "M19 5l3-3M2 22l3-3M6.3 20.3a2.4 2.4 0 0 0 3.4 0L12 18l-6-6-2.3 2.3a2.4 2.4 0 0 0 0 3.4ZM7.5 13.5 10 11M10.5 16.5 13 14M12 6l6 6 2.3-2.3a2.4 2.4 0 0 0 0-3.4l-2.6-2.6a2.4 2.4 0 0 0-3.4 0Z";

const WORDS = {
  reconnecting: "Reconnecting. You can read and scroll; pressing waits.",
  off: "Live updates are off. You can read and scroll; pressing waits.",
  unreachable: "The studio cannot be reached. You can read and scroll; pressing waits.",
  signedOut: "You are not signed in.",
};

// One question: what has changed since `since`. The browser's cache answers the unchanged one in a few bytes.
const changesSince = async (since, signal) => {
  const answer = await fetch(`/api/live/changes?since=${encodeURIComponent(since)}`, { signal, cache: "no-cache" });
  if (answer.status === 401) return { standing: document.querySelector(".shell") ? "signedOut" : "" };
  if (!answer.ok) throw new Error(String(answer.status));
  return { standing: "off", ...(await answer.json()) };
};

const withNew = (kept, come) => [...come, ...kept.filter((old) => !come.some(({ id }) => id === old.id))].slice(0, PICTURES_KEPT);

export function Connection({ isDown, isHydrated }) {
  const isOut = isDown || !isHydrated; // a line that only hangs tells nobody that it failed
  const [standing, setStanding] = useState("");
  const [jobs, setJobs] = useState([]);
  const [pictures, setPictures] = useState([]);

  // Whether the page answers to keys and clicks, for whoever drives it from outside.
  useEffect(() => {
    document.documentElement.dataset.line = isOut ? "down" : "up";
  }, [isOut]);

  useEffect(() => {
    if (!isOut) {
      setStanding("");
      setJobs([]);
      setPictures([]);
      return undefined;
    }
    const asking = new AbortController();
    let since = "";
    let timer = 0;
    const poll = async () => {
      try {
        const found = await changesSince(since, asking.signal);
        setStanding(found.standing);
        if (found.standing !== "off") return;
        since = found.cursor;
        setJobs(found.jobs);
        setPictures((kept) => withNew(kept, found.pictures));
        // A wall that is open takes them up.
        if (found.pictures.length) window.dispatchEvent(new CustomEvent("studio:arrived", { detail: found.pictures.map(({ id }) => id) }));
      } catch {
        if (asking.signal.aborted) return;
        setStanding("unreachable");
      }
      timer = setTimeout(poll, document.hidden ? HIDDEN_EVERY_MS : EVERY_MS);
    };
    timer = setTimeout(poll, OFF_AFTER_MS);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [isOut]);

  const said = standing || (isDown ? "reconnecting" : "");
  const words = said &&
    h(
      "p",
      { className: "connection" },
      h("svg", { className: "icon sm", viewBox: "0 0 24 24", "aria-hidden": "true" }, h("path", { d: UNPLUGGED })),
      WORDS[said],
      said === "signedOut" && h("a", { href: "/login", className: "link" }, "Sign in"),
    );
  const has = standing === "off" && (jobs.length || pictures.length);
  return h(
    "aside",
    { className: "reach", "aria-label": "Connection" },
    h("div", { role: "status", "aria-label": "Connection" }, words),
    has
      ? h(
          "section",
          { className: "arrivals", "aria-label": "Arriving" },
          h(
            "ul",
            { className: "arriving" },
            jobs.map((job) => h("li", { key: job.id }, h("span", { className: "clip" }, job.prompt), h("span", { className: "muted" }, job.words))),
          ),
          h(
            "ul",
            { className: "arrived" },
            pictures.map((picture) =>
              h(
                "li",
                { key: picture.id },
                h(
                  "a",
                  { href: picture.href },
                  h("img", { src: picture.src, alt: picture.alt, width: picture.width, height: picture.height, loading: "lazy" }),
                ),
              ),
            ),
          ),
        )
      : null,
  );
}
