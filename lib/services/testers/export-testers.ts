import { type AppNamesOf, namesOfApps, queryMirror } from '@/lib/mirror/query';
import { type Shaped, shape } from '@/lib/store/shape';
import { accountRows } from '../accounts/rows';
import type { Ctx } from '../ctx';
import { groupWord, uniqueNames } from '../imports/group-names';

type Cell = string | number | boolean | null;

/** Read and written in one go, while others wait. */
const PAGE = 500;

export const TESTER_HEADER = [
  'First Name',
  'Last Name',
  'Email',
  'Groups',
  'State',
  'Invite Type',
  'App',
  'Device',
  'OS',
  'Installed Build',
  'Sessions (7 Days)',
  'Crashes (7 Days)',
  'Feedback (7 Days)',
  'Tags',
  'Note',
  'Protected',
  'App Id',
  'Tester Id',
  'Account',
  'Group Ids',
  'Account Id',
] as const;

type Names = ReadonlyMap<string, string>;

/** Which testers a list holds. */
interface Wanted {
  readonly accountId?: string | undefined;
  readonly filter: Readonly<Record<string, readonly string[]>>;
  readonly search?: string | undefined;
}

/**
 * Testers with groups, tags, notes and the newest daily figures: in the order they are stored, or as a filtered or
 * searched list shows them. Either way the same cells, which an import reads back.
 */
export async function* testerRows(ctx: Ctx, request: Wanted): AsyncGenerator<readonly (readonly Cell[])[]> {
  const groups = await groupWords(ctx);
  const accounts = new Map((await accountRows(ctx.db)).map(({ id, name }) => [id, name]));
  for await (const page of isPlain(request) ? storedTesters(ctx, request) : listedTesters(ctx, request)) {
    const apps = await namesOfApps(
      ctx.db,
      page.map(({ appId }) => appId),
    );
    yield page.map((row) => testerCells(row, groups, apps, accounts));
  }
}

/** Only by app and account, or not at all: then one range of the table answers without a page of documents. */
function isPlain({ filter, search }: Wanted): boolean {
  return !search && Object.keys(filter).every((name) => name === 'apps' || (filter[name] ?? []).length === 0);
}

async function* storedTesters({ db }: Ctx, { accountId, filter }: Wanted): AsyncGenerator<TesterRow[]> {
  const pageAfter = testerPages(accountId, filter.apps ?? []);
  for (let after = 0; ; ) {
    const page = await db.read(pageAfter({ after }));
    yield page;
    after = page.at(-1)?.rowKey ?? after;
    if (page.length < PAGE) return;
  }
}

async function* listedTesters(
  { db }: Ctx,
  { accountId, filter, search }: Wanted,
): AsyncGenerator<TesterRow[]> {
  const asked = { accountId, filter, ...(search ? { search } : {}), limit: PAGE };
  for (let cursor: string | undefined; ; ) {
    const list = await queryMirror(db, 'betaTesters', {
      ...asked,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const places = list.data.map(
      ({ id, meta }) => [String(meta?.accountId), String(meta?.appId), id] as const,
    );
    const rows = await db.read(
      testersById({
        accounts: [...new Set(places.map(([account]) => account))],
        apps: [...new Set(places.map(([, app]) => app))],
        ids: places.map(([, , id]) => id),
      }),
    );
    const found = new Map(rows.map((row) => [`${row.accountId} ${row.appId} ${row.id}`, row]));
    yield places.flatMap((place) => found.get(place.join(' ')) ?? []);
    cursor = list.nextCursor;
    if (cursor === undefined) return;
  }
}

type TesterRow = ReturnType<ReturnType<typeof testerPages>> extends Shaped<infer Row> ? Row : never;

function testerCells(row: TesterRow, groups: Names, apps: AppNamesOf, accounts: Names): Cell[] {
  return [
    row.firstName,
    row.lastName,
    row.email,
    groupNames(groups, row.accountId, row.groupIds),
    row.state,
    row.inviteType,
    apps(row.appId, row.accountId)?.name ?? row.appId,
    row.deviceModel,
    row.osVersion,
    row.installedBuild,
    row.sessionCount,
    row.crashCount,
    row.feedbackCount,
    row.tags?.replaceAll('\n', ';') ?? null,
    row.note,
    row.protected === 1,
    row.appId,
    row.id,
    accounts.get(row.accountId) ?? row.accountId,
    row.groupIds?.replaceAll('\n', ';') ?? null,
    row.accountId,
  ];
}

interface Testers {
  readonly accounts: readonly string[];
  readonly apps: readonly string[];
  readonly ids: readonly string[];
}

const testersById = shape((build, given: Testers, dialect) =>
  allCells(build, dialect)
    .where(({ ref }) => dialect.among(ref('t.accountId'), given.accounts))
    .where(({ ref }) => dialect.among(ref('t.appId'), given.apps))
    .where(({ ref }) => dialect.among(ref('t.id'), given.ids)),
);

type Make = Parameters<typeof shape>[0];

/** Testers with all that their cells say. */
function allCells(build: Parameters<Make>[0], { joined }: Parameters<Make>[2]) {
  return build
    .selectFrom('betaTesters as t')
    .leftJoin('testerNotes as n', (join) =>
      join
        .onRef('n.accountId', '=', 't.accountId')
        .onRef('n.appId', '=', 't.appId')
        .onRef('n.testerId', '=', 't.id'),
    )
    .leftJoin('testerDays as d', (join) =>
      join
        .onRef('d.accountId', '=', 't.accountId')
        .onRef('d.appId', '=', 't.appId')
        .onRef('d.testerId', '=', 't.id')
        .on('d.day', '=', ({ selectFrom }) =>
          selectFrom('testerDays as l')
            .select(({ fn }) => fn.max('l.day').as('day'))
            .whereRef('l.accountId', '=', 't.accountId')
            .whereRef('l.appId', '=', 't.appId')
            .whereRef('l.testerId', '=', 't.id'),
        ),
    )
    .select(['t.rowKey', 't.accountId', 't.appId', 't.id', 't.firstName', 't.lastName', 't.email'])
    .select(['t.state', 't.inviteType', 't.deviceModel', 't.osVersion', 't.installedBuild'])
    .select(['n.note', 'n.protected', 'd.sessionCount', 'd.crashCount', 'd.feedbackCount'])
    .select(({ selectFrom }) => [
      selectFrom('betaGroupTesters as m')
        .select((eb) => joined(eb.ref('m.groupId')).as('ids'))
        .whereRef('m.accountId', '=', 't.accountId')
        .whereRef('m.appId', '=', 't.appId')
        .whereRef('m.testerId', '=', 't.id')
        .as('groupIds'),
      selectFrom('testerTags as g')
        .select((eb) => joined(eb.ref('g.tag')).as('tags'))
        .whereRef('g.accountId', '=', 't.accountId')
        .whereRef('g.appId', '=', 't.appId')
        .whereRef('g.testerId', '=', 't.id')
        .as('tags'),
    ]);
}

/** Pages of testers in the order of their rows; compiled once for a whole export. */
function testerPages(accountId: string | undefined, appIds: readonly string[]) {
  return shape((build, given: { after: number }, dialect) => {
    const page = allCells(build, dialect).where('t.rowKey', '>', given.after).orderBy('t.rowKey').limit(PAGE);
    // Of an expression SQLite knows no index: another one than the row's own would sort every page anew.
    const ofAccount =
      accountId === undefined
        ? page
        : page.where((eb) => eb(eb.fn.coalesce('t.accountId', eb.val('')), '=', accountId));
    return appIds.length === 0
      ? ofAccount
      : ofAccount.where((eb) => eb(eb.fn.coalesce('t.appId', eb.val('')), 'in', appIds));
  });
}

/** What the groups cell says for each group of each app. */
async function groupWords({ db }: Ctx): Promise<Names> {
  const rows = await db.read(db.build.selectFrom('betaGroups').select(['accountId', 'appId', 'id', 'name']));
  const places = new Map<string, { id: string; name: string; accountId: string }[]>();
  for (const { id, name, accountId, appId } of rows) {
    const place = `${accountId} ${appId}`;
    places.set(place, [...(places.get(place) ?? []), { id, name: name ?? '', accountId }]);
  }
  const words = [...places.values()].flatMap((groups) => {
    const isUnique = uniqueNames(groups);
    return groups.map(
      (group) => [`${group.accountId} ${group.id}`, groupWord(group, isUnique(group.name))] as const,
    );
  });
  return new Map(words);
}

function groupNames(words: Names, accountId: string, ids: string | null): string {
  return ids === null
    ? ''
    : ids
        .split('\n')
        .map((id) => words.get(`${accountId} ${id}`) ?? id)
        .join(';');
}
