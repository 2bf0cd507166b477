import type { ResourceObject } from '../resource';

/** Kinds of values that rows are sorted by; text unless the facts say otherwise. `large`: numbers of more than 32 bits. */
export type SortKind = 'text' | 'number' | 'large' | 'boolean';

/** What a list is asked for. Filters and sorts are Apple's, plus those declared in `facts.ts`. */
export interface MirrorQuery {
  /** Absent: all accounts. */
  readonly accountId?: string | undefined;
  /** Several values mean “any of”, several filters “all of”. */
  readonly filter?: Readonly<Record<string, readonly string[]>> | undefined;
  /** `true`: only rows that have the attribute; `false`: only rows that do not. */
  readonly exists?: Readonly<Record<string, boolean>> | undefined;
  readonly search?: string | undefined;
  /** Names, each optionally with a leading minus. */
  readonly sort?: readonly string[] | undefined;
  /** What the rows stand in groups by: the groups are sorted first, and then the rows of each. */
  readonly group?: string | undefined;
  /** Ids of groups of which only a row is wanted, to hold their place; after `all`, of those that are whole. */
  readonly closed?: readonly string[] | undefined;
  readonly include?: readonly string[] | undefined;
  /** The most linkages shown per row, by relationship; 50 where nothing is said. */
  readonly limits?: Readonly<Record<string, number>> | undefined;
  /** Whoever asks sees e-mail addresses masked, and may not ask by them either. */
  readonly isMasked?: boolean | undefined;
  /** Rows of the page, 1 to 1,000. */
  readonly limit: number;
  /** From `nextCursor`; belongs to the same filters and sort. */
  readonly cursor?: string | undefined;
  /** Instead of a cursor. */
  readonly offset?: number | undefined;
  /** How many rows there are in all, where whoever asks knows it. */
  readonly counted?: (() => Promise<number>) | undefined;
  /** ms since 1970, for what was active since; now by default. */
  readonly now?: number | undefined;
}

/** What the head of a group says: of all its rows that the list holds. */
export interface RowGroup {
  /** `none` for rows that are in no group. */
  readonly id: string;
  readonly accountId: string;
  readonly appId: string;
  readonly trainVersion: string | null;
  readonly platform: string | null;
  readonly count: number;
  /** Of the newest readings; null where nothing was read. */
  readonly sessionCount: number | null;
  readonly crashCount: number | null;
  readonly newest: {
    readonly id: string;
    readonly version: string | null;
    readonly externalBuildState: string | null;
    readonly processingState: string | null;
    readonly isExpired: boolean;
  };
}

export interface MirrorPage {
  /** Apple's documents; `meta` holds accountId, appId and our additions. */
  readonly data: ResourceObject[];
  readonly included: ResourceObject[];
  /** The groups in which the rows stand. */
  readonly groups?: readonly RowGroup[];
  /** Set when something that was to be included is not in the mirror. */
  readonly isIncomplete?: true;
  readonly total: number;
  /** Set when a search over all apps matches more than is worth counting: `total` is then only a lower bound. */
  readonly isTotalLowerBound?: true;
  readonly nextCursor?: string;
  /** When the oldest part of what was asked for was last synced; ms since 1970, null for never. */
  readonly fetchedAt: number | null;
}

export interface MirrorDocument {
  readonly data: ResourceObject;
  readonly included: ResourceObject[];
  readonly isIncomplete?: true;
  readonly accountId: string;
  readonly appId: string | null;
  /** When this row was last read from Apple, ms since 1970. */
  readonly fetchedAt: number;
}

/** The query names something that does not exist here; `parameter` is the query parameter to blame. */
export class MirrorQueryError extends Error {
  override name = 'MirrorQueryError';
  constructor(
    readonly parameter: string,
    message: string,
  ) {
    super(message);
  }
}
