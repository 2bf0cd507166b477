import { addCall } from '@/lib/asc/calls';
import type { AscClient } from '@/lib/asc/client-interface';
import type { JobItem, Outcome, Work } from '@/lib/jobs/types';
import type { Write } from '@/lib/store/database';
import type { Ctx } from '../ctx';
import { effectsIn, sendFor } from './send-item';

/** Groups, and builds given one by one. */
export interface Access {
  readonly groupIds: readonly string[];
  readonly buildIds: readonly string[];
}

export interface Place {
  readonly asc: AscClient;
  readonly accountId: string;
  readonly appId: string;
  /** 'invited' or 'restored', for the tester's history. */
  readonly event: 'invited' | 'restored';
}

interface Whom {
  readonly email: string;
  readonly testerId: string;
}

/** What a person gets, as history and trail tell it. */
export function givenTo({ groupIds, buildIds }: Access): Partial<Access> {
  return { ...(groupIds.length > 0 ? { groupIds } : {}), ...(buildIds.length > 0 ? { buildIds } : {}) };
}

/** Gives somebody whom the app has groups and builds, one call for each kind. */
export async function addAll(
  work: Work<Ctx>,
  item: JobItem,
  whom: Whom,
  { groupIds, buildIds }: Access,
): Promise<Outcome & { status: 'done' }> {
  const statements: Write[] = [];
  for (const [relationship, ids] of [
    ['betaGroups', groupIds],
    ['builds', buildIds],
  ] as const) {
    if (ids.length === 0) continue;
    if (statements.length > 0) await work.write(statements.splice(0));
    statements.push(...(await addTo(work, item, whom, relationship, ids)));
  }
  const added = { groupIds, buildIds };
  return { status: 'done', result: { did: 'addedToGroup', testerId: whom.testerId, added }, statements };
}

async function addTo(
  work: Work<Ctx>,
  item: JobItem,
  { email, testerId }: Whom,
  relationship: 'betaGroups' | 'builds',
  ids: readonly string[],
): Promise<Write[]> {
  const call = addCall('betaTesters', testerId, relationship, ids);
  const given = { [relationship]: ids };
  const { finish } = await sendFor(work, [item], call, () => ({ label: email, requested: given }));
  return [...(await effectsIn(work, call)), finish(0, given)];
}
