import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Dialect } from '@/lib/store/dialect';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import type { MirrorQuery } from './types';

export interface AppOfAccount {
  readonly accountId: string;
  readonly appId: string;
}

const counted = forms();

/** The apps a query is about. Testers of an app the mirror does not list yet are found by naming the app. */
export async function appsOf(
  db: Store,
  { accountId, filter }: Pick<MirrorQuery, 'accountId' | 'filter'>,
): Promise<AppOfAccount[]> {
  const named = filter?.apps ?? [];
  const form = `${accountId === undefined ? '' : 'account'} ${named.length > 0 ? 'apps' : ''}`;
  return db.read(
    counted(form, { accountId, lists: [named] }, (build, at, dialect) => {
      let query = build.selectFrom('betaTesterCounts').select(['accountId', 'appId']).distinct();
      if (accountId !== undefined) query = query.where('accountId', '=', at.accountId ?? '');
      if (named.length > 0) query = query.where(({ ref }) => dialect.among(ref('appId'), at.lists[0] ?? []));
      return query.orderBy('accountId').orderBy('appId');
    }),
  );
}

/** Testers `t` of some apps as a source: each index begins with the app, so one app is named and several are walked. */
export interface InApps {
  readonly form: string;
  readonly values: readonly (string | readonly (readonly string[])[])[];
  from(values: InApps['values'], dialect: Dialect): RawBuilder<unknown>;
  is(values: InApps['values']): RawBuilder<SqlBool>;
}

/** The source of the testers of some apps. */
export function inApps(apps: readonly AppOfAccount[]): InApps {
  const [only, second] = apps;
  if (only && !second) {
    return {
      form: 'one app',
      values: [only.accountId, only.appId],
      from: () => sql`"betaTesters" AS t`,
      is: ([account, app]) => sql`t."accountId" = ${account} AND t."appId" = ${app}`,
    };
  }
  return {
    form: 'apps',
    values: [apps.map(({ accountId, appId }) => [accountId, appId])],
    from: ([list], dialect) =>
      sql`${dialect.listed(list as readonly string[][], ['account', 'app'])} AS a CROSS JOIN "betaTesters" AS t`,
    is: () => sql`t."accountId" = a."account" AND t."appId" = a."app"`,
  };
}
