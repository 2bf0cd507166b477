import { PAGE_LIMIT } from '@/lib/asc/catalogue/limits';
import type { AscClient } from '@/lib/asc/client-interface';
import { Trail } from '@/lib/sync/next';
import type { AppFacts } from '../app-facts';
import type { Ctx } from '../ctx';

export const PERIODS = [
  { period: 'P7D', days: 7 },
  { period: 'P30D', days: 30 },
  { period: 'P90D', days: 90 },
  { period: 'P365D', days: 365 },
] as const;
export type Period = (typeof PERIODS)[number]['period'];

/** Sums over one of Apple's windows. */
export interface Usage {
  readonly sessionCount: number;
  readonly crashCount: number;
  readonly feedbackCount: number;
}

export const NO_USAGE: Usage = { sessionCount: 0, crashCount: 0, feedbackCount: 0 };
const DAY_MS = 86_400_000;

/** The shortest of Apple's windows that covers so many days. */
export function periodFor(days: number): Period {
  return PERIODS.find((one) => one.days >= days)?.period ?? 'P365D';
}

interface RawGroup {
  readonly dataPoints?: readonly { readonly values?: Partial<Record<keyof Usage, number | null>> | null }[];
  readonly dimensions?: { readonly betaTesters?: { readonly data?: unknown } };
}

/**
 * What each tester of an app did within a window, live from Apple: 200 testers a request. Whoever is not named did
 * nothing. https://developer.apple.com/documentation/appstoreconnectapi/get-v1-apps-_id_-metrics-betatesterusages
 * @throws AscError also when the list cannot be read to its end: whoever stands on a later page was active
 */
export async function appUsage(asc: AscClient, appId: string, period: Period): Promise<Map<string, Usage>> {
  const usage = new Map<string, Usage>();
  const first = await asc.metrics('apps', appId, 'betaTesterUsages', {
    period,
    groupBy: ['betaTesters'],
    limit: { page: PAGE_LIMIT },
  });
  collect(usage, first.document.data as readonly RawGroup[]);
  const trail = new Trail();
  for (let next = trail.after(first, first.document.data.length); next !== undefined; ) {
    const page = await asc.figuresFrom<RawGroup>(next);
    collect(usage, page.document.data);
    next = trail.after(page, page.document.data.length);
  }
  return usage;
}

/** One tester's figures in one app. */
export async function testerUsage(
  asc: AscClient,
  testerId: string,
  appId: string,
  period: Period,
): Promise<Usage> {
  const page = await asc.metrics('betaTesters', testerId, 'betaTesterUsages', {
    period,
    filter: { apps: appId },
  });
  return (page.document.data as readonly RawGroup[]).map(sum).reduce(add, NO_USAGE);
}

/**
 * Sessions within so many days from our daily snapshots, or null when they do not cover that time: each holds Apple's
 * last 7 days, so there must be one at least every 7.
 */
export async function snapshotSessions(
  ctx: Ctx,
  { accountId, appId }: AppFacts,
  days: number,
): Promise<Map<string, number> | null> {
  const now = ctx.clock.now();
  const since = new Date(now - days * DAY_MS).toISOString().slice(0, 10);
  const figures = ctx.db.build
    .selectFrom('testerDays')
    .where('accountId', '=', accountId)
    .where('appId', '=', appId)
    .where('day', '>=', since);
  const taken = await ctx.db.read(
    figures.select('day').distinct().where('sessionCount', 'is not', null).orderBy('day'),
  );
  const marks = [now - days * DAY_MS, ...taken.map(({ day }) => Date.parse(day)), now];
  const isCovered =
    taken.length > 0 && marks.every((at, index) => at - (marks[index - 1] ?? at) <= 8 * DAY_MS);
  if (!isCovered) return null;
  const rows = await ctx.db.read(
    figures
      .select(['testerId', ({ fn }) => fn.sum<number | null>('sessionCount').as('n')])
      .groupBy('testerId'),
  );
  return new Map(rows.map((row) => [row.testerId, row.n ?? 0]));
}

/** Whoever stands on two pages, because rows moved between them, counts once. */
function collect(into: Map<string, Usage>, groups: readonly RawGroup[]): void {
  for (const group of groups) {
    const id = testerIdOf(group.dimensions?.betaTesters?.data);
    if (id !== null) into.set(id, sum(group));
  }
}

/** Apple's schema says a text, Apple's answers hold an object. */
function testerIdOf(data: unknown): string | null {
  if (typeof data === 'string') return data;
  if (typeof data === 'object' && data !== null && 'id' in data && typeof data.id === 'string')
    return data.id;
  return null;
}

function sum({ dataPoints = [] }: RawGroup): Usage {
  return dataPoints
    .map(({ values }) => ({
      sessionCount: values?.sessionCount ?? 0,
      crashCount: values?.crashCount ?? 0,
      feedbackCount: values?.feedbackCount ?? 0,
    }))
    .reduce(add, NO_USAGE);
}

function add(a: Usage, b: Usage): Usage {
  return {
    sessionCount: a.sessionCount + b.sessionCount,
    crashCount: a.crashCount + b.crashCount,
    feedbackCount: a.feedbackCount + b.feedbackCount,
  };
}
