import type { AppFacts } from '../app-facts';
import type { Ctx } from '../ctx';
import { appUsage, periodFor, snapshotSessions } from '../testers/usage';
import type { TesterFacts } from './evaluate';
import type { PruneRules } from './rules';

/** Where the sessions come from. */
export type SessionSource = 'snapshots' | 'apple' | 'none';

/** What is known about every tester of an app; asks Apple for sessions only when the rules need what is not stored. */
export async function testerFacts(
  ctx: Ctx,
  app: AppFacts,
  rules: PruneRules,
): Promise<{ facts: TesterFacts[]; source: SessionSource }> {
  const { source, sessionsOf } = await sessions(ctx, app, rules.noSessionDays);
  const facts = (await rowsOf(ctx, app)).map((row) => ({
    testerId: row.id,
    state: row.state,
    inviteType: row.inviteType,
    groupIds: lines(row.groups),
    tags: lines(row.tags),
    isProtected: row.protected === 1,
    sessions: sessionsOf(row.id),
    feedback: row.feedback,
    invitedAt: row.invitedAt,
    presentBy: row.presentBy,
    lastSeenAt: row.lastSeenAt,
    hasInstalled: row.state === 'INSTALLED' || (row.appDevices !== null && row.appDevices !== '[]'),
  }));
  return { facts, source };
}

const lines = (text: string | null) => (text === null ? [] : text.split('\n'));

async function sessions(
  ctx: Ctx,
  app: AppFacts,
  days: number | undefined,
): Promise<{ source: SessionSource; sessionsOf: (id: string) => number | null }> {
  if (days === undefined) return { source: 'none', sessionsOf: () => null };
  const stored = await snapshotSessions(ctx, app, days);
  if (stored) return { source: 'snapshots', sessionsOf: (id) => stored.get(id) ?? 0 };
  const asc = await ctx.ascFor(app.accountId, 'interactive');
  const usage = await appUsage(asc, app.appId, periodFor(days));
  return { source: 'apple', sessionsOf: (id) => usage.get(id)?.sessionCount ?? 0 };
}

/**
 * Apple gives no date of invitation: our own history stands for it. Whoever was there at the first sync of the app has
 * no such entry and is known to have been there by then, or by an earlier report or session.
 */
async function rowsOf({ db }: Ctx, app: AppFacts) {
  const { accountId, appId } = app;
  const { joined } = db.dialect;
  const firstSeen = await firstSeenAt(db, app);
  const rows = await db.read(
    db.build
      .selectFrom('betaTesters as t')
      .leftJoin('testerNotes as n', (join) =>
        join
          .onRef('n.accountId', '=', 't.accountId')
          .onRef('n.appId', '=', 't.appId')
          .onRef('n.testerId', '=', 't.id'),
      )
      .select(['t.id', 't.state', 't.inviteType', 't.appDevices', 'n.protected'])
      .select(({ selectFrom }) => {
        const eventsOfTester = selectFrom('testerEvents as e')
          .whereRef('e.accountId', '=', 't.accountId')
          .whereRef('e.appId', '=', 't.appId')
          .whereRef('e.testerId', '=', 't.id')
          .select(({ fn }) => fn.max('e.at').as('at'));
        const daysOfTester = selectFrom('testerDays as d')
          .whereRef('d.accountId', '=', 't.accountId')
          .whereRef('d.appId', '=', 't.appId')
          .whereRef('d.testerId', '=', 't.id');
        const reports = selectFrom('feedback as f')
          .whereRef('f.accountId', '=', 't.accountId')
          .whereRef('f.testerId', '=', 't.id');
        return [
          selectFrom('betaGroupTesters as m')
            .select((eb) => joined(eb.ref('m.groupId')).as('ids'))
            .whereRef('m.accountId', '=', 't.accountId')
            .whereRef('m.appId', '=', 't.appId')
            .whereRef('m.testerId', '=', 't.id')
            .as('groups'),
          selectFrom('testerTags as g')
            .select((eb) => joined(eb.ref('g.tag')).as('tags'))
            .whereRef('g.accountId', '=', 't.accountId')
            .whereRef('g.appId', '=', 't.appId')
            .whereRef('g.testerId', '=', 't.id')
            .as('tags'),
          reports.select(({ fn }) => fn.countAll<number>().as('n')).as('feedback'),
          eventsOfTester.where('e.kind', 'in', ['invited', 'restored', 'joined']).as('invitedAt'),
          reports.select(({ fn }) => fn.min('f.createdDate').as('at')).as('firstReport'),
          daysOfTester.select(({ fn }) => fn.min('d.day').as('at')).as('firstDay'),
          eventsOfTester
            .where((eb) =>
              eb.or([eb('e.kind', '=', 'device'), eb.and({ 'e.kind': 'state', 'e.after': 'INSTALLED' })]),
            )
            .as('installedAt'),
          reports.select(({ fn }) => fn.max('f.createdDate').as('at')).as('lastReport'),
          daysOfTester
            .select(({ fn }) => fn.max('d.day').as('at'))
            .where('d.sessionCount', '>', 0)
            .as('lastDay'),
        ];
      })
      .where('t.accountId', '=', accountId)
      .where('t.appId', '=', appId),
  );
  return rows.map((row) => ({
    ...row,
    feedback: row.feedback ?? 0,
    presentBy: least(instant(row.firstReport), instant(row.firstDay), firstSeen),
    lastSeenAt: greatest(row.installedAt, instant(row.lastReport), instant(row.lastDay)),
  }));
}

/** Of Apple's text or a day; to the second. */
function instant(text: string | null): number | null {
  const at = Math.floor(Date.parse(text ?? '') / 1000) * 1000;
  return Number.isNaN(at) ? null : at;
}

/** When Flightdeck first noted the app's groups, which is right after it first read them. */
async function firstSeenAt(
  { build, read }: Ctx['db'],
  { accountId, appId }: Pick<AppFacts, 'accountId' | 'appId'>,
): Promise<number | null> {
  const [row] = await read(
    build
      .selectFrom('groupDays')
      .select(({ fn }) => fn.min<string | null>('day').as('day'))
      .where('accountId', '=', accountId)
      .where('groupId', 'in', ({ selectFrom }) =>
        selectFrom('betaGroups').select('id').where('accountId', '=', accountId).where('appId', '=', appId),
      ),
  );
  const day = instant(row?.day ?? null);
  return day === null ? null : day + LAST_SECOND_MS;
}

/** From the beginning of a day to its last second. */
const LAST_SECOND_MS = 86_399_000;

const told = (instants: readonly (number | null)[]): number[] => instants.filter((at) => at !== null);

function least(...instants: (number | null)[]): number | null {
  const known = told(instants);
  return known.length > 0 ? Math.min(...known) : null;
}

function greatest(...instants: (number | null)[]): number | null {
  const known = told(instants);
  return known.length > 0 ? Math.max(...known) : null;
}
