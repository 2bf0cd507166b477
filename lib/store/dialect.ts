import { type Expression, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { type Builder, postgresBuilder, sqliteBuilder } from './builder';
import { encoded } from './hole';

/** What the two engines say in different words, as parts of a query. */
export interface Dialect {
  readonly engine: 'sqlite' | 'postgres';
  /** Makes queries; runs none by itself. */
  readonly build: Builder;
  /** Lower-case and without Latin accents, as `fold` does. */
  folded(text: Expression<string | null>): RawBuilder<string | null>;
  /** Whether a text holds another one, letter by letter. */
  contains(text: Expression<string | null>, part: string): RawBuilder<0 | 1>;
  /** Whether a text is one of a list of any length; the list is one parameter. */
  among(text: Expression<string | null>, list: readonly string[]): RawBuilder<0 | 1>;
  /** A field of a JSON text, as text; null when it has none. */
  jsonField(json: Expression<string | null>, name: string): RawBuilder<string | null>;
  /** All texts of a group as lines of one, in no order that is promised; null when there is none. */
  joined(text: Expression<string | null>): RawBuilder<string | null>;
  /** Where a row of any table stands, to take some of many away. */
  rowPlace(): RawBuilder<unknown>;
  /** The part of a text before (1) or behind (2) the first of a mark, which it holds. */
  cut(text: Expression<string>, mark: string, part: 1 | 2): RawBuilder<string>;
  /** One JSON object patched by another: what the patch names is replaced, null takes away. Null counts as empty. */
  jsonPatched(json: Expression<string | null>, patch: Expression<string | null>): RawBuilder<string>;
  /** Keys (`rowKey`) of the testers whose names or address hold one of the texts: folded, three letters at least. */
  testersWith(texts: readonly string[]): RawBuilder<number>;
  /** Rows that another process is just taking are left to it; on SQLite nobody else takes at the same time. */
  skipLocked<DB, Table extends keyof DB, Row>(
    query: SelectQueryBuilder<DB, Table, Row>,
  ): SelectQueryBuilder<DB, Table, Row>;
}

/** SQLite's words. */
export function sqliteDialect(): Dialect {
  return {
    engine: 'sqlite',
    build: sqliteBuilder(),
    folded: (text) => sql`fold(${text})`,
    contains: (text, part) => sql`instr(${text}, ${part}) > 0`,
    among: (text, list) => sql`${text} IN (SELECT value FROM json_each(${encoded(list, JSON.stringify)}))`,
    jsonField: (json, name) => sql`json_extract(${json}, ${`$.${JSON.stringify(name)}`})`,
    joined: (text) => sql`group_concat(${text}, char(10))`,
    rowPlace: () => sql`rowid`,
    cut: (text, mark, part) => {
      const at = sql`instr(${text}, ${sql.lit(mark)})`;
      return part === 1 ? sql`substr(${text}, 1, ${at} - 1)` : sql`substr(${text}, ${at} + 1)`;
    },
    jsonPatched: (json, patch) => sql`json_patch(coalesce(${json}, '{}'), coalesce(${patch}, '{}'))`,
    testersWith: (texts) =>
      sql`(SELECT rowid FROM "testerSearch" WHERE "testerSearch" MATCH ${texts.map(quoted).join(' OR ')})`,
    skipLocked: (query) => query,
  };
}

/** PostgreSQL's words. */
export function postgresDialect(): Dialect {
  return {
    engine: 'postgres',
    build: postgresBuilder(),
    folded: (text) => sql`fold(${text})`,
    contains: (text, part) => sql`strpos(${text}, ${part}) > 0`,
    among: (text, list) => sql`${text} = ANY(${encoded(list, arrayText)}::text[])`,
    jsonField: (json, name) => sql`(${json}::jsonb ->> ${name}::text)`,
    joined: (text) => sql`string_agg(${text}, chr(10) ORDER BY ${text})`,
    rowPlace: () => sql`ctid`,
    cut: (text, mark, part) => {
      const at = sql`strpos(${text}, ${sql.lit(mark)})`;
      return part === 1 ? sql`substr(${text}, 1, ${at} - 1)` : sql`substr(${text}, ${at} + 1)`;
    },
    jsonPatched: (json, patch) => sql`"jsonPatch"(coalesce(${json}, '{}'), coalesce(${patch}, '{}'))`,
    testersWith: (texts) =>
      sql`(SELECT "rowKey" FROM "betaTesters" WHERE ${sql.join(
        texts.map((text) => sql`"testerText"("nameLower", "emailLower") LIKE ${like(text)}`),
        sql` OR `,
      )})`,
    skipLocked: (query) => query.forUpdate().skipLocked(),
  };
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const like = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
/** A list as PostgreSQL writes it in one text. */
const arrayText = (list: readonly string[]) =>
  `{${list.map((each) => `"${each.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;
