import { authorise, ForbiddenError, may } from '@/lib/access/policy';
import { isAscError } from '@/lib/asc/errors';
import { type LinkFigures, linkDayStatement } from '@/lib/history/days';
import { linkFigures } from '@/lib/sync/figures';
import type { Ctx } from '../ctx';
import { badParameter, RefusedError } from '../errors';
import { programmeNow } from '../programme-time';
import { getMetrics, getResource, listRelated } from '../resources/read';
import { type DoctorFinding, examineLink } from './doctor';
import type { Forecast } from './forecast';
import { type LinkDay, readLinkDays, utcDay } from './link-days';
import { type Fill, fillOf, forecastOf, type LinkGroup, linkFacts } from './link-facts';

/** How a public link fares: its figures today and before, how full it is, and every reason why it admits nobody. */
export interface LinkReport extends Fill {
  readonly groupId: string;
  /** As Apple says now, or as last kept; null when nothing was ever told. */
  readonly totals: LinkFigures | null;
  /** When Apple said so; ISO text or a UTC day. */
  readonly totalsAt: string | null;
  /** Why Apple could not be asked now, in words. */
  readonly trouble: string | null;
  readonly days: readonly LinkDay[];
  readonly findings: readonly DoctorFinding[];
  readonly forecast: Forecast | null;
  /** Apple's own check; null when there are no criteria or it could not be asked. */
  readonly hasCompatibleBuild: boolean | null;
}

const MOST_DAYS = 365;

/**
 * The report of one group's public link. What Apple cannot be asked now is told from what was kept.
 * @throws RefusedError 404 unknown group, 400 when `days` is not from 1 to 365
 */
export async function linkReport(
  ctx: Ctx,
  groupId: string,
  {
    days = '90',
    accountId,
  }: { readonly days?: string | undefined; readonly accountId?: string | undefined } = {},
): Promise<LinkReport> {
  authorise(ctx.actor, 'programme:read');
  const most = /^\d{1,3}$/.test(days) ? Number(days) : 0;
  if (most < 1 || most > MOST_DAYS)
    throw badParameter('days', `The days are a whole number from 1 to ${MOST_DAYS}.`);
  const { data } = await getResource(ctx, {
    type: 'betaGroups',
    id: groupId,
    parameters: new URLSearchParams(),
    accountId,
  });
  const group: LinkGroup = { id: groupId, attributes: data?.attributes ?? {}, meta: data?.meta ?? {} };
  const place = { accountId: String(group.meta.accountId), groupId };
  const isInternal = group.attributes.isInternalGroup === true;
  const live = isInternal ? NOTHING : await liveTotals(ctx, place);
  const kept = await readLinkDays(ctx.db, place, most);
  const last = kept.at(-1);
  const hasCompatibleBuild = group.meta.criteria ? await compatibleBuild(ctx, place) : null;
  const fill = fillOf(group);
  const forecast = forecastOf(fill, kept, programmeNow(ctx));
  return {
    groupId,
    ...fill,
    totals: live.totals ?? last ?? null,
    totalsAt: live.totals ? live.at : (last?.day ?? null),
    trouble: live.trouble,
    days: kept,
    findings: examineLink(await linkFacts(ctx, group, { forecast, hasCompatibleBuild })),
    forecast,
    hasCompatibleBuild,
  };
}

interface Live {
  readonly totals: LinkFigures | null;
  readonly at: string | null;
  readonly trouble: string | null;
}
const NOTHING: Live = { totals: null, at: null, trouble: null };
const NO_ANSWER = 'App Store Connect did not answer.';

/** Apple's figures now, which become today's: a look keeps them, not only the nightly sync. */
async function liveTotals(ctx: Ctx, place: { accountId: string; groupId: string }): Promise<Live> {
  try {
    const { data, meta } = await getMetrics(ctx, {
      type: 'betaGroups',
      id: place.groupId,
      name: 'publicLinkUsages',
      parameters: new URLSearchParams(),
      accountId: place.accountId,
    });
    const totals = data.length > 0 ? linkFigures(data as Parameters<typeof linkFigures>[0]) : null;
    const at = meta.fetchedAt === null ? Number.NaN : Date.parse(meta.fetchedAt);
    const isLast = meta.stale === true;
    // Days are the programme's, as the sync notes them.
    const day = utcDay(at + (ctx.shiftMs?.() ?? 0));
    if (totals && !isLast && day === utcDay(programmeNow(ctx))) await keep(ctx, place, totals, day);
    return { totals, at: meta.fetchedAt, trouble: isLast && may(ctx.actor, 'apple:read') ? NO_ANSWER : null };
  } catch (error) {
    return { ...NOTHING, trouble: troubleWords(error) };
  }
}

async function keep(
  ctx: Ctx,
  place: { accountId: string; groupId: string },
  totals: LinkFigures,
  day: string,
): Promise<void> {
  try {
    await ctx.db.write([linkDayStatement(place.accountId, place.groupId, day, totals)], {
      patienceMs: 500,
    });
  } catch (error) {
    // The figures are shown all the same; the next look or sync keeps them.
    ctx.log.warn({ requestId: ctx.requestId, err: error }, 'figures of a link not kept');
  }
}

async function compatibleBuild(
  ctx: Ctx,
  { accountId, groupId }: { accountId: string; groupId: string },
): Promise<boolean | null> {
  try {
    const { data } = await listRelated(ctx, {
      type: 'betaGroups',
      id: groupId,
      name: 'betaRecruitmentCriterionCompatibleBuildCheck',
      parameters: new URLSearchParams(),
      accountId,
    });
    const check = Array.isArray(data) ? undefined : data;
    const answer = (check as { attributes?: { hasCompatibleBuild?: unknown } } | null | undefined)
      ?.attributes;
    return typeof answer?.hasCompatibleBuild === 'boolean' ? answer.hasCompatibleBuild : null;
  } catch (error) {
    troubleWords(error);
    return null;
  }
}

/** What kept Apple from being asked, in words. @throws the error when it is a fault of ours */
function troubleWords(error: unknown): string {
  if (isAscError(error) || error instanceof ForbiddenError || error instanceof RefusedError)
    return error.message;
  throw error;
}
