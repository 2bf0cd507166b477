import { may } from '@/lib/access/policy';
import { buildWords } from '@/lib/format/builds';
import type { Job } from '@/lib/jobs/types';
import { namesOfApps } from '@/lib/mirror/query';
import type { Ctx } from '../ctx';
import { appTold } from '../history/tell-job';
import { shipParams } from './steps';

/** Reasons that end a build for good: whoever tries once more is told the same. */
const BUILD_IS_OVER = ['REJECTED', 'BUILD_EXPIRED', 'BUILD_GONE', 'PROCESSING', 'INTERNAL_ONLY'];
/** Reasons that another order of the same build mends. */
const ORDER_IS_OVER = ['GROUP_GONE', 'NOT_TESTABLE', 'ANSWERED'];

const among = (code: string | null, names: readonly string[]) =>
  names.some((name) => code === `FLIGHTDECK.${name}`);

/** Whether a ship that ended with this reason can go on no more. */
export const isFinal = (code: string | null): boolean =>
  among(code, [...BUILD_IS_OVER, 'GROUP_GONE', 'ANSWERED']);

/** What comes after a ship has stopped, as a button. */
export interface NextStep {
  readonly label: string;
  readonly href: string;
}

/** What somebody can do after a ship has stopped for a reason; null where going on is all there is. */
export async function afterStop(ctx: Ctx, job: Job, code: string | null): Promise<NextStep | null> {
  const { accountId, appId } = job;
  const params = shipParams.safeParse(job.params);
  if (accountId === null || appId === null || !params.success) return null;
  const { home } = appTold(await namesOfApps(ctx.db, [appId]), appId, accountId);
  const page = (id: string) => `${home}/builds/${encodeURIComponent(id)}`;
  const { buildId } = params.data;
  const mayShip = may(ctx.actor, 'programme:write') && may(ctx.actor, 'jobs:run');
  if (among(code, ['COMPLIANCE']))
    return { label: 'Answer export compliance', href: `${page(buildId)}?do=compliance` };
  if (among(code, ORDER_IS_OVER))
    return mayShip ? { label: 'Ship it once more', href: `${page(buildId)}?do=ship` } : null;
  // What App Store Connect itself refuses is mended from the build's checklist.
  if (code !== null && !code.startsWith('FLIGHTDECK.'))
    return { label: 'See what is missing', href: page(buildId) };
  if (!among(code, BUILD_IS_OVER)) return null;
  const next = mayShip ? await nextBuild(ctx, { accountId, appId, buildId }) : null;
  if (next) return { label: `Ship the next build, ${buildWords(next)}`, href: `${page(next.id)}?do=ship` };
  return among(code, ['BUILD_GONE'])
    ? { label: 'See the builds', href: `${home}/builds` }
    : { label: 'Read what to do', href: page(buildId) };
}

/** The newest build of the same platform that came after one, and that can still be shipped. */
async function nextBuild(
  { db }: Ctx,
  {
    accountId,
    appId,
    buildId,
  }: { readonly accountId: string; readonly appId: string; readonly buildId: string },
) {
  const builds = db.build.selectFrom('builds').where('accountId', '=', accountId).where('appId', '=', appId);
  const [own] = await db.read(builds.select(['platform', 'uploadedDate']).where('id', '=', buildId));
  if (!own?.uploadedDate || !own.platform) return null;
  const [next] = await db.read(
    builds
      .select(['id', 'version', 'trainVersion', 'platform'])
      .where('platform', '=', own.platform)
      .where('uploadedDate', '>', own.uploadedDate)
      .where('expired', 'is distinct from', 1)
      .where('processingState', 'in', ['VALID', 'PROCESSING'])
      .where('buildAudienceType', 'is distinct from', 'INTERNAL_ONLY')
      .where('externalBuildState', 'is distinct from', 'BETA_REJECTED')
      .orderBy('uploadedDate', 'desc')
      .limit(1),
  );
  return next ?? null;
}
