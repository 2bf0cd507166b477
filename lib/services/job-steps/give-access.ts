import type { AscClient } from '@/lib/asc/client-interface';
import type { JobItem, Outcome, Work } from '@/lib/jobs/types';
import { assumedStateStatement } from '@/lib/mirror/invited';
import { addLinkageStatements } from '@/lib/mirror/membership';
import type { Write } from '@/lib/store/database';
import type { Ctx } from '../ctx';
import { auditedCall } from './item-audit';

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
  readonly place: Place;
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
  { email, testerId, place }: Whom,
  relationship: 'betaGroups' | 'builds',
  ids: readonly string[],
): Promise<Write[]> {
  const draft = {
    action: 'addLinkage',
    type: 'betaTesters',
    resourceId: testerId,
    label: email,
    requested: { [relationship]: ids },
  };
  const { finish } = await auditedCall(
    work,
    [item],
    () => draft,
    () => place.asc.addLinkage('betaTesters', testerId, relationship, ids),
  );
  const access =
    relationship === 'builds' ? { groupIds: [], buildIds: ids } : { groupIds: ids, buildIds: [] };
  return [
    ...memberships(place, testerId, access, work.context.clock.now()),
    assumedStateStatement({ ...place, testerIds: [testerId] }),
    finish(0, { [relationship]: ids }),
  ];
}

/** The mirror after somebody was given groups and builds. */
export function memberships(place: Place, testerId: string, access: Access, at: number): Write[] {
  const { accountId, appId } = place;
  const common = { accountId, appId, memberIds: [testerId], at };
  return [
    ...access.groupIds.flatMap((groupId) =>
      addLinkageStatements({ ...common, table: 'betaGroupTesters', groupId }),
    ),
    ...access.buildIds.flatMap((groupId) =>
      addLinkageStatements({ ...common, table: 'buildTesters', groupId }),
    ),
  ];
}
