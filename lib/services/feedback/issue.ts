import { maskEmail, maskEmails } from '@/lib/access/mask';
import { authorise, may } from '@/lib/access/policy';
import { newestLog, reportsByDay, type Share, sharesOf, similarTo } from '@/lib/feedback/issue-figures';
import { keptLog } from '@/lib/feedback/logs';
import { type ShownReport, shownReport } from '@/lib/feedback/shown-report';
import { teamRules } from '@/lib/feedback/team-rules';
import { hardwareIdentifier } from '@/lib/format/devices';
import { ERASED_PERSON, ERASED_TESTER } from '@/lib/format/people';
import { shape } from '@/lib/store/shape';
import { buildFigures, groupsOf } from '@/lib/sync/figures';
import type { Ctx } from '../ctx';
import { notFound } from '../errors';
import { readApple } from '../resources/apple-read';
import { type SymbolsOfReport, symbolsOfReport } from '../symbols/of-report';
import { type Common, commonOf } from './common';
import { issueTitle } from './title';

/** A build that an issue was seen in. */
export interface IssueBuild extends Share {
  readonly buildId: string | null;
  readonly version: string | null;
  readonly trainVersion: string | null;
  readonly platform: string | null;
  readonly uploadedDate: string | null;
}

/** Somebody who met it. */
export interface IssueTester {
  readonly testerId: string | null;
  readonly name: string | null;
  /** Masked for who may not see addresses. */
  readonly email: string | null;
  readonly count: number;
  readonly lastDate: string | null;
}

/** What an issue's page tells beside its state. */
export interface IssueFigures {
  readonly id: string;
  readonly accountId: string;
  readonly appId: string;
  readonly kind: string;
  readonly title: string;
  /** What people call it: #128. */
  readonly number: number | null;
  readonly reportCount: number;
  readonly testerCount: number;
  readonly firstDate: string | null;
  readonly lastDate: string | null;
  readonly perDay: readonly { readonly day: string; readonly count: number }[];
  readonly builds: readonly IssueBuild[];
  readonly devices: readonly Share[];
  readonly osVersions: readonly Share[];
  readonly testers: readonly IssueTester[];
  readonly variants: readonly Share[];
  readonly similar: readonly {
    readonly id: string;
    readonly title: string;
    readonly status: string;
    readonly reportCount: number;
    readonly lastDate: string | null;
  }[];
  readonly common: readonly Common[];
}

/** What is known of an issue by its reports. @throws RefusedError 404 */
export async function readIssueFigures(ctx: Ctx, issueId: string): Promise<IssueFigures> {
  authorise(ctx.actor, 'feedback:read');
  const issue = await issueRow(ctx, issueId);
  const { db } = ctx;
  const { id, accountId, appId, topFrame } = issue;
  const isCrash = issue.kind === 'crash';
  const figures = {
    ...{ id, accountId, appId, kind: issue.kind, title: issueTitle(issue), number: issue.number },
    ...{ reportCount: issue.reportCount, testerCount: issue.testerCount },
    ...{ firstDate: issue.firstDate, lastDate: issue.lastDate },
    perDay: await reportsByDay(db, id),
    builds: await buildsOf(ctx, accountId, id),
    devices: byDevice(await sharesOf(db, id, 'deviceModel')),
    osVersions: await sharesOf(db, id, 'osVersion'),
    testers: await testersOf(ctx, accountId, appId, id),
    variants: isCrash ? (await sharesOf(db, id, 'variantHash')).filter(({ value }) => value !== null) : [],
    similar: (topFrame === null ? [] : await similarTo(db, { id, accountId, appId, topFrame })).map(
      ({ crashKind, topFrame: top, title, ...row }) => ({
        ...row,
        title: issueTitle({ title, crashKind, topFrame: top }),
      }),
    ),
    common: isCrash ? await commonOf(ctx, issue) : [],
  };
  return may(ctx.actor, 'testers:identify') ? figures : maskEmails(figures);
}

/** One row a device: Apple writes some models in two ways. */
export function byDevice(shares: readonly Share[]): Share[] {
  const devices = new Map<string | null, Share>();
  for (const share of shares) {
    const value = share.value === null ? null : hardwareIdentifier(share.value);
    const other = devices.get(value);
    const dates = [share.firstDate, share.lastDate, other?.firstDate, other?.lastDate]
      .filter((date) => typeof date === 'string')
      .toSorted();
    devices.set(value, {
      ...{ value, count: share.count + (other?.count ?? 0) },
      ...{ firstDate: dates[0] ?? null, lastDate: dates.at(-1) ?? null },
    });
  }
  return [...devices.values()].toSorted((one, next) => next.count - one.count);
}

async function buildsOf(ctx: Ctx, accountId: string, issueId: string): Promise<IssueBuild[]> {
  const shares = await sharesOf(ctx.db, issueId, 'buildId');
  const ids = shares.flatMap(({ value }) => value ?? []);
  const known = new Map((await ctx.db.read(builds({ accountId, ids }))).map((row) => [row.id, row]));
  return shares.map((share) => {
    const build = share.value === null ? undefined : known.get(share.value);
    const { version = null, trainVersion = null, platform = null, uploadedDate = null } = build ?? {};
    return { ...share, buildId: share.value, version, trainVersion, platform, uploadedDate };
  });
}

const builds = shape((build, given: { accountId: string; ids: readonly string[] }, { among }) =>
  build
    .selectFrom('builds')
    .select(['id', 'version', 'trainVersion', 'platform', 'uploadedDate'])
    .where('accountId', '=', given.accountId)
    .where(({ ref }) => among(ref('id'), given.ids)),
);

/** The most frequent testers; who has left is known by the address that stands in the report. */
async function testersOf(
  ctx: Ctx,
  accountId: string,
  appId: string,
  issueId: string,
): Promise<IssueTester[]> {
  const isPlain = may(ctx.actor, 'testers:identify');
  const shares = (await sharesOf(ctx.db, issueId, 'testerId')).filter(({ value }) => value !== null);
  const ids = shares.flatMap(({ value }) => value ?? []);
  const known = new Map((await ctx.db.read(people({ accountId, appId, ids }))).map((row) => [row.id, row]));
  return shares.map(({ value, count, lastDate }) => {
    const tester = value === null ? undefined : known.get(value);
    if (value?.startsWith(ERASED_TESTER))
      return { testerId: null, name: ERASED_PERSON, email: null, count, lastDate };
    const name = [tester?.firstName, tester?.lastName].filter(Boolean).join(' ');
    const email = tester?.email ?? null;
    const shown = email === null || isPlain ? email : maskEmail(email);
    return { testerId: value, name: name === '' ? null : name, email: shown, count, lastDate };
  });
}

const people = shape(
  (build, given: { accountId: string; appId: string; ids: readonly string[] }, { among }) =>
    build
      .selectFrom('betaTesters')
      .select(['id', 'firstName', 'lastName', 'email'])
      .where('accountId', '=', given.accountId)
      .where('appId', '=', given.appId)
      .where(({ ref }) => among(ref('id'), given.ids)),
);

/** The newest log of an issue, read for people; null when none is here. @throws RefusedError 404 */
export async function readExample(
  ctx: Ctx,
  issueId: string,
): Promise<{
  readonly feedbackId: string;
  readonly report: ShownReport;
  readonly symbols: SymbolsOfReport;
} | null> {
  authorise(ctx.actor, 'feedback:read');
  const issue = await issueRow(ctx, issueId);
  const key = await newestLog(ctx.db, issue.id);
  const log = key === null ? null : await keptLog(ctx.db, key);
  if (key === null || log === null) return null;
  const report = shownReport(log.text, await teamRules(ctx.db), log.names);
  return {
    feedbackId: key.id,
    symbols: await symbolsOfReport(ctx.db, { accountId: key.accountId, feedbackId: key.id }),
    report: may(ctx.actor, 'testers:identify') ? report : maskEmails(report),
  };
}

/** Builds that are asked about when an issue is opened. */
const MOST_BUILDS = 5;

/** Reports by sessions of one build: a lower bound, for testers share only some of their crashes. */
export interface BuildRate {
  readonly buildId: string;
  readonly reports: number;
  /** Null where Apple has not said. */
  readonly sessionCount: number | null;
  readonly crashCount: number | null;
  /** ms since 1970 */
  readonly fetchedAt: number | null;
  /** Why there is nothing, in words. */
  readonly trouble: string | null;
}

/** How often it happens in the newest builds that it was seen in. Viewers are served from what is kept. */
export async function readIssueRate(ctx: Ctx, issueId: string): Promise<readonly BuildRate[]> {
  authorise(ctx.actor, 'feedback:read');
  const { accountId, id } = await issueRow(ctx, issueId);
  const seen = (await buildsOf(ctx, accountId, id))
    .filter(({ buildId, uploadedDate }) => buildId !== null && uploadedDate !== null)
    .sort((a, b) => ((a.uploadedDate ?? '') < (b.uploadedDate ?? '') ? 1 : -1))
    .slice(0, MOST_BUILDS);
  return Promise.all(
    seen.map(async ({ buildId, count }): Promise<BuildRate> => {
      const rate = { buildId: buildId ?? '', reports: count };
      try {
        const { document, fetchedAt } = await readApple(ctx, {
          address: { type: 'builds', operation: 'metrics', name: 'betaBuildUsages' },
          ...{ accountId, id: rate.buildId, query: {}, isRefresh: false },
        });
        const { sessionCount, crashCount } = buildFigures(groupsOf(document));
        return { ...rate, sessionCount, crashCount, fetchedAt, trouble: null };
      } catch (error) {
        const trouble = error instanceof Error ? error.message : 'Not known.';
        return { ...rate, sessionCount: null, crashCount: null, fetchedAt: null, trouble };
      }
    }),
  );
}

/** Which issue is meant: of one that was merged the one it was merged into. @throws RefusedError 404 */
export async function readIssueKey(
  ctx: Ctx,
  issueId: string,
): Promise<{ readonly id: string; readonly accountId: string; readonly kind: string }> {
  const { id, accountId, kind } = await issueRow(ctx, issueId);
  return { id, accountId, kind };
}

/** An issue of an account that was not removed; one that was merged is the one it was merged into. */
async function issueRow(ctx: Ctx, id: string, depth = 0): Promise<IssueRow> {
  const [row] = await ctx.db.read(issues({ id }));
  if (!row) throw notFound('There is no issue of this id.');
  return row.mergedInto === null || depth > 20 ? row : issueRow(ctx, row.mergedInto, depth + 1);
}

const issues = shape((build, given: { id: string }) =>
  build
    .selectFrom('issues as i')
    .innerJoin('Account as a', 'a.id', 'i.accountId')
    .select(['i.id', 'i.accountId', 'i.appId', 'i.kind', 'i.title', 'i.crashKind', 'i.topFrame'])
    .select(['i.number', 'i.reportCount', 'i.testerCount', 'i.firstDate', 'i.lastDate', 'i.mergedInto'])
    .where('i.id', '=', given.id)
    .where('a.removedAt', 'is', null),
);

interface IssueRow {
  readonly id: string;
  readonly accountId: string;
  readonly appId: string;
  readonly kind: string;
  readonly title: string;
  readonly number: number | null;
  readonly crashKind: string | null;
  readonly topFrame: string | null;
  readonly reportCount: number;
  readonly testerCount: number;
  readonly firstDate: string | null;
  readonly lastDate: string | null;
  readonly mergedInto: string | null;
}
