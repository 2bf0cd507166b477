import type { RawBuilder, SqlBool } from 'kysely';
import type { Dialect } from '@/lib/store/dialect';
import type { Condition } from './condition';
import type { SortKind } from './types';

/** Whether something is one of a filter's values. */
export type IsOne = (text: RawBuilder<unknown>) => RawBuilder<SqlBool>;

/** How a filter becomes a condition on the row `t`. */
export type FilterFact =
  | { readonly column: string; readonly kind?: 'text' | 'boolean' }
  | {
      readonly where: (isOne: IsOne, dialect: Dialect) => RawBuilder<SqlBool>;
      /** The same asked of a report's issue `i` alone, where that can tell. */
      readonly ofIssue?: (isOne: IsOne) => RawBuilder<SqlBool>;
      /** Whether it tells an e-mail address. */
      readonly isAddress?: boolean;
      /** Whether the values are compared in lower case. */
      readonly isLower?: boolean;
    }
  | { readonly made: (values: readonly string[], now: number) => Condition }
  /** Whole rows: `<account>~<app>~<id>`, where an id alone may stand for several. */
  | { readonly rowsBy: string };

export type FoldedText = RawBuilder<string | null>;

/** What a search asks for, as a query asks it. */
export interface Searched {
  /** Whether a text holds it. */
  has(text: FoldedText): RawBuilder<SqlBool>;
  /** The keys (`rowKey`) of all testers who may have it; null where no index knows them. */
  readonly testers: RawBuilder<number> | null;
  /** Account and id of the reports that say it, by the index of what they say, which holds no addresses. */
  readonly reports: RawBuilder<unknown>;
  /** Whether it is asked for somebody who sees no addresses. */
  readonly isMasked: boolean;
}

/**
 * Where a typed text is looked for: in a text of the row `t` itself, folded; or by a query that gives the keys (`key`) of
 * all rows found, so that an index leads to them and no other row is looked at.
 */
export type SearchText =
  | { readonly text: FoldedText; readonly isAddress?: boolean }
  | { readonly keys: (searched: Searched) => RawBuilder<unknown>; readonly isAddress?: boolean };

/** Filters that mean one and the same thing of a row, as a device of a tester, where several are given. */
export interface Together {
  readonly of: readonly string[];
  readonly where: (
    asked: readonly (readonly [name: string, isOne: IsOne])[],
    dialect: Dialect,
  ) => RawBuilder<SqlBool>;
}

/** What rows of a list can stand in groups by. */
export interface GroupFact {
  /** The column that says in which group a row is. */
  readonly column: string;
  /** The columns that the groups are sorted by; whole, so that no group is torn. */
  readonly order: readonly string[];
  /** Sorts of rows whose direction the groups take; by others the newest group comes first. */
  readonly along: readonly string[];
  /** In front of all, where the list is not of one app. */
  readonly acrossApps: string;
}

export interface TypeFacts {
  /** Table, with a condition that is always there. */
  readonly table: string;
  readonly where?: Condition;
  /** Whether its rows belong to issues, which know how many they have. */
  readonly isOfIssues?: boolean;
  readonly filter: Readonly<Record<string, FilterFact>>;
  readonly together?: Together;
  readonly exists?: Readonly<Record<string, string>>;
  /** Sort name → columns in order; `fold:name` sorts a name without regard to case and accents. */
  readonly sort: Readonly<Record<string, readonly string[]>>;
  /** What can be sorted by and stands in no column: over `t`, by the name that `sort` uses. */
  readonly computed?: Readonly<Record<string, (dialect: Dialect) => RawBuilder<unknown>>>;
  /** What is sorted by and is no text. */
  readonly kinds?: Readonly<Record<string, SortKind>>;
  readonly defaultSort: readonly string[];
  readonly groups?: Readonly<Record<string, GroupFact>>;
  /** Columns that end every sort and are unique. */
  readonly key: readonly string[];
  /** What is searched for the typed text. */
  readonly search: readonly SearchText[];
  /** What `#128` alone finds, instead of a text. */
  readonly byNumber?: (number: RawBuilder<unknown>) => RawBuilder<SqlBool>;
  /** Which sync scope fills the type; `/app` stands for one scope per app. */
  readonly scope: string;
  /** Whether these are the facts for somebody who sees no e-mail addresses. */
  readonly isMasked?: boolean;
}
