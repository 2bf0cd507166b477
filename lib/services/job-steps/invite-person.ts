import { createCall } from '@/lib/asc/calls';
import type { WriteCall } from '@/lib/asc/operations';
import { testerEventStatements } from '@/lib/history/tester-events';
import type { JobItem, Outcome, Work } from '@/lib/jobs/types';
import { groupsOf } from '../app-facts';
import type { Ctx } from '../ctx';
import { closed, refusalIn } from '../resources/send';
import { type Access, addAll, givenTo, type Place } from './give-access';
import { type FoundTester, findByEmail } from './read-back';
import { effectsIn, sendFor } from './send-item';
import { relearnTesters } from './unseen';

/** Somebody who is to be in some groups of an app, or to have some builds of it. */
export interface Invitation extends Access {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Known already, by what the mirror says. */
  readonly testerId: string | null;
  /** Whether that is the internal record of somebody who is to be in an external group, or the other way round. */
  readonly isOtherKind?: boolean;
}

/**
 * Sees to it that a person has the groups and builds: creates the tester, or gives one whom the app has what is
 * missing. A second attempt looks before it creates, since the first may have succeeded unnoticed.
 */
export async function invitePerson(
  work: Work<Ctx>,
  item: JobItem,
  person: Invitation,
  place: Place,
): Promise<Outcome> {
  const { email, testerId } = person;
  if (item.attempts > 1) {
    const tester = await lookUpPerson(work, place, person);
    if (tester) return bringIn(work, item, person, place, tester);
  }
  const knownId = item.attempts > 1 ? null : testerId;
  try {
    if (knownId === null) return await createWithAll(work, item, person, place);
    return await addAll(work, item, { email, testerId: knownId }, person);
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal?.is('conflict', 'unprocessable') && !(knownId !== null && refusal?.is('not_found')))
      throw error;
    // Apple does not say whether the person is there already, or no more: look, and keep its own reason when neither.
    const tester = await lookUpPerson(work, place, person);
    const wayOn = wayAfterRefusal(person, knownId, tester);
    if (wayOn === null) throw error;
    // What was refused stays told, whatever becomes of the next call.
    await work.write(closed(error, refusal));
    if (knownId !== null && !tester) await relearnTesters(work, [{ item, testerId: knownId }]);
    return wayOn === 'create'
      ? createWithAll(work, item, person, place)
      : bringIn(work, item, person, place, wayOn);
  }
}

/** How somebody comes in whom Apple refused, now that it was looked who is there; null when its reason stands. */
function wayAfterRefusal(
  person: Invitation,
  knownId: string | null,
  tester: FoundTester | null,
): FoundTester | 'create' | null {
  if (knownId === null) return tester;
  if (!tester) return 'create';
  if (tester.id !== knownId) return tester;
  // Apple may hold one address as two records: where the known one cannot be in the group, the other is created.
  if (person.isOtherKind) return 'create';
  // Only what somebody else has given meanwhile is a reason to ask for less.
  const isIn = person.groupIds.some((id) => tester.groupIds.includes(id));
  return isIn || person.buildIds.some((id) => tester.buildIds.includes(id)) ? tester : null;
}

/** The person as Apple has them, with single builds where they matter, by the record their groups belong to. */
export async function lookUpPerson(
  { context }: Work<Ctx>,
  place: Omit<Place, 'event'>,
  { email, groupIds, buildIds, testerId }: Pick<Invitation, 'email' | 'groupIds' | 'buildIds' | 'testerId'>,
): Promise<FoundTester | null> {
  const internal = new Set(
    (await groupsOf(context, place)).flatMap((group) => (group.isInternalGroup ? [group.id] : [])),
  );
  return findByEmail({ ...place, now: () => context.clock.now() }, email, {
    withBuilds: buildIds.length > 0,
    meant: { groupId: groupIds[0] ?? '', internal, testerId },
  });
}

/** Apple takes groups or builds with a new tester, never both: builds beside groups follow in a second call. */
async function createWithAll(
  work: Work<Ctx>,
  item: JobItem,
  person: Invitation,
  place: Place,
): Promise<Outcome & { status: 'done' }> {
  const isBoth = person.groupIds.length > 0 && person.buildIds.length > 0;
  const first = await create(work, item, isBoth ? { ...person, buildIds: [] } : person, place);
  if (!isBoth) return first.outcome;
  // What is done stays told, whatever becomes of the second call.
  await work.write(first.outcome.statements ?? []);
  const { statements } = await addAll(
    work,
    item,
    { email: person.email, testerId: first.testerId },
    { groupIds: [], buildIds: person.buildIds },
  );
  return { ...first.outcome, ...(statements ? { statements } : {}) };
}

async function create(
  work: Work<Ctx>,
  item: JobItem,
  person: Invitation,
  { accountId, appId, event }: Place,
) {
  const { email, firstName, lastName, groupIds, buildIds } = person;
  const attributes = { email, ...(firstName ? { firstName } : {}), ...(lastName ? { lastName } : {}) };
  const given = givenTo(person);
  const relationships =
    buildIds.length > 0
      ? { builds: { data: buildIds.map((id) => ({ type: 'builds' as const, id })) } }
      : { betaGroups: { data: groupIds.map((id) => ({ type: 'betaGroups' as const, id })) } };
  const call = createCall('betaTesters', { attributes, relationships });
  const requested = { attributes, ...given };
  const sent = await sendFor(work, [item], call, () => ({ label: email, requested }));
  const testerId = sent.document?.id ?? '';
  const at = work.context.clock.now();
  const outcome = {
    status: 'done' as const,
    result: { did: 'invited', testerId, added: { groupIds, buildIds } },
    statements: [
      ...(await effectsIn(work, call, sent)),
      ...testerEventStatements([{ accountId, appId, testerId, email, at, kind: event, after: given }]),
      sent.finish(0, { id: testerId, attributes, ...given }),
    ],
  };
  return { testerId, outcome };
}

/** The app has the person: only what is missing is done. */
async function bringIn(
  work: Work<Ctx>,
  item: JobItem,
  person: Invitation,
  place: Place,
  tester: FoundTester,
): Promise<Outcome> {
  const missing = {
    groupIds: person.groupIds.filter((id) => !tester.groupIds.includes(id)),
    buildIds: person.buildIds.filter((id) => !tester.buildIds.includes(id)),
  };
  if (missing.groupIds.length + missing.buildIds.length > 0) {
    const outcome = await addAll(work, item, { email: person.email, testerId: tester.id }, missing);
    return { ...outcome, statements: [...tester.statements, ...(outcome.statements ?? [])] };
  }
  if (tester.state === 'REVOKED') return inviteAgain(work, item, person, place, tester);
  const told = { result: { did: 'alreadyThere', testerId: tester.id }, statements: tester.statements };
  // After a lost answer it was this job that brought the person in; otherwise nobody was added.
  return item.attempts > 1
    ? { status: 'done', ...told }
    : { status: 'skipped', code: 'FLIGHTDECK.ALREADY_THERE', detail: 'Was in all of it already.', ...told };
}

/** Somebody who left and is still listed in the groups gets a new invitation. */
async function inviteAgain(
  work: Work<Ctx>,
  item: JobItem,
  person: Invitation,
  place: Place,
  tester: FoundTester,
): Promise<Outcome> {
  const { accountId, appId } = place;
  const call = invitationCall(appId, tester.id);
  const sent = await sendFor(work, [item], call, () => ({ resourceId: tester.id, label: person.email }));
  const at = work.context.clock.now();
  const event = { accountId, appId, testerId: tester.id, email: person.email, at, kind: place.event };
  return {
    status: 'done',
    result: { did: 'invitedAgain', testerId: tester.id },
    statements: [
      ...tester.statements,
      ...(await effectsIn(work, call, sent)),
      ...testerEventStatements([event]),
      sent.finish(0),
    ],
  };
}

/** The letter with which somebody is invited to an app. */
export function invitationCall(appId: string, testerId: string): WriteCall {
  return createCall('betaTesterInvitations', {
    relationships: {
      app: { data: { type: 'apps', id: appId } },
      betaTester: { data: { type: 'betaTesters', id: testerId } },
    },
  });
}
