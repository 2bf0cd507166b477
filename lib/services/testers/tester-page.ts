import { maskEmails } from '@/lib/access/mask';
import { authorise, may } from '@/lib/access/policy';
import { buildWords } from '@/lib/format/builds';
import { eventValue } from '@/lib/history/tester-events';
import { resolveAccount, sharedApps } from '@/lib/mirror/query';
import { shape } from '@/lib/store/shape';
import type { Ctx } from '../ctx';
import { notFound } from '../errors';
import { PERIODS, type Period, testerUsage, type Usage } from './usage';

/** One thing that happened to a tester, as sync, jobs and people saw it. */
export interface TesterEventView {
  readonly at: string;
  readonly kind: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** One change of the person or of what they have, from the audit trail. */
export interface TesterChangeView {
  readonly id: string;
  readonly at: string;
  readonly actorEmail: string | null;
  readonly action: string;
  readonly type: string;
  /** The group or build it was about, as people call it. */
  readonly target: string | null;
  readonly status: string;
  readonly detail: string | null;
}

/** A day's figures: sums over Apple's seven days before it. */
export interface TesterDayView {
  readonly day: string;
  readonly sessionCount: number | null;
  readonly crashCount: number | null;
  readonly feedbackCount: number | null;
}

/** What Flightdeck knows of a tester beside Apple's resource. */
export interface TesterPage {
  readonly events: readonly TesterEventView[];
  /** Newest first; empty for whoever may not read the trail. */
  readonly changes: readonly TesterChangeView[];
  readonly days: readonly TesterDayView[];
  /** The last day with a session by our own notes; Apple gives none. */
  readonly lastActiveDay: string | null;
  readonly feedback: readonly {
    readonly id: string;
    readonly type: string;
    readonly createdDate: string | null;
    readonly comment: string | null;
    readonly deviceModel: string | null;
    readonly buildId: string | null;
  }[];
  readonly feedbackTotal: number;
  /** Builds assigned one by one. */
  readonly builds: readonly {
    readonly id: string;
    readonly version: string | null;
    readonly trainVersion: string | null;
    readonly platform: string | null;
    readonly expired: boolean;
  }[];
  /** The same e-mail in other apps. */
  readonly elsewhere: readonly {
    readonly testerId: string;
    readonly accountId: string;
    readonly appId: string;
    readonly appName: string | null;
    /** What the account is called, where another has the app too. */
    readonly accountName: string | null;
    readonly state: string | null;
    readonly groupCount: number;
  }[];
  readonly noteBy: string | null;
  readonly noteAt: string | null;
}

interface TesterRow {
  accountId: string;
  appId: string;
  email: string | null;
  emailLower: string | null;
}

interface AskedTester {
  readonly appId: string;
  readonly testerId: string;
  /** The account, when the caller names one. */
  readonly accountId?: string | undefined;
}

const EVENTS = 200;
const FEEDBACK = 20;

/** @throws RefusedError 404 when the app has no such tester */
export async function testerPage(ctx: Ctx, asked: AskedTester): Promise<TesterPage> {
  authorise(ctx.actor, 'testers:read');
  const { testerId } = asked;
  const tester = await rowOf(ctx, asked);
  const { accountId, appId } = tester;
  const place = { accountId, appId, testerId };
  const days = await ctx.db.read(daysOf(place));
  const note = await ctx.db.prisma.testerNote.findUnique({
    where: { accountId_appId_testerId: place },
    select: { updatedBy: true, updatedAt: true },
  });
  const page: TesterPage = {
    events: await eventsOf(ctx, place),
    changes: may(ctx.actor, 'audit:read') ? await changesOf(ctx, tester, testerId) : [],
    days,
    lastActiveDay: days.findLast((day) => (day.sessionCount ?? 0) > 0)?.day ?? null,
    ...(await feedbackOf(ctx, tester.accountId, testerId)),
    builds: await buildsOf(ctx, place),
    elsewhere: await elsewhereOf(ctx, tester),
    noteBy: note?.updatedBy ?? null,
    noteAt: note ? new Date(note.updatedAt).toISOString() : null,
  };
  return may(ctx.actor, 'testers:identify') ? page : maskEmails(page);
}

/** What a tester did in one app over Apple's four windows, live from Apple. */
export async function testerUsages(
  ctx: Ctx,
  asked: AskedTester,
): Promise<readonly (Usage & { readonly period: Period; readonly days: number })[]> {
  authorise(ctx.actor, 'testers:read');
  authorise(ctx.actor, 'apple:read');
  const { appId, testerId } = asked;
  const { accountId } = await rowOf(ctx, asked);
  const asc = await ctx.ascFor(accountId, 'interactive');
  return Promise.all(
    PERIODS.map(async (window) => ({
      ...window,
      ...(await testerUsage(asc, testerId, appId, window.period)),
    })),
  );
}

async function rowOf(ctx: Ctx, { appId, testerId, accountId }: AskedTester): Promise<TesterRow> {
  const holder = await resolveAccount(ctx.db, 'betaTesters', testerId, { appId, accountId });
  const [row] = await ctx.db.read(byId({ accountId: holder?.accountId ?? null, appId, testerId }));
  if (!row) throw notFound('This app has no such tester, or not any more.');
  return row;
}

interface Place {
  readonly accountId: string;
  readonly appId: string;
  readonly testerId: string;
}

const byId = shape((build, given: { accountId: string | null; appId: string; testerId: string }) =>
  build
    .selectFrom('betaTesters')
    .select(['accountId', 'appId', 'email', 'emailLower'])
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId)
    .where('id', '=', given.testerId),
);

const daysOf = shape((build, given: Place) =>
  build
    .selectFrom('testerDays')
    .select(['day', 'sessionCount', 'crashCount', 'feedbackCount'])
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId)
    .where('testerId', '=', given.testerId)
    .orderBy('day'),
);

const newestEvents = shape((build, given: Place) =>
  build
    .selectFrom('testerEvents')
    .select(['at', 'kind', 'before', 'after'])
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId)
    .where('testerId', '=', given.testerId)
    .orderBy('at', 'desc')
    .limit(EVENTS),
);

async function eventsOf({ db }: Ctx, place: Place): Promise<TesterEventView[]> {
  return (await db.read(newestEvents(place))).map(({ at, kind, before, after }) => ({
    at: new Date(at).toISOString(),
    kind,
    before: eventValue(before),
    after: eventValue(after),
  }));
}

/** So many of the app's newest entries are looked through: memberships name the tester only inside. */
const LOOKED_THROUGH = 5_000;
const CHANGES = 100;

const changesAbout = shape((build, given: Place & { label: string; inside: string }, { contains }) =>
  build
    .selectFrom((eb) =>
      eb
        .selectFrom('auditEntries')
        .selectAll()
        .where('appId', '=', given.appId)
        .where((of) => of.or([of('accountId', 'is', null), of('accountId', '=', given.accountId)]))
        .orderBy('at', 'desc')
        .limit(LOOKED_THROUGH)
        .as('e'),
    )
    .leftJoin('betaGroups as g', (join) =>
      join
        .onRef('g.accountId', '=', 'e.accountId')
        .onRef('g.id', '=', 'e.resourceId')
        .on('e.type', '=', 'betaGroups'),
    )
    .leftJoin('builds as b', (join) =>
      join
        .onRef('b.accountId', '=', 'e.accountId')
        .onRef('b.id', '=', 'e.resourceId')
        .on('e.type', '=', 'builds'),
    )
    .select(['e.id', 'e.at', 'e.actorEmail', 'e.action', 'e.type', 'e.status', 'e.errors'])
    .select(['g.name as group', 'b.id as buildId', 'b.trainVersion', 'b.version', 'b.platform'])
    .where((eb) =>
      eb.or([
        eb('e.resourceId', '=', given.testerId),
        eb('e.label', '=', given.label),
        contains(eb.ref('e.after'), given.inside),
        contains(eb.ref('e.before'), given.inside),
      ]),
    )
    .orderBy('e.at', 'desc')
    .limit(CHANGES),
);

async function changesOf(
  { db }: Ctx,
  { accountId, appId, email }: TesterRow,
  testerId: string,
): Promise<TesterChangeView[]> {
  const inside = `"${testerId}"`;
  const rows = await db.read(changesAbout({ accountId, appId, testerId, label: email ?? testerId, inside }));
  return rows.map(({ at, errors, group, buildId, trainVersion, version, platform, ...row }) => ({
    ...row,
    target: buildId === null ? group : buildWords({ trainVersion, version, platform }),
    at: new Date(at).toISOString(),
    detail: errors === null ? null : ((JSON.parse(errors) as { detail?: string }[])[0]?.detail ?? null),
  }));
}

const newestFeedback = shape((build, given: { accountId: string; testerId: string }) =>
  build
    .selectFrom('feedback')
    .select(['id', 'type', 'createdDate', 'comment', 'deviceModel', 'buildId'])
    .where('accountId', '=', given.accountId)
    .where('testerId', '=', given.testerId)
    .orderBy('createdDate', (by) => by.desc().nullsLast())
    .limit(FEEDBACK),
);

const feedbackCount = shape((build, given: { accountId: string; testerId: string }) =>
  build
    .selectFrom('feedback')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('accountId', '=', given.accountId)
    .where('testerId', '=', given.testerId),
);

async function feedbackOf(
  ctx: Ctx,
  accountId: string,
  testerId: string,
): Promise<Pick<TesterPage, 'feedback' | 'feedbackTotal'>> {
  const feedback = await ctx.db.read(newestFeedback({ accountId, testerId }));
  const [row] = await ctx.db.read(feedbackCount({ accountId, testerId }));
  return { feedback, feedbackTotal: row?.n ?? 0 };
}

const singleBuilds = shape((build, given: Place) =>
  build
    .selectFrom('buildTesters as m')
    .innerJoin('builds as b', (join) =>
      join.onRef('b.accountId', '=', 'm.accountId').onRef('b.id', '=', 'm.buildId'),
    )
    .select(['b.id', 'b.version', 'b.trainVersion', 'b.platform', 'b.expired'])
    .where('m.accountId', '=', given.accountId)
    .where('m.appId', '=', given.appId)
    .where('m.testerId', '=', given.testerId)
    .orderBy('b.uploadedDate', (by) => by.desc().nullsLast()),
);

async function buildsOf({ db }: Ctx, place: Place): Promise<TesterPage['builds']> {
  return (await db.read(singleBuilds(place))).map((row) => ({ ...row, expired: row.expired === 1 }));
}

/** The same address in every app, found app by app: no index holds addresses across them. */
const byAddress = shape((build, given: { emailLower: string }) =>
  build
    .selectFrom((eb) => eb.selectFrom('betaTesterCounts').select(['accountId', 'appId']).distinct().as('c'))
    .crossJoin('betaTesters as t')
    .leftJoin('apps as a', (join) =>
      join.onRef('a.accountId', '=', 't.accountId').onRef('a.id', '=', 't.appId'),
    )
    .select(['t.id as testerId', 't.accountId', 't.appId', 'a.name as appName', 't.state'])
    .select(({ selectFrom }) =>
      selectFrom('betaGroupTesters as m')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .whereRef('m.accountId', '=', 't.accountId')
        .whereRef('m.appId', '=', 't.appId')
        .whereRef('m.testerId', '=', 't.id')
        .$asScalar()
        .$notNull()
        .as('groupCount'),
    )
    .whereRef('t.accountId', '=', 'c.accountId')
    .whereRef('t.appId', '=', 'c.appId')
    .where('t.emailLower', '=', given.emailLower)
    .orderBy('t.accountId')
    .orderBy('t.appId')
    .orderBy('t.rowKey'),
);

/** A tester's id is a fact of one app: the lower-cased e-mail joins a person across apps. */
async function elsewhereOf({ db }: Ctx, tester: TesterRow): Promise<TesterPage['elsewhere']> {
  const { emailLower, accountId, appId } = tester;
  if (emailLower === null) return [];
  const shared = await sharedApps(db);
  return (await db.read(byAddress({ emailLower })))
    .filter((one) => one.accountId !== accountId || one.appId !== appId)
    .map((one) => ({ ...one, accountName: shared.get(`${one.accountId} ${one.appId}`) ?? null }));
}
