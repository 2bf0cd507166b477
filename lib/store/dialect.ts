import { type Expression, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { type Builder, postgresBuilder, sqliteBuilder } from './builder';

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
    among: (text, list) => sql`${text} IN (SELECT value FROM json_each(${JSON.stringify(list)}))`,
    jsonField: (json, name) => sql`json_extract(${json}, ${`$.${JSON.stringify(name)}`})`,
    joined: (text) => sql`group_concat(${text}, char(10))`,
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
    among: (text, list) => sql`${text} = ANY(${arrayText(list)}::text[])`,
    jsonField: (json, name) => sql`(${json}::jsonb ->> ${name}::text)`,
    joined: (text) => sql`string_agg(${text}, chr(10) ORDER BY ${text})`,
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
