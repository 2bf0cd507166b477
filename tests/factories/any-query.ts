import type { AscQuery, QueryRules } from '@/lib/asc/query-types';

/** Some query the rules allow; which one, chance decides. */
export function anyQuery(rules: QueryRules, chance: () => number): AscQuery {
  const some = <V>(list: readonly V[]) => list.filter(() => chance() % 3 === 0);
  const filterNames = [...new Set([...some(Object.keys(rules.filter)), ...rules.required])];
  const groupBy = some(rules.groupBy);
  const period = rules.period[chance() % 4];
  return {
    filter: Object.fromEntries(filterNames.map((name) => [name, rules.filter[name]?.[0] ?? 'some text'])),
    exists: Object.fromEntries(some(rules.exists).map((name) => [name, chance() % 2 === 0])),
    sort: some(rules.sort),
    include: some(rules.include),
    fields: Object.fromEntries(
      some(Object.keys(rules.fields)).map((type) => [type, some(rules.fields[type] ?? [])]),
    ),
    limit: Object.fromEntries(
      some(Object.entries(rules.limit)).map(([name, most]) => [name, (chance() % most) + 1]),
    ),
    groupBy,
    ...(period !== undefined && chance() % 2 === 0 ? { period } : {}),
  };
}
