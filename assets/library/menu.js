// The menu of a picture (picture_menu.py): which one it was opened on, and what was chosen. One menu and one listener serve all of a page.
import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";

const imageOf = (element) => {
  const around = element.closest("[data-image], [data-id]");
  return around?.dataset.image ?? around?.dataset.id;
};

// `onAct` is told what was chosen and for which picture; `isFavourite` says whether one is, and `isPublic` whether everybody sees it. What is
// published is so on its own page, which has the form.
export function usePictureMenu(onAct, isFavourite, isPublic) {
  const act = useRef(onAct);
  act.current = onAct;
  const knows = useRef(null);
  knows.current = { isFavourite, isPublic };
  const go = useRef(null);
  go.current = useNavigate();
  const chosen = useRef(null); // the picture whose menu is open
  const mark = () => {
    const menu = document.getElementById("picture-menu");
    menu?.querySelector("[data-act=favour]").setAttribute("aria-checked", String(Boolean(knows.current.isFavourite(chosen.current))));
    menu?.toggleAttribute("data-public", Boolean(knows.current.isPublic(chosen.current)));
  };
  useEffect(mark); // what the server says of it meanwhile, or another tab does, is shown in the open menu too
  useEffect(() => {
    const hear = ({ target }) => {
      const opener = target.closest?.("[popovertarget=picture-menu]");
      if (opener) {
        chosen.current = imageOf(opener);
        document.documentElement.style.setProperty("--of", `url(/media/${chosen.current}/256)`); // on a phone the menu covers the picture, and shows it
        mark();
      }
      const item = target.closest?.("[data-act]");
      const image = item && (imageOf(item) ?? chosen.current);
      if (!image) return;
      if (item.dataset.act === "publish") go.current(`/image/${image}#publishing`);
      else act.current(item.dataset.act, image);
    };
    document.addEventListener("click", hear);
    return () => document.removeEventListener("click", hear);
  }, []);
}
