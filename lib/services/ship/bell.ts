import { can, type Permission, ROLES } from '@/lib/access/policy';
import type { Job } from '@/lib/jobs/types';
import { announced } from '@/lib/store/feed';
import type { Write } from '@/lib/store/store';
import type { Ctx } from '../ctx';
import type { Held } from './gate-judge';

/** Why a person is told of a job. */
export type JobNotice = 'approval' | Held;

/** What it takes to go on with a ship by hand. */
const NEEDED: readonly Permission[] = ['jobs:run', 'programme:write'];

/** Everybody whose role lets them go on with a ship by hand, but for one person. */
export function ableToGoOn(
  { db }: Pick<Ctx, 'db'>,
  except: string | null,
): Promise<readonly { readonly id: string }[]> {
  const roles = ROLES.filter((role) => NEEDED.every((permission) => can(role, permission)));
  const people = db.build.selectFrom('users').select('id').where('role', 'in', roles);
  return db.read(people.where('disabledAt', 'is', null).where('id', '<>', except ?? ''));
}

/**
 * Tells everybody who can go on with a job, by the bell: of each reason once, however often it is looked at.
 * @param except whoever cannot, though their role may
 */
export async function rung(
  { db, clock }: Pick<Ctx, 'db' | 'clock'>,
  { id: jobId }: Pick<Job, 'id'>,
  kind: JobNotice,
  { except = null }: { readonly except?: string | null } = {},
): Promise<Write[]> {
  const known = db.build
    .selectFrom('notices')
    .select('id')
    .where('jobId', '=', jobId)
    .where('kind', '=', kind);
  const [people, told] = await Promise.all([ableToGoOn({ db }, except), db.read(known)]);
  const seen = new Set(told.map(({ id }) => id));
  const createdAt = clock.now();
  // Whoever was told already, also by a worker that was killed on the way, is known by the notice's id.
  const notices = people
    .map(({ id: userId }) => ({ id: `${kind}/${jobId}/${userId}`, userId, kind, jobId, createdAt }))
    .filter(({ id }) => !seen.has(id));
  if (notices.length === 0) return [];
  return [
    db.build
      .insertInto('notices')
      .values(notices)
      .onConflict((conflict) => conflict.column('id').doNothing()),
    ...announced('notices', [jobId], createdAt),
  ];
}

/** Nobody has to do anything about a job any more: what the bell told of it is read. */
export function dealtWith({ db, clock }: Pick<Ctx, 'db' | 'clock'>, jobId: string): Write[] {
  const now = clock.now();
  return [
    db.build
      .updateTable('notices')
      .set({ readAt: now })
      .where('jobId', '=', jobId)
      .where('readAt', 'is', null),
    ...announced('notices', [jobId], now),
  ];
}
