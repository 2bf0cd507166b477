import type { FilterValues } from './catalogue/types';

/** A filter's value; several mean “any of”. */
export type FilterValue = string | number | boolean | readonly (string | number | boolean)[];

/** A query in parts, of whatever operation; the typed queries of `types.ts` are narrower views of it. */
export interface AscQuery {
  readonly filter?: Readonly<Record<string, FilterValue | undefined>>;
  readonly exists?: Readonly<Record<string, boolean | undefined>>;
  readonly sort?: readonly string[];
  readonly include?: readonly string[];
  readonly fields?: Readonly<Record<string, readonly string[] | undefined>>;
  /** `page` is the page's own limit, every other name a to-many include's. */
  readonly limit?: Readonly<Record<string, number | undefined>>;
  readonly period?: string;
  readonly groupBy?: readonly string[];
}

/** Everything an operation accepts in its query, as lists to check against. */
export interface QueryRules {
  readonly filter: Readonly<Record<string, FilterValues>>;
  readonly required: readonly string[];
  readonly exists: readonly string[];
  /** With and without the leading minus. */
  readonly sort: readonly string[];
  readonly include: readonly string[];
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Name → most; `page` is the page's own limit. */
  readonly limit: Readonly<Record<string, number>>;
  readonly period: readonly string[];
  readonly groupBy: readonly string[];
}
