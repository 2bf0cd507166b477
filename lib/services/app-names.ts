import type { Ctx } from './ctx';

/** What an app is called in an account, and what the account is called where another has the app too. */
export interface AppNames {
  readonly name: string | null;
  readonly accountName: string | null;
  readonly accountId: string;
}

/** An app in the account that is named, or else in the first that has it; null when none has. */
export type AppNamesOf = (appId: string, accountId: string | null | undefined) => AppNames | null;

const REFUSED = ['unauthorized', 'forbidden', 'agreement_missing'];

/** The names of some apps, in one read: what `appNames` of the mirror says of each. */
export async function namesOfApps(
  { db }: Pick<Ctx, 'db'>,
  appIds: readonly (string | null)[],
): Promise<AppNamesOf> {
  const ids = [...new Set(appIds.filter((id) => id !== null))];
  const query = db.build
    .selectFrom('apps')
    .leftJoin('Account', 'Account.id', 'apps.accountId')
    .select(['apps.accountId', 'apps.id', 'apps.name', 'Account.name as account', 'Account.status'])
    .where('apps.id', 'in', ids)
    .where('Account.removedAt', 'is', null)
    .orderBy('Account.createdAt', (order) => order.asc().nullsFirst())
    .orderBy('apps.accountId');
  const rows = ids.length === 0 ? [] : await db.read(query);
  const isRefused = ({ status }: { status: string | null }) => REFUSED.includes(status ?? '');
  const inOrder = [...rows.filter((row) => !isRefused(row)), ...rows.filter(isRefused)];
  const holders = new Map(ids.map((id) => [id, inOrder.filter((row) => row.id === id)]));
  return (appId, accountId) => {
    const all = holders.get(appId) ?? [];
    const app = all.find((one) => one.accountId === accountId) ?? all[0];
    if (!app) return null;
    const accountName = all.length > 1 ? (app.account ?? app.accountId) : null;
    return { name: app.name, accountName, accountId: app.accountId };
  };
}
