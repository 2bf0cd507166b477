import type { Picked } from './types';

/** So many rows, each told by account, app and id, fit into an address. */
export const MOST_ROWS = 100;

/** The filters that mean just these rows; what an older tab kept without account or app goes by its id. */
function filtersOf(rows: readonly Picked[]): { row: string; id: string } {
  const isWhole = ({ appId, accountId }: Picked) => appId !== undefined && accountId !== undefined;
  const bare = rows.filter((row) => !isWhole(row));
  return {
    row: rows
      .filter(isWhole)
      .map(({ accountId, appId, id }) => `${accountId}~${appId}~${id}`)
      .join(','),
    id: bare.map(({ id }) => id).join(','),
  };
}

/** A list's query without some of its rows. */
export function withoutSome(query: string, except: readonly Picked[]): string {
  const params = new URLSearchParams(query);
  for (const [name, value] of Object.entries(filtersOf(except)))
    if (value !== '') params.set(`filter[not.${name}]`, value);
  return except.length === 0 ? query : params.toString();
}

/** The query of just these rows. */
export function onlyRows(rows: readonly Picked[]): string {
  const { row, id } = filtersOf(rows);
  // By ids alone when one of them has nothing else: two filters would both have to hold.
  const [name, value] = id === '' ? ['row', row] : ['id', rows.map((one) => one.id).join(',')];
  return new URLSearchParams({ [`filter[${name}]`]: value }).toString();
}
