import type { AscClient } from '@/lib/asc/client-interface';
import { isAscError } from '@/lib/asc/errors';
import type { JobItem, Outcome, Work } from '@/lib/jobs/types';
import { addLinkageStatements } from '@/lib/mirror/membership';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Statement } from '@/prisma/database';
import type { Ctx } from '../ctx';
import { auditedCall } from './item-audit';
import { type FoundTester, findByEmail } from './read-back';
import { testerEvent } from './tester-events';
import { ItemCallError } from './trouble';

/** Somebody who is to be in some groups of an app. */
export interface Invitation {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly groupIds: readonly string[];
  /** Known already, by what the mirror says. */
  readonly testerId: string | null;
}

export interface Place {
  readonly asc: AscClient;
  readonly accountId: string;
  readonly appId: string;
  /** 'invited' or 'restored', for the tester's history. */
  readonly event: 'invited' | 'restored';
}

/**
 * Sees to it that a person is in the groups: creates the tester, or adds one whom the app has. A second attempt looks
 * before it creates, since the first may have succeeded unnoticed.
 */
export async function invitePerson(
  work: Work<Ctx>,
  item: JobItem,
  person: Invitation,
  place: Place,
): Promise<Outcome> {
  const scope = { ...place, now: () => work.context.clock.now() };
  if (item.attempts > 1) {
    const tester = await findByEmail(scope, person.email);
    if (tester) return bringIn(work, item, person, place, tester);
  } else if (person.testerId !== null) {
    return addToGroups(work, item, person, place, person.testerId, person.groupIds);
  }
  try {
    return await create(work, item, person, place);
  } catch (error) {
    const refusal = error instanceof ItemCallError ? error.cause : error;
    if (!isAscError(refusal) || !refusal.is('conflict', 'unprocessable')) throw error;
    // Apple does not say whether the person is there already: look, and keep its own reason when not.
    const tester = await findByEmail(scope, person.email);
    if (!tester) throw error;
    const closing = error instanceof ItemCallError ? error.statementsFor('failed', refusal.errors) : [];
    const outcome = await bringIn(work, item, person, place, tester);
    return { ...outcome, statements: [...closing, ...(outcome.statements ?? [])] };
  }
}

async function create(work: Work<Ctx>, item: JobItem, person: Invitation, place: Place): Promise<Outcome> {
  const { accountId, appId, asc } = place;
  const { email, firstName, lastName, groupIds } = person;
  const attributes = { email, ...(firstName ? { firstName } : {}), ...(lastName ? { lastName } : {}) };
  const data = groupIds.map((id) => ({ type: 'betaGroups' as const, id }));
  const draft = { action: 'create', type: 'betaTesters', label: email, requested: { attributes, groupIds } };
  const { result, finish } = await auditedCall(
    work,
    [item],
    () => draft,
    () => asc.create('betaTesters', { attributes, relationships: { betaGroups: { data } } }),
  );
  const tester = result.document.data;
  const at = work.context.clock.now();
  return {
    status: 'done',
    result: { did: 'invited', testerId: tester.id },
    statements: [
      ...upsertStatements({ accountId, appId, resources: [tester], fetchedAt: at, source: 'write' }),
      ...memberships(place, tester.id, groupIds, at),
      testerEvent({
        accountId,
        appId,
        testerId: tester.id,
        email,
        at,
        kind: place.event,
        after: { groupIds },
      }),
      finish(0, { id: tester.id, attributes, groupIds }),
    ],
  };
}

/** The app has the person: only what is missing is done. */
async function bringIn(
  work: Work<Ctx>,
  item: JobItem,
  person: Invitation,
  place: Place,
  tester: FoundTester,
): Promise<Outcome> {
  const missing = person.groupIds.filter((id) => !tester.groupIds.includes(id));
  if (missing.length > 0) {
    const outcome = await addToGroups(work, item, person, place, tester.id, missing);
    return { ...outcome, statements: [...tester.statements, ...(outcome.statements ?? [])] };
  }
  if (tester.state === 'REVOKED') return inviteAgain(work, item, person, place, tester);
  return {
    status: 'done',
    result: { did: 'alreadyThere', testerId: tester.id },
    statements: tester.statements,
  };
}

async function addToGroups(
  work: Work<Ctx>,
  item: JobItem,
  person: Invitation,
  place: Place,
  testerId: string,
  groupIds: readonly string[],
): Promise<Outcome> {
  const draft = {
    action: 'addLinkage',
    type: 'betaTesters',
    resourceId: testerId,
    label: person.email,
    requested: { betaGroups: groupIds },
  };
  const { finish } = await auditedCall(
    work,
    [item],
    () => draft,
    () => place.asc.addLinkage('betaTesters', testerId, 'betaGroups', groupIds),
  );
  const at = work.context.clock.now();
  return {
    status: 'done',
    result: { did: 'addedToGroup', testerId },
    statements: [...memberships(place, testerId, groupIds, at), finish(0, { betaGroups: groupIds })],
  };
}

/** Somebody who left and is still listed in the groups gets a new invitation. */
async function inviteAgain(
  work: Work<Ctx>,
  item: JobItem,
  person: Invitation,
  place: Place,
  tester: FoundTester,
): Promise<Outcome> {
  const { accountId, appId, asc } = place;
  const draft = {
    action: 'create',
    type: 'betaTesterInvitations',
    resourceId: tester.id,
    label: person.email,
  };
  const relationships = {
    app: { data: { type: 'apps' as const, id: appId } },
    betaTester: { data: { type: 'betaTesters' as const, id: tester.id } },
  };
  const { finish } = await auditedCall(
    work,
    [item],
    () => draft,
    () => asc.create('betaTesterInvitations', { relationships }),
  );
  const at = work.context.clock.now();
  const event = { accountId, appId, testerId: tester.id, email: person.email, at, kind: place.event };
  return {
    status: 'done',
    result: { did: 'invitedAgain', testerId: tester.id },
    statements: [...tester.statements, testerEvent(event), finish(0)],
  };
}

function memberships(place: Place, testerId: string, groupIds: readonly string[], at: number): Statement[] {
  const { accountId, appId } = place;
  return groupIds.flatMap((groupId) =>
    addLinkageStatements({ accountId, appId, table: 'betaGroupTesters', groupId, memberIds: [testerId], at }),
  );
}
