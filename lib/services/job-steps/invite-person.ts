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
  if (item.attempts > 1) {
    const tester = await lookUpPerson(work, place, person);
    if (tester) return bringIn(work, item, person, place, tester);
  } else if (person.testerId !== null) {
    return addKnown(work, item, { ...person, testerId: person.testerId }, place);
  }
  try {
    return await createWithAll(work, item, person, place);
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal?.is('conflict', 'unprocessable')) throw error;
    // Apple does not say whether the person is there already: look, and keep its own reason when not.
    const tester = await lookUpPerson(work, place, person);
    if (!tester) throw error;
    const outcome = await bringIn(work, item, person, place, tester);
    return { ...outcome, statements: [...closed(error, refusal), ...(outcome.statements ?? [])] };
  }
}

/** Apple may hold one address as two records: where the known one cannot be in the group, the other is created. */
async function addKnown(
  work: Work<Ctx>,
  item: JobItem,
  person: Invitation & { readonly testerId: string },
  place: Place,
): Promise<Outcome> {
  const { email, testerId } = person;
  try {
    return await addAll(work, item, { email, testerId }, person);
  } catch (error) {
    const refusal = refusalIn(error);
    if (!person.isOtherKind || !refusal?.is('conflict', 'unprocessable')) throw error;
    const outcome = await createWithAll(work, item, person, place);
    return { ...outcome, statements: [...closed(error, refusal), ...(outcome.statements ?? [])] };
  }
}

/** The person as Apple has them, with single builds where they matter, by the record their groups belong to. */
export async function lookUpPerson(
  { context }: Work<Ctx>,
  place: Omit<Place, 'event'>,
  { email, groupIds, buildIds }: Pick<Invitation, 'email' | 'groupIds' | 'buildIds'>,
): Promise<FoundTester | null> {
  const internal = new Set(
    (await groupsOf(context, place)).flatMap((group) => (group.isInternalGroup ? [group.id] : [])),
  );
  return findByEmail({ ...place, now: () => context.clock.now() }, email, {
    withBuilds: buildIds.length > 0,
    meant: { groupId: groupIds[0] ?? '', internal },
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
