import { type CompiledQuery, type Expression, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
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
  /** The same of numbers. */
  amongNumbers(number: Expression<number | null>, list: readonly number[]): RawBuilder<0 | 1>;
  /** Rows of texts as a source in a FROM, whose columns have these names; all are one parameter. */
  listed(rows: readonly (readonly string[])[], columns: readonly string[]): RawBuilder<unknown>;
  /** The members of a JSON list as rows of a source in a FROM, of this name. */
  members(json: Expression<string | null>, name: string): RawBuilder<unknown>;
  /** A field of a row of `members`, as text. */
  memberField(name: string, field: string): RawBuilder<string | null>;
  /** Different texts of a group in one, with commas, in no order. */
  together(text: Expression<string | null>): RawBuilder<string | null>;
  /** The greatest of several values, none of them null. */
  greatest(values: readonly Expression<string>[]): RawBuilder<string>;
  /** All texts of a group as lines of one, in no order that is promised; null when there is none. */
  joined(text: Expression<string | null>): RawBuilder<string | null>;
  /** The part of a text before (1) or behind (2) the first of a mark, which it holds. */
  cut(text: Expression<string>, mark: string, part: 1 | 2): RawBuilder<string>;
  /** One JSON object patched by another: what the patch names is replaced, null takes away. Null counts as empty. */
  jsonPatched(json: Expression<string | null>, patch: Expression<string | null>): RawBuilder<string>;
  /** A field of a JSON text, or of what is in it, as text; null when it has none. */
  jsonField(json: Expression<string | null>, ...names: readonly string[]): RawBuilder<string | null>;
  /** A JSON object with one member set, as text; null stays null. */
  jsonWith(json: Expression<string | null>, name: string, value: boolean): RawBuilder<string | null>;
  /** Whether a text holds another one; ASCII letters are alike in upper and lower case. */
  holds(text: Expression<string | null>, part: string): RawBuilder<0 | 1>;
  /** Whether any member of a JSON object of texts holds a text, as `holds` does. */
  jsonHolds(json: Expression<string | null>, part: string): RawBuilder<0 | 1>;
  /** What goes first into a transaction that must not overlap with another of the same name. */
  inTurn(name: string): readonly CompiledQuery[];
  /** Where a row of any table stands, to take some of many away. */
  rowPlace(): RawBuilder<unknown>;
  /**
   * Keys (`rowKey`) of the testers whose names or address hold one of the texts, folded, of three letters at least. An
   * index knows both as one text and its letters in its own way: unless `isPlain` (see there), its finds are looked at.
   */
  testersWith(texts: readonly string[], isPlain?: boolean): RawBuilder<number>;
  /** The same of one text that is plain, without the testers whose name begins with it. */
  testersWithin(text: string): RawBuilder<number>;
  /**
   * Account and id of the reports whose comment or log holds a text, folded. An index knows both as one text, and leads
   * to them as `lookupOf` says of the text.
   */
  reportsWith(text: string, by: Lookup): RawBuilder<unknown>;
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
    amongNumbers: (number, list) =>
      sql`${number} IN (SELECT value FROM json_each(${encoded(list, JSON.stringify)}))`,
    listed: (rows, columns) =>
      // With a limit each row is taken apart once, not at each mention of its columns.
      sql`(SELECT ${sql.join(
        columns.map((name, at) => sql`json_extract(value, ${sql.lit(`$[${at}]`)}) AS ${sql.ref(name)}`),
      )} FROM json_each(${encoded(rows, JSON.stringify)}) LIMIT -1)`,
    members: (json, name) => sql`json_each(${json}) AS ${sql.ref(name)}`,
    memberField: (name, field) =>
      sql`${sql.ref(`${name}.value`)} ->> ${sql.lit(`$.${JSON.stringify(field)}`)}`,
    together: (text) => sql`group_concat(DISTINCT ${text})`,
    greatest: (values) => sql`max(${sql.join(values)})`,
    joined: (text) => sql`group_concat(${text}, char(10))`,
    cut: (text, mark, part) => {
      const at = sql`instr(${text}, ${sql.lit(mark)})`;
      return part === 1 ? sql`substr(${text}, 1, ${at} - 1)` : sql`substr(${text}, ${at} + 1)`;
    },
    jsonPatched: (json, patch) => sql`json_patch(coalesce(${json}, '{}'), coalesce(${patch}, '{}'))`,
    jsonField: (json, ...names) =>
      sql`json_extract(${json}, ${['$', ...names.map((name) => JSON.stringify(name))].join('.')})`,
    jsonWith: (json, name, value) => sql`json_set(${json}, ${`$.${name}`}, json(${JSON.stringify(value)}))`,
    holds: (text, part) => sql`${text} LIKE ${like(part)} ESCAPE '\\'`,
    jsonHolds: (json, part) =>
      sql`EXISTS (SELECT 1 FROM json_each(${json}) AS member WHERE member.value LIKE ${like(part)} ESCAPE '\\')`,
    // There is one writer, and a transaction begins with its lock.
    inTurn: () => [],
    rowPlace: () => sql`rowid`,
    testersWith: (texts, isPlain = false) => {
      const found = sql`SELECT rowid AS "rowKey" FROM "testerSearch" WHERE "testerSearch" MATCH ${encoded(texts, (all) => all.map(quoted).join(' OR '))}`;
      if (isPlain) return sql`(${found})`;
      const is = sql`instr("nameLower" || ' ' || "nameLower", value) > 0 OR instr("emailLower", value) > 0`;
      return sql`(SELECT "rowKey" FROM "betaTesters" WHERE "rowKey" IN (${found})
        AND EXISTS (SELECT 1 FROM json_each(${encoded(texts, JSON.stringify)}) WHERE ${is}))`;
    },
    testersWithin: (text) =>
      sql`(SELECT rowid AS "rowKey" FROM "testerSearch"
        WHERE "testerSearch" MATCH ${encoded(text, (one) => `${quoted(one)} NOT ^${quoted(one)}`)})`,
    reportsWith: (text, by) => {
      const of = sql`SELECT "accountId", "feedbackId" FROM "feedbackWords"`;
      const found = sql`"rowKey" IN (SELECT rowid FROM "feedbackSearch" WHERE "feedbackSearch" MATCH ${encoded(text, quoted)})`;
      const is = sql`(instr("comment", ${text}) > 0 OR instr("log", ${text}) > 0)`;
      if (by === 'index') return sql`(${of} WHERE ${found})`;
      return by === 'all' ? sql`(${of} WHERE ${is})` : sql`(${of} WHERE ${found} AND ${is})`;
    },
    skipLocked: (query) => query,
  };
}

/** PostgreSQL's words. */
export function postgresDialect(): Dialect {
  const build = postgresBuilder();
  return {
    engine: 'postgres',
    build,
    folded: (text) => sql`fold(${text})`,
    contains: (text, part) => sql`strpos(${text}, ${part}) > 0`,
    among: (text, list) => sql`${text} = ANY(${encoded(list, arrayText)}::text[])`,
    amongNumbers: (number, list) => sql`${number} = ANY(${encoded(list, arrayText)}::bigint[])`,
    listed: (rows, columns) =>
      sql`(SELECT ${sql.join(
        columns.map((name, at) => sql`(value ->> ${sql.lit(at)}) COLLATE "C" AS ${sql.ref(name)}`),
      )} FROM jsonb_array_elements(${encoded(rows, JSON.stringify)}::text::jsonb))`,
    members: (json, name) => sql`jsonb_array_elements(${parsed(json)}) AS ${sql.ref(name)}("value")`,
    memberField: (name, field) => sql`(${sql.ref(`${name}.value`)} ->> ${sql.lit(field)}) COLLATE "C"`,
    together: (text) => sql`string_agg(DISTINCT ${text}, ',')`,
    greatest: (values) => sql`greatest(${sql.join(values)})`,
    joined: (text) => sql`string_agg(${text}, chr(10) ORDER BY ${text})`,
    cut: (text, mark, part) => {
      const at = sql`strpos(${text}, ${sql.lit(mark)})`;
      return part === 1 ? sql`substr(${text}, 1, ${at} - 1)` : sql`substr(${text}, ${at} + 1)`;
    },
    jsonPatched: (json, patch) => sql`"jsonPatch"(coalesce(${json}, '{}'), coalesce(${patch}, '{}'))`,
    jsonField: (json, ...names) => sql`(${parsed(json)} #>> ${arrayText(names)}::text[])`,
    jsonWith: (json, name, value) =>
      sql`jsonb_set(${parsed(json)}, ARRAY[${name}::text], ${JSON.stringify(value)}::jsonb)::text`,
    holds: (text, part) => sql`lower(${text} COLLATE "C") LIKE ${like(lower(part))}`,
    jsonHolds: (json, part) =>
      sql`EXISTS (SELECT 1 FROM jsonb_each_text(${parsed(json)}) AS member
        WHERE lower(member.value COLLATE "C") LIKE ${like(lower(part))})`,
    inTurn: (name) => [sql`SELECT pg_advisory_xact_lock(hashtext(${name}))`.compile(build)],
    rowPlace: () => sql`ctid`,
    testersWith: (texts, isPlain = false) => {
      const found = sql`SELECT "rowKey" FROM "betaTesters" WHERE "testerText"("nameLower", "emailLower") LIKE ANY(${encoded(texts, (all) => arrayText(all.map(like)))}::text[])`;
      if (isPlain) return sql`(${found})`;
      const is = sql`strpos("nameLower" || ' ' || "nameLower", value) > 0 OR strpos("emailLower", value) > 0`;
      return sql`(${found} AND EXISTS (SELECT 1 FROM unnest(${encoded(texts, arrayText)}::text[]) AS value WHERE ${is}))`;
    },
    testersWithin: (text) =>
      sql`(SELECT "rowKey" FROM "betaTesters" WHERE "testerText"("nameLower", "emailLower") LIKE ${encoded(text, like)}
        AND starts_with("nameLower", ${text}) IS NOT TRUE)`,
    reportsWith: (text, by) => {
      const of = sql`SELECT "accountId", "feedbackId" FROM "feedbackWords"`;
      return by === 'all'
        ? sql`(${of} WHERE strpos("comment", ${text}) > 0 OR strpos("log", ${text}) > 0)`
        : sql`(${of} WHERE "comment" || chr(10) || "log" LIKE ${encoded(text, like)})`;
    },
    skipLocked: (query) => query.forUpdate().skipLocked(),
  };
}

/**
 * Whether an index of names and addresses finds a text exactly where it is: without a space it reaches over no border
 * between them, and letters of ASCII are alike only to themselves.
 */
export const isPlainText = (text: string): boolean => /^[!-~]*$/.test(text);

/**
 * How the index of what reports say finds a text: exactly (no border there is a space), or more than that, so that its
 * finds are looked at, because letters beyond ASCII are alike to it in its own way. It holds three letters at a time:
 * for less all reports are looked at.
 */
export type Lookup = 'index' | 'finds' | 'all';

/** How to look for a text, folded. */
export const lookupOf = (text: string): Lookup =>
  [...text].length < 3 || text.includes('\0') ? 'all' : /^[ -~]*$/.test(text) ? 'index' : 'finds';

/**
 * JSON of a column as PostgreSQL takes it. What was moved from an SQLite of former versions, hashed letter by letter, may
 * hold a NUL or half of a pair as an escape.
 */
const parsed = (json: Expression<string | null>) =>
  sql`(CASE WHEN strpos(${json}, '\\u') = 0 THEN ${json}
    ELSE regexp_replace(${json}, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u(0000|d[89a-f][0-9a-f]{2})', '\\1\\\\ufffd', 'gi') END)::jsonb`;
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
/** ASCII letters only, as the engines do it without a locale. */
const lower = (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
const like = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
/** A list as PostgreSQL writes it in one text. */
const arrayText = (list: readonly (string | number)[]) =>
  `{${list.map((each) => `"${String(each).replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;
