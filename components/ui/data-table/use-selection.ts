'use client';

import { useEffect, useMemo, useState } from 'react';
import { narrowing } from '@/lib/browser/lists';
import type { ResourceObject } from '@/lib/browser/types';
import type { Total } from '@/lib/format/numbers';
import { hasPlace, type Kept, keepSelection, keptSelection, pick, pickedKey, rowKey } from './memory';
import { withoutSome } from './rows-query';
import type { Picked, Selection } from './types';

const NOTHING: Kept = { kind: 'some', rows: [] };

function withOne(rows: readonly Picked[], one: Picked): readonly Picked[] {
  return rows.some((row) => pickedKey(row) === pickedKey(one)) ? rows : [...rows, one];
}

function without(rows: readonly Picked[], keys: ReadonlySet<string>): readonly Picked[] {
  return rows.filter((row) => !keys.has(pickedKey(row)));
}

interface Given<Row extends ResourceObject> {
  /** The rows that are shown, in their order. */
  readonly rows: readonly Row[];
  /** The whole list's query string. */
  readonly query: string;
  readonly total: Total;
  /** What the rows are the answer to; null while they are still those of a former question. */
  readonly rowsOf: string | null;
}

/**
 * Which rows are selected: by id, or everything that matches minus some. Kept for this tab over opening a row and
 * coming back. Rows chosen one by one stay chosen when search or filters change; "everything that matches" means one
 * search, and holds only where that is shown.
 */
export function useSelection<Row extends ResourceObject>(list: string, here: string, given: Given<Row>) {
  const { rows, query, total, rowsOf } = given;
  const [kept, setKept] = useState<Kept>(NOTHING);
  const [anchor, setAnchor] = useState('');
  // After the first paint: the server has not seen what this tab remembers. A list that is visited anew, not come back
  // to from one of its rows, begins with nothing selected.
  useEffect(() => {
    if (hasPlace(here)) setKept(keptSelection(list));
  }, [list, here]);
  const change = setKept;

  const matching = narrowing(query).toString();
  const isElsewhere = kept.kind === 'all' && kept.query !== matching;
  const now = isElsewhere ? NOTHING : kept;

  // What was removed meanwhile can no longer be selected; what another search hides still can.
  const [seen, setSeen] = useState({ rows, rowsOf });
  if (rowsOf !== null && (seen.rows !== rows || seen.rowsOf !== rowsOf)) {
    setSeen({ rows, rowsOf });
    if (seen.rowsOf === rowsOf && kept.kind === 'some' && kept.rows.length > 0) {
      const left = new Set(rows.map(rowKey));
      const gone = new Set(seen.rows.map(rowKey).filter((key) => !left.has(key)));
      const rest = without(kept.rows, gone);
      if (gone.size > 0 && rest.length < kept.rows.length) setKept({ kind: 'some', rows: rest });
    }
  }

  const keys = useMemo(() => new Set((now.kind === 'some' ? now.rows : now.except).map(pickedKey)), [now]);
  const has = (row: Row) => keys.has(rowKey(row)) === (now.kind === 'some');
  const put = (some: readonly Row[], isIn: boolean) =>
    change(() => {
      const own = now.kind === 'some' ? now.rows : now.except;
      const next =
        isIn === (now.kind === 'some')
          ? some.reduce((all, row) => withOne(all, pick(row)), own)
          : without(own, new Set(some.map(rowKey)));
      return now.kind === 'some' ? { kind: 'some', rows: next } : { ...now, except: next };
    });

  const shown = rows.filter(has);
  const size =
    now.kind === 'some'
      ? { count: now.rows.length, isLowerBound: false }
      : { ...total, count: Math.max(0, total.count - now.except.length) };
  const selected: Selection<Row> = {
    rows: shown,
    picked: now.kind === 'some' ? now.rows : shown.map(pick),
    ids: now.kind === 'some' ? now.rows.map(({ id }) => id) : shown.map(({ id }) => id),
    isEverything: now.kind === 'all',
    except: now.kind === 'all' ? now.except : [],
    size,
    query: now.kind === 'all' ? withoutSome(query, now.except) : query,
  };
  return {
    selected,
    has,
    /** Chosen, but not among the rows that are loaded. */
    hidden: now.kind === 'some' ? now.rows.length - shown.length : 0,
    isElsewhere,
    toggle: (row: Row, isRange: boolean) => {
      if (isRange) {
        const index = rows.indexOf(row);
        const from = Math.max(
          0,
          rows.findIndex((one) => rowKey(one) === anchor),
        );
        put(rows.slice(Math.min(from, index), Math.max(from, index) + 1), true);
        return;
      }
      put([row], !has(row));
      setAnchor(rowKey(row));
    },
    toggleLoaded: () => {
      if (now.kind === 'all') change(() => NOTHING);
      else put(rows, shown.length < rows.length);
    },
    selectEverything: () => change(() => ({ kind: 'all', query: matching, except: [] })),
    /** Keeps what is selected while one of the rows is open. */
    keep: () => keepSelection(list, kept),
    clear: () => change(() => NOTHING),
  };
}

export type SelectionState<Row extends ResourceObject> = ReturnType<typeof useSelection<Row>>;
