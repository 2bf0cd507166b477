import { sql } from 'kysely';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { largeMembersOf } from '../memberships';
import { isPerApp } from '../tables';
import { idColumnOf } from './by-id';
import { factsOf, isOwnList, type ListType, type MirrorType } from './facts';

/** What a page or a list shows: an app's overview, a list, or one thing. */
export interface View {
  readonly of: ListType | 'overview';
  readonly accountId?: string | undefined;
  readonly appIds?: readonly string[] | undefined;
  /** Only what belongs to these groups. */
  readonly groupIds?: readonly string[] | undefined;
  /** The one thing that is shown. */
  readonly id?: string | undefined;
}

/**
 * How old is what a view shows: the one rule for every age that is told. A list is as old as the oldest of the lists
 * it consists of, one thing as old as its own last read, a group as old as the older of itself and its members.
 * It is when the oldest part was read from Apple, ms since 1970; null when a part never was.
 */
export async function readAt(db: Store, view: View): Promise<number | null> {
  return view.of === 'overview' ? overviewAt(db, view) : at(db, view.of, view);
}

const FEEDBACK = ['betaFeedbackCrashSubmissions', 'betaFeedbackScreenshotSubmissions'] as const;

/** What an overview counts. */
const COUNTED = ['betaGroups', 'builds', 'betaTesters'] as const;

async function overviewAt(db: Store, view: View): Promise<number | null> {
  return oldest(await Promise.all(COUNTED.map((type) => listAt(db, type, view))));
}

async function at(db: Store, type: ListType, view: View): Promise<number | null> {
  if (isOwnList(type)) {
    // Reports come by two lists of Apple's; what was made of them is as old as they are.
    return oldest(await Promise.all(FEEDBACK.map((each) => listAt(db, each, view))));
  }
  const { id, groupIds = [] } = view;
  if (id !== undefined) {
    const own = await rowAt(db, type, id, view);
    return largeMembersOf(type) ? oldest([own, await membersAt(db, id, view)]) : own;
  }
  if (isPerApp(type) && groupIds.length > 0) {
    return oldest(await Promise.all(groupIds.map((groupId) => membersAt(db, groupId, view))));
  }
  return listAt(db, type, view);
}

function oldest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === times.length && known.length > 0 ? Math.min(...known) : null;
}

const members = forms();

/** Members come with the testers of their app, or when the group was read by itself. */
async function membersAt(db: Store, groupId: string, { accountId }: View): Promise<number | null> {
  const [own] = await db.read(
    members(accountId === undefined ? '' : 'account', { groupId, accountId }, (build, at) => {
      const query = build
        .selectFrom('betaGroups as g')
        .leftJoin('syncScopes as s', (join) =>
          join.onRef('s.accountId', '=', 'g.accountId').on('s.scope', '=', sql<string>`'members/' || g."id"`),
        )
        .select(['g.accountId', 'g.appId', 's.completedAt as at'])
        .where('g.id', '=', at.groupId)
        .orderBy('g.accountId');
      return accountId === undefined ? query : query.where('g.accountId', '=', at.accountId ?? '');
    }),
  );
  if (!own) return null;
  const swept = await listAt(db, 'betaTesters', { accountId: own.accountId, appIds: [own.appId] });
  return own.at === null && swept === null ? null : Math.max(own.at ?? 0, swept ?? 0);
}

const rows = forms();

async function rowAt(
  db: Store,
  type: MirrorType,
  id: string,
  { accountId, appIds = [] }: View,
): Promise<number | null> {
  const given = { id, accountId, appId: appIds[0] ?? '' };
  const [row] = await db.read(
    rows(`${type} ${accountId === undefined ? '' : 'account'}`, given, (_, at) => {
      // Every index of testers begins with the app.
      const inApp = isPerApp(type) ? sql`AND "appId" = ${at.appId}` : sql``;
      const inAccount = accountId === undefined ? sql`` : sql`AND "accountId" = ${at.accountId}`;
      return sql<{ at: number | null }>`SELECT MIN("fetchedAt") AS "at" FROM ${sql.table(factsOf(type).table)}
        WHERE ${sql.ref(idColumnOf(type))} = ${at.id} ${inAccount} ${inApp}`;
    }),
  );
  return row?.at ?? null;
}

const scopes = forms();

/** When a list was last completely read; of several the oldest. */
async function listAt(
  db: Store,
  type: ListType,
  { accountId, appIds = [] }: Pick<View, 'accountId' | 'appIds'>,
): Promise<number | null> {
  const { scope } = factsOf(type);
  const [name = '', perApp] = scope.split('/');
  const reach = !perApp ? 'one' : appIds.length > 0 ? 'apps' : 'all';
  // All scopes of the type: '0' is the character after '/'.
  const given = {
    name,
    from: `${name}/`,
    end: `${name}0`,
    lists: [appIds.map((id) => `${name}/${id}`)],
    accountId,
  };
  const [row] = await db.read(
    scopes(`${reach} ${accountId === undefined ? '' : 'account'}`, given, (build, at, dialect) => {
      const query = build
        .selectFrom('syncScopes')
        .select(({ fn }) => [
          fn.countAll<number>().as('scopes'),
          fn.count<number>('completedAt').as('done'),
          fn.min('completedAt').as('oldest'),
        ])
        .$if(accountId !== undefined, (of) => of.where('accountId', '=', at.accountId ?? ''));
      if (reach === 'one') return query.where('scope', '=', at.name);
      if (reach === 'all') return query.where('scope', '>=', at.from).where('scope', '<', at.end);
      return query.where(({ ref }) => dialect.among(ref('scope'), at.lists[0] ?? []));
    }),
  );
  return row && row.scopes > 0 && row.done === row.scopes ? row.oldest : null;
}

const everyScope = forms();

/** How old each app's overview is (`<account> <app>` → when), told by one read for all of them. */
export async function overviewAges(
  db: Store,
  apps: readonly { readonly accountId: string; readonly id: string }[],
  accountId: string | undefined,
): Promise<Map<string, number | null>> {
  const rows = await db.read(
    everyScope(accountId === undefined ? '' : 'account', { accountId }, (build, at) =>
      build
        .selectFrom('syncScopes')
        .select(['accountId', 'scope', 'completedAt'])
        .$if(accountId !== undefined, (of) => of.where('accountId', '=', at.accountId ?? '')),
    ),
  );
  const completed = new Map(rows.map((row) => [`${row.accountId} ${row.scope}`, row.completedAt]));
  const scopeOf = (type: ListType, app: string) => factsOf(type).scope.replace(/\/app$/, `/${app}`);
  return new Map(
    apps.map(({ accountId: account, id }) => [
      `${account} ${id}`,
      oldest(COUNTED.map((type) => completed.get(`${account} ${scopeOf(type, id)}`) ?? null)),
    ]),
  );
}
