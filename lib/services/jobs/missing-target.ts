import { isAscError } from '@/lib/asc/errors';
import { buildWords } from '@/lib/format/builds';
import type { MissingTarget } from '@/lib/jobs/run';
import type { JobItem, Target, Work } from '@/lib/jobs/types';
import { evictStatements } from '@/lib/mirror/evict';
import { justMade } from '@/lib/mirror/just-made';
import type { Ctx } from '../ctx';
import { peopleJobs } from './registry';

/** The most things of one call that are looked up. */
const MOST_LOOKS = 10;
const WORDS = {
  apps: { noun: 'The app', next: 'Is the key still allowed to see it?' },
  betaGroups: { noun: 'The group', next: 'Choose another group to go on with.' },
  builds: { noun: 'The build', next: 'Cancel the job and start it again with another build.' },
} as const;

/** Asks Apple for the groups, builds and the app that items need; the first that is gone, with what the copy forgets. */
export async function missingTarget(
  work: Work<Ctx>,
  items: readonly JobItem[],
): Promise<MissingTarget | null> {
  const { accountId, appId, kind } = work.job;
  if (accountId === null) return null;
  const asc = await work.context.ascFor(accountId, 'write');
  const needed = peopleJobs.get(kind)?.targets?.(work, items) ?? [];
  const targets = [...needed, ...(appId === null ? [] : [{ type: 'apps' as const, id: appId }])];
  const seen = new Set<string>();
  for (const { type, id } of targets) {
    if (seen.has(id) || seen.size >= MOST_LOOKS) continue;
    seen.add(id);
    try {
      await asc.get(type, id);
    } catch (error) {
      if (!isAscError(error) || error.kind !== 'not_found') throw error;
      return gone(work, accountId, { type, id, name: await nameOf(work, accountId, type, id) });
    }
  }
  return null;
}

async function gone(work: Work<Ctx>, accountId: string, target: Target): Promise<MissingTarget> {
  const { noun, next } = WORDS[target.type];
  const { type, id, name } = target;
  const { db, clock } = work.context;
  const at = clock.now();
  const isLate = (await justMade(db, { accountId, type, ids: [id] }, at)).size > 0;
  return {
    target,
    reason: `${noun}${name === null ? '' : ` “${name}”`} is no longer there at App Store Connect. ${next}`,
    // An app may only be hidden from this key, and what was just made may only be shown late: the sync decides.
    statements: type === 'apps' || isLate ? [] : evictStatements({ accountId, type, ids: [id], at }),
  };
}

async function nameOf(
  { context: { db } }: Work<Ctx>,
  accountId: string,
  type: Target['type'],
  id: string,
): Promise<string | null> {
  if (type === 'builds') {
    const [build] = await db.read(
      db.build
        .selectFrom('builds')
        .select(['trainVersion', 'version', 'platform'])
        .where('accountId', '=', accountId)
        .where('id', '=', id),
    );
    return build ? buildWords(build) : null;
  }
  const [row] = await db.read(
    db.build.selectFrom(type).select('name').where('accountId', '=', accountId).where('id', '=', id),
  );
  return row?.name ?? null;
}
