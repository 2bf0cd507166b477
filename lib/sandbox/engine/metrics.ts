import { parameterError, Refusal } from '../checks/refusal';
import { linkCounts } from '../life/links';
import { testersOf } from '../rules/access';
import { BUILD_DAYS, installsOf, usageByBuild } from './build-usage';
import type { ReadRequest } from './reads';
import type { Resource } from './resource';
import { jsonAnswer, type SpecialRead, type SpecialTools } from './special';
import { DAY_MS, type Use } from './usage';

type Json = Record<string, unknown>;

const PERIODS: Readonly<Record<string, number>> = { P7D: 7, P30D: 30, P90D: 90, P365D: 365 };
const DEFAULT_PERIOD = 'P7D';
const WHOLE_LIFE_DAYS = 365;

function daysOf(request: ReadRequest): number {
  return PERIODS[request.query.values.get('period')?.[0] ?? DEFAULT_PERIOD] ?? 7;
}

/** One data point over a window of whole days, with plain dates as the service sends them. */
function point({ world }: SpecialTools, days: number, values: object): Json {
  const now = world.clock.now();
  const date = (at: number): string => new Date(at).toISOString().slice(0, 10);
  return { start: date(now - days * DAY_MS), end: date(now), values };
}

/** The document of a metric; its own link shows the period in hours. */
function report(
  tools: SpecialTools,
  request: ReadRequest,
  rows: readonly Json[],
  included: Json[] | null,
): Json {
  const { rows: shown, ...page } = tools.reads.page(rows, request);
  const document = tools.renderer.paging(page, request.url) as { links: { self: string } };
  const self = new URL(document.links.self);
  if (request.operation.query.period) self.searchParams.set('period', `PT${daysOf(request) * 24}H`);
  return {
    ...document,
    data: shown,
    links: { ...document.links, self: self.href },
    ...(included === null ? {} : { included }),
  };
}

function isUsed({ sessionCount, crashCount, feedbackCount }: Use): boolean {
  return sessionCount + crashCount + feedbackCount > 0;
}

function testerRow(tools: SpecialTools, request: ReadRequest, tester: Resource, use: Use): Json {
  const { pathname } = request.url;
  const base = tools.world.baseUrl();
  return {
    type: 'betaTesterUsages',
    dataPoints: [point(tools, daysOf(request), use)],
    dimensions: {
      betaTesters: {
        links: {
          groupBy: `${base}${pathname}?groupBy=betaTesters`,
          related: `${base}/v1/betaTesters/${tester.id}`,
        },
        data: { type: 'betaTesters', id: tester.id },
      },
    },
  };
}

/** Usage per tester of an app or a group; testers without activity do not appear. */
const usagePerTester: SpecialRead = (tools, request) => {
  const { route, query, caller } = request;
  const parent = tools.reads.visible(route.type, route.id ?? '', caller);
  const wanted = query.values.get('filter[betaTesters]')?.[0];
  if (wanted === undefined && !query.values.has('groupBy'))
    throw new Refusal([
      parameterError('REQUIRED', 'groupBy', "Either 'groupBy' or 'filter[betaTesters]' must be provided"),
    ]);
  const days = daysOf(request);
  const used: { tester: Resource; use: Use }[] = [];
  for (const tester of tools.world.store.related(parent, 'betaTesters')) {
    if (wanted !== undefined && tester.id !== wanted) continue;
    const use = tools.usage.of(tester, days);
    if (isUsed(use)) used.push({ tester, use });
  }
  const rows = used.map(({ tester, use }) => testerRow(tools, request, tester, use));
  const { rows: shown } = tools.reads.page(used, request);
  const included = shown.map(({ tester }) => tools.renderer.plain(tester));
  return jsonAnswer(report(tools, request, rows, included));
};

const usageOfTester: SpecialRead = (tools, request) => {
  const tester = tools.reads.visible('betaTesters', request.route.id ?? '', request.caller);
  const appId = request.query.values.get('filter[apps]')?.[0] ?? '';
  if (tester.appId !== appId)
    throw new Refusal([
      parameterError('INVALID', 'filter[apps]', `The tester does not test the app '${appId}'`),
    ]);
  const base = tools.world.baseUrl();
  const row = {
    type: 'betaTesterUsages',
    dataPoints: [point(tools, daysOf(request), tools.usage.of(tester, daysOf(request)))],
    dimensions: {
      apps: {
        links: {
          groupBy: `${base}${request.url.pathname}?groupBy=apps`,
          related: `${base}/v1/apps/${appId}`,
        },
        data: { type: 'apps', id: appId },
      },
    },
  };
  return jsonAnswer(report(tools, request, [row], null));
};

/** The funnel of a public link over the last year: the programme's days, and what happened since. */
const usageOfLink: SpecialRead = (tools, request) => {
  const group = tools.reads.visible('betaGroups', request.route.id ?? '', request.caller);
  const counts = linkCounts(group);
  for (const day of tools.world.programme.linkUsage(group.id)) {
    counts.viewCount += day.viewCount;
    counts.acceptedCount += day.acceptedCount;
    counts.didNotAcceptCount += day.didNotAcceptCount;
    counts.didNotMeetCriteriaCount += day.didNotMeetCriteriaCount;
    counts.notRelevant += day.notRelevant;
    counts.notClear += day.notClear;
    counts.notInteresting += day.notInteresting;
  }
  const { notRelevant, notClear, notInteresting, ...values } = counts;
  const reasons = notRelevant + notClear + notInteresting;
  const ratio = (n: number): number => (reasons === 0 ? 0 : Math.round((n / reasons) * 10_000) / 10_000);
  const row = {
    type: 'betaPublicLinkUsages',
    dataPoints: [
      point(tools, WHOLE_LIFE_DAYS, {
        ...values,
        notRelevantRatio: ratio(notRelevant),
        notClearRatio: ratio(notClear),
        notInterestingRatio: ratio(notInteresting),
      }),
    ],
  };
  return jsonAnswer(report(tools, request, [row], null));
};

function feedbackFor({ world }: SpecialTools, build: Resource): number {
  const app = build.appId === null ? undefined : world.store.get('apps', build.appId);
  if (!app) return 0;
  const all = [
    ...world.store.related(app, 'betaFeedbackCrashSubmissions'),
    ...world.store.related(app, 'betaFeedbackScreenshotSubmissions'),
  ];
  return all.filter((one) => one.relationships.build === build.id).length;
}

/** Figures of one build: how many devices have it, and what was done in it. */
const usageOfBuild: SpecialRead = (tools, request) => {
  const { world, usage } = tools;
  const build = tools.reads.visible('builds', request.route.id ?? '', request.caller);
  const app = build.appId === null ? undefined : world.store.get('apps', build.appId);
  const use = app ? usageByBuild(world, usage, app).get(build.id) : undefined;
  const installCount = app ? installsOf(world, app, build) : 0;
  const sum = { sessionCount: use?.sessionCount ?? 0, crashCount: use?.crashCount ?? 0 };
  const inviteCount = testersOf(tools.world, build).size;
  const values = { installCount, ...sum, inviteCount, feedbackCount: feedbackFor(tools, build) };
  const row = { type: 'betaBuildUsages', dataPoints: [point(tools, BUILD_DAYS, values)] };
  return jsonAnswer(report(tools, request, [row], null));
};

/** Metrics by path template. */
export const metricReads: Readonly<Record<string, SpecialRead>> = {
  '/v1/apps/{id}/metrics/betaTesterUsages': usagePerTester,
  '/v1/betaGroups/{id}/metrics/betaTesterUsages': usagePerTester,
  '/v1/betaTesters/{id}/metrics/betaTesterUsages': usageOfTester,
  '/v1/betaGroups/{id}/metrics/publicLinkUsages': usageOfLink,
  '/v1/builds/{id}/metrics/betaBuildUsages': usageOfBuild,
};
