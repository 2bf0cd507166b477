import { FILTER_IDS, INCLUDE_LIMIT, PAGE_LIMIT } from '@/lib/asc/catalogue/limits';
import type { AscClient, CallOptions } from '@/lib/asc/client-interface';
import { isAscError } from '@/lib/asc/errors';
import type { Clock } from '@/lib/clock';
import { testerEventStatements } from '@/lib/history/tester-events';
import { evictStatements } from '@/lib/mirror/evict';
import { withInlined, withTotalOnly } from '@/lib/mirror/inlined';
import { justMade } from '@/lib/mirror/just-made';
import { type ResourceLike, totalOf } from '@/lib/mirror/resource';
import { knownTesters } from '@/lib/mirror/tester-changes';
import { testerPageStatements } from '@/lib/mirror/tester-page';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Store, Write } from '@/lib/store/store';
import { Trail } from './next';
import { groupsPlan, testersScope } from './plan';
import { dueStatement, readStatement } from './scopes';

/** What reading a part of the mirror afresh needs: a run of the sync has it, and so has a person's request. */
export interface Reader {
  readonly db: Store;
  readonly asc: AscClient;
  readonly accountId: string;
  readonly clock: Clock;
  readonly options?: CallOptions;
  write(statements: readonly Write[]): Promise<unknown>;
  /** The answer comes long enough after our own writes, and was asked for twice: what it leaves out is not there. */
  readonly isSettling?: boolean;
  counted?(what: { readonly attempts: number; readonly rows: number }): void;
}

/** The scope that says when a group's members were last read by themselves. */
export const membersScope = (groupId: string): string => `members/${groupId}`;

/** That so many are gone at once is not believed of one answer. */
const MANY = 10;
const INLINED = { betaGroups: INCLUDE_LIMIT, builds: INCLUDE_LIMIT };

/** What a request for testers of an app asks for, so that each answer says all that the mirror holds of them. */
export const TESTER_READ = {
  include: ['betaGroups', 'builds'],
  fields: { betaGroups: ['name'], builds: ['version'] },
  limit: { page: PAGE_LIMIT, betaGroups: INCLUDE_LIMIT, builds: INCLUDE_LIMIT },
} as const;

/** What a request for one group asks for: its sizes, its builds and its criteria. */
export const GROUP_READ = {
  include: ['app', 'betaTesters', 'builds', 'betaRecruitmentCriteria'],
  fields: { apps: ['bundleId'], betaTesters: ['inviteType'], builds: ['version'] },
  limit: { betaTesters: 1, builds: INCLUDE_LIMIT },
} as const;

/** The same as {@link withInlined} takes it. */
export const GROUP_INLINED = { builds: INCLUDE_LIMIT, betaRecruitmentCriteria: null };

/** Reads one group and all its members; false as {@link readOneGroup} has it. */
export async function readGroup(reader: Reader, groupId: string): Promise<boolean> {
  try {
    // The size comes last, so that it is Apple's own word and not what was subtracted for those who left.
    await readMembers(reader, groupId);
  } catch (error) {
    if (!isAscError(error) || !isTold(error)) throw error;
  }
  return readOneGroup(reader, groupId);
}

/** Reads one group without its members; false when Apple has none: unless it was made moments ago, it is gone here then. */
export async function readOneGroup(reader: Reader, groupId: string): Promise<boolean> {
  const { asc, accountId, clock, options } = reader;
  const fetchedAt = clock.now();
  try {
    const { document, attempts } = await asc.get('betaGroups', groupId, GROUP_READ, options);
    reader.counted?.({ attempts, rows: 1 });
    const due = await unreadMembers(reader, groupId, totalOf(document.data as ResourceLike, 'betaTesters'));
    await reader.write([
      ...upsertStatements({
        accountId,
        resources: withInlined([withTotalOnly<ResourceLike>(document.data, 'betaTesters')], GROUP_INLINED),
        included: document.included,
        includedTypes: ['betaRecruitmentCriteria'],
        fetchedAt,
        source: 'read',
      }),
      ...due,
    ]);
    return true;
  } catch (error) {
    if (!isAscError(error) || !isTold(error)) throw error;
    const gone = { accountId, type: 'betaGroups', ids: [groupId] };
    // Only what was here leaves a trace: anybody may ask for an id that never existed.
    if ((await groupHere(reader, groupId)) === undefined) return false;
    const isJustMade = (await justMade(reader.db, gone, clock.now())).size > 0;
    await reader.write(
      isJustMade
        ? [dueStatement(accountId, [groupsPlan.scope], clock.now())]
        : evictStatements({ ...gone, at: clock.now() }),
    );
    return false;
  }
}

/**
 * A size that is stored is compared no more: unless the members known make it up, the app's testers are marked as
 * changed, so that they are read even if nobody comes to read the members by themselves.
 */
async function unreadMembers(
  { db, accountId, clock }: Reader,
  groupId: string,
  told: number | undefined,
): Promise<Write[]> {
  const [group] = await db.read(
    db.build
      .selectFrom('betaGroups as g')
      .select((select) => [
        'g.appId',
        'g.testerCount as stored',
        select
          .selectFrom('betaGroupTesters as m')
          .select((count) => count.fn.countAll<number>().as('n'))
          .whereRef('m.accountId', '=', 'g.accountId')
          .whereRef('m.groupId', '=', 'g.id')
          .as('known'),
      ])
      .where('g.accountId', '=', accountId)
      .where('g.id', '=', groupId),
  );
  if (!group || told === undefined || told === group.stored || told === group.known) return [];
  return [dueStatement(accountId, [testersScope(group.appId)], clock.now())];
}

/** Whether Apple itself says that there is no such thing, and not something on the way. */
function isTold(error: { is(kind: 'not_found'): boolean; errors: readonly unknown[] }): boolean {
  return error.is('not_found') && error.errors.length > 0;
}

/**
 * Reads all members of a group with their states. Apple tells states only within an app and takes no second
 * relationship beside it, so the ids come first. Whoever was a member here is asked for as well before anything is
 * believed: they may have moved to another group, left the app, or slipped between two pages.
 */
export async function readMembers(reader: Reader, groupId: string): Promise<void> {
  const { db, accountId, clock } = reader;
  const group = await groupHere(reader, groupId);
  if (!group) return;
  const startedAt = clock.now();
  const known = await db.read(
    db.build
      .selectFrom('betaGroupTesters')
      .select('testerId')
      .where('accountId', '=', accountId)
      .where('groupId', '=', groupId),
  );
  const ids = new Set([...(await memberIds(reader, groupId)), ...known.map(({ testerId }) => testerId)]);
  for (let from = 0; from < ids.size; from += FILTER_IDS) {
    await readTesters(reader, group.appId, [...ids].slice(from, from + FILTER_IDS));
  }
  await reader.write([readStatement(accountId, membersScope(groupId), startedAt)]);
}

async function groupHere({ db, accountId }: Reader, groupId: string): Promise<{ appId: string } | undefined> {
  const [group] = await db.read(
    db.build
      .selectFrom('betaGroups')
      .select('appId')
      .where('accountId', '=', accountId)
      .where('id', '=', groupId),
  );
  return group;
}

async function memberIds({ asc, options, counted }: Reader, groupId: string): Promise<string[]> {
  const ids: string[] = [];
  const query = { limit: { page: PAGE_LIMIT } };
  const trail = new Trail();
  let page = await asc.listLinkages('betaGroups', groupId, 'betaTesters', query, options);
  for (;;) {
    counted?.({ attempts: page.attempts, rows: 0 });
    ids.push(...page.document.data.map(({ id }) => id));
    const next = trail.after(page, page.document.data.length);
    if (next === undefined) return ids;
    page = await asc.pageFrom('betaTesters', next, options);
  }
}

/** What came of reading testers by their ids; of those in neither set it is not known yet. */
export interface TestersRead {
  readonly present: ReadonlySet<string>;
  readonly gone: ReadonlySet<string>;
}

/**
 * Reads testers of an app by their ids, at most a hundred; who is not there has left, but for those who came moments ago,
 * whom Apple may show late: they are looked for again with the whole list.
 */
export async function readTesters(
  reader: Reader,
  appId: string,
  ids: readonly string[],
): Promise<TestersRead> {
  const { db, asc, accountId, clock, options } = reader;
  const startedAt = clock.now();
  const present = new Set<string>();
  const query = { ...TESTER_READ, filter: { apps: appId, id: ids } };
  let total = 0;
  for await (const page of asc.pages('betaTesters', query, options)) {
    total = Math.max(total, page.total ?? 0);
    for (const { id } of page.document.data) present.add(id);
    await store(reader, appId, page.document.data, startedAt, page.attempts);
  }
  const absent = ids.filter((id) => !present.has(id));
  // Fewer than are counted, or nobody of many: whether they are gone is left to the whole list.
  const isDoubtful = present.size < total || (present.size === 0 && ids.length >= MANY);
  const open = isDoubtful
    ? new Set(absent)
    : await justMade(db, { accountId, type: 'betaTesters', ids: absent, appId }, startedAt);
  const gone = new Set(absent.filter((id) => !open.has(id)));
  const known = await knownTesters(db, accountId, appId, absent);
  const left = [...known.values()].filter(({ id }) => gone.has(id));
  const statements = [
    ...(known.size > left.length ? [dueStatement(accountId, [testersScope(appId)], clock.now())] : []),
    ...testerEventStatements(
      left.map(({ id, state, emailLower }) => ({
        accountId,
        appId,
        testerId: id,
        email: emailLower,
        at: startedAt,
        kind: 'left',
        before: state,
      })),
    ),
    ...evictStatements({
      accountId,
      type: 'betaTesters',
      ids: left.map(({ id }) => id),
      appId,
      at: startedAt,
    }),
  ];
  if (statements.length > 0) await reader.write(statements);
  return { present, gone };
}

async function store(
  reader: Reader,
  appId: string,
  resources: readonly ResourceLike[],
  fetchedAt: number,
  attempts: number,
): Promise<unknown> {
  reader.counted?.({ attempts, rows: resources.length });
  // Apple's paging may repeat a row, and one statement may not meet it twice.
  const unique = [...new Map(resources.map((one) => [one.id, one])).values()];
  return reader.write(
    await testerPageStatements(reader.db, {
      accountId: reader.accountId,
      appId,
      resources: withInlined(unique, INLINED),
      generation: 0,
      fetchedAt,
      recordsEvents: await isSwept(reader, appId),
      isSettling: reader.isSettling,
    }),
  );
}

/** Until an app was read once, everybody is new here and nobody has joined. */
async function isSwept({ db, accountId }: Reader, appId: string): Promise<boolean> {
  const whole = await db.read(
    db.build
      .selectFrom('syncScopes')
      .select('scope')
      .where('accountId', '=', accountId)
      .where('scope', '=', testersScope(appId))
      .where('completedAt', 'is not', null),
  );
  return whole.length > 0;
}
