// Choosing many: one by one, a range with shift, or everything that matches, with or without some.
import { useCallback, useMemo, useState } from "react";

const NOTHING = { isOn: false, ids: new Set(), isAll: false, anchor: "" };

export const useChoosing = (items, total) => {
  const [chosen, setChosen] = useState(NOTHING);
  const has = useCallback((id) => chosen.isAll !== chosen.ids.has(id), [chosen]);
  return useMemo(() => {
    const ids = (set) => setChosen((old) => ({ ...old, ...set(old) }));
    return {
      ...chosen,
      has,
      count: chosen.isAll ? Math.max(0, total - chosen.ids.size) : chosen.ids.size,
      start: () => setChosen({ ...NOTHING, isOn: true }),
      stop: () => setChosen(NOTHING),
      all: () => ids(() => ({ ids: new Set(), isAll: true })),
      none: () => ids(() => ({ ids: new Set(), isAll: false, anchor: "" })),
      toggle: (id) =>
        ids((old) => {
          const next = new Set(old.ids);
          if (!next.delete(id)) next.add(id);
          return { ids: next, anchor: id };
        }),
      // From the last one pressed to this one, all as that one is.
      reach: (id) =>
        ids((old) => {
          const order = items.map((item) => item.id);
          const [from, to] = [order.indexOf(old.anchor), order.indexOf(id)].sort((one, other) => one - other);
          if (from < 0) return { ids: new Set(old.ids).add(id), anchor: id };
          const isIn = old.ids.has(old.anchor);
          const next = new Set(old.ids);
          order.slice(from, to + 1).forEach((one) => (isIn ? next.add(one) : next.delete(one)));
          return { ids: next, anchor: old.anchor };
        }),
    };
  }, [chosen, has, items, total]);
};
