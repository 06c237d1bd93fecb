// The address of a wall: what is wanted, and which picture is shown over it.
import { useCallback, useEffect, useState } from "react";
import { useLocation } from "react-router";

const FIELDS = ["view", "q", "model", "shape", "when", "who", "favourites", "set", "sort", "period", "colours", "similar"];
const TEXT_MAX = 200;
const ID = /^[a-z0-9]{20,40}$/;

// The filter an address names. Whoever made the link chose it: only known fields count, and the server reads them again.
export const wantedIn = (search) => {
  const said = new URLSearchParams(search);
  return Object.fromEntries(FIELDS.map((field) => [field, (said.get(field) ?? "").slice(0, TEXT_MAX)]).filter(([, value]) => value));
};
export const queryOf = (wanted) => new URLSearchParams(FIELDS.filter((field) => wanted[field]).map((field) => [field, wanted[field]])).toString();
export const shownIn = (search) => {
  const id = new URLSearchParams(search).get("show") ?? "";
  return ID.test(id) ? id : "";
};
export const addressOf = (path, wanted, shown = "") => {
  const query = [queryOf(wanted), shown && `show=${shown}`].filter(Boolean).join("&");
  return query ? `${path}?${query}` : path;
};
// The address of a page that is no wall: whatever else it says stays.
export const showing = (path, search, shown = "") => {
  const said = new URLSearchParams(search);
  said.delete("show");
  if (shown) said.set("show", shown);
  const query = String(said);
  return query ? `${path}?${query}` : path;
};

// The address, changed without the router: it would open the page anew for every letter of a search.
export const useAddress = (path) => {
  const { key } = useLocation();
  const [search, setSearch] = useState(null);
  useEffect(() => {
    const read = () => location.pathname.replace(/\/$/, "") === path && setSearch(location.search);
    read();
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, [key, path]);
  const go = useCallback((address, { replace = false, mark = {} } = {}) => {
    const state = { ...history.state, ...mark, idx: (history.state?.idx ?? 0) + (replace ? 0 : 1) };
    history[replace ? "replaceState" : "pushState"](state, "", address);
    setSearch(location.search);
  }, []);
  return [search, go];
};

