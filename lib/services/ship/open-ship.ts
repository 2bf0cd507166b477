import type { JobStatus } from '@/lib/jobs/types';
import type { Ctx } from '../ctx';
import { conflict } from '../errors';
import { shipParams } from './steps';

/** A build is being shipped already; `meta.jobId` is the job that does it. */
export const SHIPPING = 'FLIGHTDECK.SHIPPING';

const OPEN: readonly JobStatus[] = ['queued', 'running', 'paused', 'parked'];

interface OfBuild {
  readonly accountId: string | null;
  readonly appId: string | null;
  readonly buildId: string;
}

/**
 * Two jobs that ship one build would each tell its testers.
 * @param ownId the job that asks, where it is one
 * @throws RefusedError 409 `FLIGHTDECK.SHIPPING` while another one has not ended
 */
export async function refuseSecond(
  { db }: Pick<Ctx, 'db'>,
  { accountId, appId, buildId }: OfBuild,
  ownId?: string,
): Promise<void> {
  const open = await db.read(
    db.build
      .selectFrom('jobs')
      .select(['id', 'title', 'params'])
      .where('kind', '=', 'ship')
      .where('status', 'in', OPEN)
      .where('accountId', 'is not distinct from', accountId)
      .where('appId', 'is not distinct from', appId)
      .orderBy('createdAt'),
  );
  const other = open.find(({ id, params }) => {
    const told = shipParams.safeParse(JSON.parse(params)).data;
    return id !== ownId && told?.buildId === buildId && told.isDryRun !== true;
  });
  if (!other) return;
  throw conflict(
    SHIPPING,
    `The build is being shipped already, by the job “${other.title}”. A second one would tell its testers twice: follow that one, or cancel it first.`,
    { jobId: other.id },
  );
}
