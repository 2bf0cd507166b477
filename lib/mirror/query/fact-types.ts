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

/**
 * A text that is searched, folded; `within` asks it of other rows that belong to `t`, `reports` of the index of what
 * reports say, which holds no addresses; `testers` of the tester whom `t` is of, by the keys of all who may have it, or
 * null where no index knows them.
 */
export type SearchText =
  | { readonly text: FoldedText; readonly isAddress?: boolean }
  | { readonly reports: (found: RawBuilder<unknown>) => RawBuilder<SqlBool>; readonly isAddress?: boolean }
  | {
      readonly within: (has: (text: FoldedText) => RawBuilder<SqlBool>) => RawBuilder<SqlBool>;
      readonly isAddress?: boolean;
    }
  | {
      readonly testers: (
        found: RawBuilder<number> | null,
        has: (text: FoldedText) => RawBuilder<SqlBool>,
        isMasked?: boolean,
      ) => RawBuilder<SqlBool>;
      readonly isAddress?: false;
    };

export interface TypeFacts {
  /** Table, with a condition that is always there. */
  readonly table: string;
  readonly where?: Condition;
  /** Whether its rows belong to issues, which know how many they have. */
  readonly isOfIssues?: boolean;
  readonly filter: Readonly<Record<string, FilterFact>>;
  readonly exists?: Readonly<Record<string, string>>;
  /** Sort name → columns in order; `fold:name` sorts a name without regard to case and accents. */
  readonly sort: Readonly<Record<string, readonly string[]>>;
  /** What can be sorted by and stands in no column: over `t`, by the name that `sort` uses. */
  readonly computed?: Readonly<Record<string, (dialect: Dialect) => RawBuilder<unknown>>>;
  /** What is sorted by and is no text. */
  readonly kinds?: Readonly<Record<string, SortKind>>;
  readonly defaultSort: readonly string[];
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
