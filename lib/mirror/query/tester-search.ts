import { type RawBuilder, sql } from 'kysely';
import { type Dialect, isPlainText } from '@/lib/store/dialect';
import { forms, shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { fold, spellings } from '../text';
import { appsOf, inApps } from './apps';
import { allOf, type Condition, columnIs } from './condition';
import type { TypeFacts } from './fact-types';
import { type OrderColumn, orderSql, signature } from './order';
import { firstOf, placeOf, type RowPage } from './place';
import type { MirrorRow } from './rows';
import { searchCondition } from './search';
import { rowsOf } from './tester-rows';
import type { MirrorQuery } from './types';

/** Matches are counted up to here; beyond, the total is a lower bound. */
const COUNTED = 5_000;
/**
 * The index holds trigrams: shorter words are looked up as the beginning of an e-mail address, or of a name for those
 * who see no addresses.
 */
const SHORTEST = 3;

/**
 * The most matches worth sorting by their rows. More lie so close together that the order itself is walked, but for
 * those that an order puts in one place.
 */
const SORTED = 10_000;

/** A search over several apps: how many match, and their rows in order when they are few. */
export async function searchTesters(
  db: Store,
  query: MirrorQuery,
  conditions: readonly Condition[],
  order: readonly OrderColumn[],
): Promise<Omit<RowPage, 'rows'> & { readonly rows?: RowPage['rows'] }> {
  const matches = await matchesOf(db, query, conditions);
  const found = await countUpTo(db, matches, SORTED + 1);
  return {
    total: Math.min(found, COUNTED),
    ...(found > COUNTED ? { isTotalLowerBound: true as const } : {}),
    ...(found > SORTED ? {} : { rows: await sorted(db, matches, query, order) }),
  };
}

/**
 * The stretch of an order by name in which those follow each other whose name begins with what was typed: walked from
 * its end, the order would be passed up to there. Null in other orders.
 */
export function stretchOf({ search }: MirrorQuery, order: readonly OrderColumn[]): Condition | null {
  const wanted = fold((search ?? '').trim());
  const isOne = spellings(wanted).length === 1 && isPlainText(wanted) && !isShort(search);
  return isOne && order[0]?.column === 'nameLower' ? beginsWith('nameLower', wanted) : null;
}

/** The matches outside the stretch and how many they are; null when they are many, and so found on the way. */
export async function besideStretch(
  db: Store,
  query: MirrorQuery,
  conditions: readonly Condition[],
): Promise<{ readonly source: Source; readonly count: number } | null> {
  const within: Source = {
    form: 'trigrams within',
    values: [fold((query.search ?? '').trim())],
    from: ([text], dialect) => dialect.testersWithin(text as string),
  };
  const source = narrowed(within, [...(await scopeOf(db, query)), ...conditions]);
  const count = await countUpTo(db, source, SORTED + 1);
  return count > SORTED ? null : { source, count };
}

/** The rows of a page among some matches and the first of others, by their keys. */
export function sortedTogether(
  db: Store,
  matches: Source,
  keys: readonly number[],
  query: MirrorQuery,
  order: readonly OrderColumn[],
): Promise<MirrorRow[]> {
  const own = matches.values.length;
  const both: Source = {
    form: `${matches.form} + keys`,
    values: [...matches.values, keys],
    from: (values, dialect) => sql`(SELECT o."rowKey" FROM ${matches.from(values.slice(0, own), dialect)} AS o
      UNION ALL SELECT "rowKey" FROM "betaTesters"
      WHERE ${dialect.amongNumbers(sql`"rowKey"`, values[own] as readonly number[])})`,
  };
  return sorted(db, both, query, order);
}

/** How many testers a search over several apps finds, counted to the end. */
export async function countFound(
  db: Store,
  query: MirrorQuery,
  conditions: readonly Condition[],
): Promise<number> {
  return countUpTo(db, await matchesOf(db, query, conditions), null);
}

async function matchesOf(db: Store, query: MirrorQuery, conditions: readonly Condition[]): Promise<Source> {
  const wanted = fold((query.search ?? '').trim());
  const source = isShort(query.search) ? await prefixSource(db, wanted, query) : trigramSource(wanted);
  return narrowed(source, [...(await scopeOf(db, query)), ...conditions]);
}

/** What was typed as a condition on rows, the same that the index over several apps answers. */
export function wordsCondition(
  facts: TypeFacts,
  typed: string | undefined,
  isAcrossApps: boolean,
): Condition | undefined {
  const wanted = fold((typed ?? '').trim());
  if (!isAcrossApps || wanted === '' || !isShort(typed)) return searchCondition(facts, typed);
  return beginsWith('emailLower', wanted);
}

/** Whether the typed text is too short for the index, so that it means the beginning of an address. */
export function isShort(typed: string | undefined): boolean {
  return [...fold((typed ?? '').trim())].length < SHORTEST;
}

/** A range of the index whose texts are sorted by their code points. */
function beginsWith(column: 'nameLower' | 'emailLower', wanted: string): Condition {
  const name = sql.ref(`t.${column}`);
  return {
    form: `${column} begins`,
    values: [wanted, `${wanted}\u{10FFFF}`],
    is: ([from, end]) => sql`(${name} >= ${from} AND ${name} < ${end})`,
  };
}

/** Keys of testers (`rowKey`) as a source of a query. */
interface Source {
  readonly form: string;
  readonly values: readonly unknown[];
  from(values: readonly unknown[], dialect: Dialect): RawBuilder<unknown>;
}

const counts = forms();
const pages = forms();

/** How many keys a source holds, or `most` when there are more; null counts them all. */
async function countUpTo(db: Store, source: Source, most: number | null): Promise<number> {
  const form = `${source.form}${most === null ? '' : ' cut'}`;
  const [count] = await db.read(
    counts(form, { values: source.values, most }, (_, at, dialect) => {
      const keys = sql`${source.from(at.values, dialect)} AS k`;
      const counted = most === null ? keys : sql`(SELECT 1 FROM ${keys} LIMIT ${at.most}) AS c`;
      return sql<{ n: number }>`SELECT COUNT(*) AS n FROM ${counted}`;
    }),
  );
  return count?.n ?? 0;
}

/** Without conditions the index alone tells the matches, and their rows are not read. */
function narrowed(source: Source, conditions: readonly Condition[]): Source {
  if (conditions.length === 0) return source;
  const where = allOf(conditions);
  const own = source.values.length;
  return {
    form: `${source.form} & ${where.form}`,
    values: [...source.values, ...where.values],
    from: (values, dialect) => sql`(SELECT t."rowKey" FROM ${source.from(values.slice(0, own), dialect)} AS f
      JOIN "betaTesters" AS t ON t."rowKey" = f."rowKey"
      WHERE ${where.is(values.slice(own) as Condition['values'], dialect)})`,
  };
}

const another = shape((build, given: { accountId: string }) =>
  build.selectFrom('betaTesterCounts').select('appId').where('accountId', '<>', given.accountId).limit(1),
);

/** Account and apps, unless that is all there is. */
async function scopeOf(db: Store, { accountId, filter }: MirrorQuery): Promise<Condition[]> {
  const apps = filter?.apps ?? [];
  const isOnly = accountId === undefined || (await db.read(another({ accountId }))).length === 0;
  return [
    ...(isOnly ? [] : [columnIs('accountId', [accountId])]),
    ...(apps.length === 0 ? [] : [columnIs('appId', apps)]),
  ];
}

function trigramSource(wanted: string): Source {
  // A spelling shorter than a trigram cannot be asked of the index.
  const texts = spellings(wanted).filter((words) => [...words].length >= SHORTEST);
  const isPlain = texts.every(isPlainText);
  return {
    form: isPlain ? 'trigrams' : 'trigrams, looked at',
    values: [texts],
    from: ([list], dialect) => dialect.testersWith(list as readonly string[], isPlain),
  };
}

/** One index range per app. */
async function prefixSource(db: Store, wanted: string, query: MirrorQuery): Promise<Source> {
  const within = inApps(await appsOf(db, { accountId: query.accountId }));
  const begins = beginsWith(query.isMasked ? 'nameLower' : 'emailLower', wanted);
  const own = within.values.length;
  return {
    form: `${begins.form} ${within.form}`,
    values: [...within.values, ...begins.values],
    from: (values, dialect) => {
      const apps = values.slice(0, own) as typeof within.values;
      const words = values.slice(own) as Condition['values'];
      return sql`(SELECT t."rowKey" FROM ${within.from(apps, dialect)}
        WHERE ${within.is(apps)} AND ${begins.is(words, dialect)})`;
    },
  };
}

async function sorted(
  db: Store,
  matches: Source,
  query: MirrorQuery,
  order: readonly OrderColumn[],
): Promise<MirrorRow[]> {
  const place = placeOf(query, order);
  // Only the keys go through the sorter; whole rows would make it three times as slow.
  const page = await firstOf(place, query.limit + 1, (after, most) => {
    const given = { source: matches.values, after: after.values, most, offset: place.offset };
    return db.read(
      pages(
        `${matches.form} | ${after.form} by ${signature(order)}`,
        given,
        (_, at, dialect) => sql<{
          rowKey: number;
        }>`SELECT t."rowKey" FROM ${matches.from(at.source, dialect)} AS k
        JOIN "betaTesters" AS t ON t."rowKey" = k."rowKey"
        WHERE ${after.is(at.after, dialect)} ORDER BY ${orderSql(order, dialect)} LIMIT ${at.most} OFFSET ${at.offset}`,
      ),
    );
  });
  return rowsOf(
    db,
    page.map(({ rowKey }) => rowKey),
  );
}
