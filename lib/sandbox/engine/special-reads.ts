import { apiError, notFound, Refusal } from '../checks/refusal';
import type { Seed } from '../programme/types';
import { hasCompatibleBuild } from '../rules/recruitment';
import { metricReads } from './metrics';
import type { ReadRequest } from './reads';
import type { Resource } from './resource';
import { jsonAnswer, type SpecialRead, type SpecialTools } from './special';

const CRASHES = 'betaFeedbackCrashSubmissions';
const CHECKS = 'betaRecruitmentCriterionCompatibleBuildChecks';
const POWER_TYPE = 'application/vnd.apple.xcode-metrics+json';
const LOGS_TYPE = 'application/vnd.apple.diagnostic-logs+json';

type Json = Record<string, unknown>;

/** Refuses with 406 who does not take the media type; logs and metrics have one of their own. */
export function checkAccept(accept: string | undefined, type: string): void {
  const offers = (accept ?? '*/*').split(',').map((one) => one.split(';')[0]?.trim());
  if (offers.some((one) => one === type || one === '*/*' || one === 'application/*')) return;
  throw new Refusal([
    apiError(406, 'NOT_ACCEPTABLE', 'The requested media type is not available', `Accept ${type}`),
  ]);
}

function self(tools: SpecialTools, request: ReadRequest): string {
  return tools.renderer.absolute(request.url);
}

/** Computed resources are rendered like stored ones, sparse fieldsets included. */
function single(tools: SpecialTools, request: ReadRequest, type: string, id: string, attributes: Json): Json {
  const resource: Resource = { type, id, appId: null, attributes, relationships: {} };
  return tools.renderer.single(resource, { query: request.query, scoped: false }, self(tools, request));
}

function linkage(tools: SpecialTools, request: ReadRequest, type: string, id: string): Json {
  return { data: { type, id }, links: { self: self(tools, request) } };
}

/** The submission behind a crash log; both share one id. A device may have sent no log. */
function crashOf(tools: SpecialTools, request: ReadRequest): { submission: Resource; logText: string } {
  const submission = tools.reads.visible(CRASHES, request.route.id ?? '', request.caller);
  const given = submission.attributes.logText;
  const logText = typeof given === 'string' ? given : tools.world.programme.crashLog(submission as Seed);
  if (logText === '') throw notFound('betaCrashLogs', submission.id);
  return { submission, logText };
}

const crashLog: SpecialRead = (tools, request) => {
  const { submission, logText } = crashOf(tools, request);
  return jsonAnswer(single(tools, request, 'betaCrashLogs', submission.id, { logText }));
};

const crashLogLinkage: SpecialRead = (tools, request) =>
  jsonAnswer(linkage(tools, request, 'betaCrashLogs', crashOf(tools, request).submission.id));

const compatibleBuildCheck: SpecialRead = (tools, request) => {
  const group = tools.reads.visible('betaGroups', request.route.id ?? '', request.caller);
  const attributes = { hasCompatibleBuild: hasCompatibleBuild(tools.world, group) };
  return jsonAnswer(single(tools, request, CHECKS, group.id, attributes));
};

const compatibleBuildCheckLinkage: SpecialRead = (tools, request) => {
  const group = tools.reads.visible('betaGroups', request.route.id ?? '', request.caller);
  return jsonAnswer(linkage(tools, request, CHECKS, group.id));
};

interface PowerMetrics extends Json {
  productData?: {
    platform?: string;
    metricCategories?: {
      identifier?: string;
      metrics?: { datasets?: { filterCriteria?: { device?: string } }[] }[];
    }[];
  }[];
}

function narrowed(body: PowerMetrics, { query }: ReadRequest): Json {
  const matches = (name: string, value: string | undefined): boolean => {
    const wanted = query.values.get(`filter[${name}]`);
    return wanted === undefined || (value !== undefined && wanted.includes(value));
  };
  const productData = (body.productData ?? [])
    .filter((product) => matches('platform', product.platform))
    .map((product) => ({
      ...product,
      metricCategories: (product.metricCategories ?? [])
        .filter((category) => matches('metricType', category.identifier))
        .map((category) => ({
          ...category,
          metrics: (category.metrics ?? []).map((metric) => ({
            ...metric,
            datasets: (metric.datasets ?? []).filter((set) =>
              matches('deviceType', set.filterCriteria?.device),
            ),
          })),
        })),
    }));
  return { ...body, productData };
}

const perfPowerMetrics: SpecialRead = (tools, request, accept) => {
  checkAccept(accept, POWER_TYPE);
  const build = tools.reads.visible('builds', request.route.id ?? '', request.caller);
  const body = tools.world.programme.perfPowerMetrics(build.id) as PowerMetrics;
  return jsonAnswer(narrowed(body, request), POWER_TYPE);
};

const diagnosticLogs: SpecialRead = (tools, request, accept) => {
  checkAccept(accept, LOGS_TYPE);
  const signature = tools.reads.visible('diagnosticSignatures', request.route.id ?? '', request.caller);
  const body = tools.world.programme.diagnosticLogs(signature.id) as {
    productData?: { diagnosticLogs?: unknown[] }[];
  };
  const limit = request.query.limit ?? 50;
  const productData = (body.productData ?? []).map((one) => ({
    ...one,
    diagnosticLogs: (one.diagnosticLogs ?? []).slice(0, limit),
  }));
  return jsonAnswer({ ...body, productData }, LOGS_TYPE);
};

/** By path template. */
export const specialReads: Readonly<Record<string, SpecialRead>> = {
  ...metricReads,
  '/v1/betaCrashLogs/{id}': crashLog,
  '/v1/betaFeedbackCrashSubmissions/{id}/crashLog': crashLog,
  '/v1/betaFeedbackCrashSubmissions/{id}/relationships/crashLog': crashLogLinkage,
  '/v1/betaGroups/{id}/betaRecruitmentCriterionCompatibleBuildCheck': compatibleBuildCheck,
  '/v1/betaGroups/{id}/relationships/betaRecruitmentCriterionCompatibleBuildCheck':
    compatibleBuildCheckLinkage,
  '/v1/builds/{id}/perfPowerMetrics': perfPowerMetrics,
  '/v1/diagnosticSignatures/{id}/logs': diagnosticLogs,
};
