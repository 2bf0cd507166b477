import { sql } from 'kysely';
import { type Dialect, lookupOf } from '@/lib/store/dialect';
import { fold, spellings } from '../text';
import type { Condition, Given } from './condition';
import type { Searched, TypeFacts } from './fact-types';
import { MirrorQueryError } from './types';

/** `#128`, as people call a crash issue. */
const NUMBER = /^#(\d{1,9})$/;

/** A substring search over the type's texts, or undefined when nothing was typed. */
export function searchCondition(facts: TypeFacts, typed: string | undefined): Condition | undefined {
  const wanted = fold((typed ?? '').trim());
  if (wanted === '') return undefined;
  const { byNumber, search } = facts;
  const number = byNumber && NUMBER.exec(wanted)?.[1];
  if (byNumber && number !== undefined)
    return { form: 'number', values: [Number(number)], is: ([at]) => byNumber(sql`${at}`) };
  if (search.length === 0) throw new MirrorQueryError('search', 'This list cannot be searched.');
  const words = spellings(wanted);
  const lookups = words.map(lookupOf);
  const hasTesters = !lookups.includes('all');
  const texts = search.flatMap((one) => ('text' in one ? [one.text] : []));
  const queries = search.flatMap((one) => ('keys' in one ? [one.keys] : []));
  const searchedOf = (places: readonly Given[], dialect: Dialect): Searched[] => {
    const testers = hasTesters
      ? dialect.testersWith(places.at(-1) as unknown as readonly string[], true)
      : null;
    return lookups.map((lookup, at) => {
      const word = places[at] as string;
      const reports = dialect.reportsWith(word, lookup);
      return { has: (text) => dialect.contains(text, word), testers, reports, isMasked: false };
    });
  };
  const keysOf = (searched: readonly Searched[]) =>
    sql`(${sql.join(
      queries.flatMap((keys) => searched.map((one) => keys(one))),
      sql` UNION `,
    )})`;
  return {
    form: `search ${lookups.join()} ${facts.isMasked ? 'masked' : ''}`,
    values: [...words, words],
    is: (places, dialect) => {
      const searched = searchedOf(places, dialect);
      const held = texts.flatMap((text) => searched.map(({ has }) => has(text)));
      const key = sql.join(facts.key.map((name) => sql.ref(`t.${name}`)));
      const either = queries.length > 0 ? [...held, sql`(${key}) IN ${keysOf(searched)}`] : held;
      return sql`(${sql.join(either, sql` OR `)})`;
    },
    ...(texts.length === 0 ? { keys: (places, dialect) => keysOf(searchedOf(places, dialect)) } : {}),
  };
}
