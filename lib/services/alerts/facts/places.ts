import { appWords, homeOf } from '@/lib/format/app-address';
import { isolated } from '@/lib/format/isolated';
import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';

/** An app, as facts name it. */
export interface AppPlace {
  readonly accountId: string;
  readonly appId: string;
  /** With the account where another has the app too. */
  readonly name: string;
  /** The address of its pages. */
  readonly home: string;
}

/** Every app and account that facts may be about. */
export interface Places {
  app(accountId: string, appId: string): AppPlace | undefined;
  /** What an account is called; undefined when it was removed. */
  account(accountId: string): string | undefined;
}

const apps = shape((build) =>
  build
    .selectFrom('apps as t')
    .innerJoin('Account as a', 'a.id', 't.accountId')
    .select(['t.accountId', 't.id as appId', 't.name', 'a.name as accountName'])
    .where('a.removedAt', 'is', null),
);
const accounts = shape((build) =>
  build.selectFrom('Account').select(['id', 'name']).where('removedAt', 'is', null),
);

/** Reads what apps and accounts are called; what belongs to a removed account is not told. */
export async function readPlaces(db: Pick<Store, 'read'>): Promise<Places> {
  const [rows, named] = await Promise.all([db.read(apps({})), db.read(accounts({}))]);
  const shared = new Set<string>();
  const seen = new Set<string>();
  for (const { appId } of rows) (seen.has(appId) ? shared : seen).add(appId);
  const places = new Map(
    rows.map(({ accountId, appId, name, accountName }) => {
      const with_ = shared.has(appId) ? accountName : null;
      const place: AppPlace = {
        ...{ accountId, appId, name: appWords(isolated(name ?? 'An app'), with_ && isolated(with_)) },
        home: homeOf(appId, { accountId, accountName: with_ }),
      };
      return [`${accountId} ${appId}`, place] as const;
    }),
  );
  const known = new Map(named.map(({ id, name }) => [id, isolated(name)]));
  return {
    app: (accountId, appId) => places.get(`${accountId} ${appId}`),
    account: (accountId) => known.get(accountId),
  };
}
