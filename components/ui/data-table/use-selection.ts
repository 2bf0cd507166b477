'use client';

import { useState } from 'react';

interface State {
  readonly ids: ReadonlySet<string>;
  readonly isEverything: boolean;
  /** Where a range starts: the row last touched without shift. */
  readonly anchor: number;
}
const NOTHING: State = { ids: new Set(), isEverything: false, anchor: 0 };

/** Which rows are selected: by id, a range from the row last touched, or everything that matches. */
export function useSelection(ids: readonly string[], query: string) {
  const [state, setState] = useState(NOTHING);
  const [ofQuery, setOfQuery] = useState(query);
  // Another search is another list: what was selected there is not selected here.
  if (ofQuery !== query) {
    setOfQuery(query);
    setState(NOTHING);
  }
  // What was removed meanwhile can no longer be selected.
  const [ofIds, setOfIds] = useState(ids);
  if (ofIds !== ids) {
    setOfIds(ids);
    const loaded = new Set(ids);
    const left = [...state.ids].filter((id) => loaded.has(id));
    if (left.length < state.ids.size) setState({ ...state, ids: new Set(left) });
  }

  const toggle = (index: number, isRange: boolean) =>
    setState((before) => {
      const id = ids[index];
      if (id === undefined) return before;
      const next = new Set(before.isEverything ? ids : before.ids);
      if (isRange) {
        const [from, to] = [Math.min(before.anchor, index), Math.max(before.anchor, index)];
        for (const each of ids.slice(from, to + 1)) next.add(each);
        return { ids: next, isEverything: false, anchor: before.anchor };
      }
      if (!next.delete(id)) next.add(id);
      return { ids: next, isEverything: false, anchor: index };
    });

  return {
    ids: state.ids,
    isEverything: state.isEverything,
    has: (id: string) => state.isEverything || state.ids.has(id),
    toggle,
    toggleLoaded: () =>
      setState((before) =>
        before.isEverything || before.ids.size >= ids.length
          ? NOTHING
          : { ids: new Set(ids), isEverything: false, anchor: 0 },
      ),
    selectEverything: () => setState({ ids: new Set(ids), isEverything: true, anchor: 0 }),
    clear: () => setState(NOTHING),
  };
}

export type SelectionState = ReturnType<typeof useSelection>;
