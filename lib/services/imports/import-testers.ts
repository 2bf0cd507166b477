import { z } from 'zod';
import { testerEventStatements } from '@/lib/history/tester-events';
import type { Finding, JobHandler, JobItem, Work } from '@/lib/jobs/types';
import type { Ctx } from '../ctx';
import { type Access, givenTo } from '../job-steps/give-access';
import { invitePerson, lookUpPerson } from '../job-steps/invite-person';
import { placeOf } from '../job-steps/place';
import { settleAudit } from '../job-steps/send-item';
import { relearnTesters, type Told, testerIdOf, unseenAccess } from '../job-steps/unseen';
import { hasAll } from '../resources/records';

/** One row of an import, as it is kept with the job; also one person of a restore. */
export const importPayload = z.object({
  /** Line of the file; null when it does not come from one. */
  line: z.int().nullable(),
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  /** Each once, also after one that was gone has been replaced by another. */
  groupIds: z.array(z.string()).transform((ids) => [...new Set(ids)]),
  /** Given one by one. */
  buildIds: z.array(z.string()).default([]),
  /** The groups cell of the file or the groups' names, for the file of failed rows. */
  groups: z.string(),
  testerId: z.string().nullable(),
  /** Whether that is the other one of an internal and an external record. */
  isOtherKind: z.boolean().default(false),
});
export type ImportPayload = z.infer<typeof importPayload>;

/** Invites the rows of a file one by one; also how removed testers are restored. */
export function inviteHandler(kind: 'import-testers' | 'restore-testers'): JobHandler<Ctx> {
  const event = kind === 'restore-testers' ? 'restored' : 'invited';
  return {
    kind,
    requestsPerItem: 1,
    run: async (work, items) => {
      const place = { ...(await placeOf(work)), event } as const;
      return Promise.all(
        items.map((item) => invitePerson(work, item, importPayload.parse(item.payload), place)),
      );
    },
    reconcile: (work, items) => Promise.all(items.map((item) => lookUp(work, item, event))),
    unseen: (work, items) => unseenAccess(work, items.flatMap(toldOf)),
    relearn: (work, items) => relearnTesters(work, items.flatMap(toldOf)),
    targets: (_work, items) =>
      items.flatMap((item) => {
        const { groupIds, buildIds } = importPayload.parse(item.payload);
        return [
          ...groupIds.map((id) => ({ type: 'betaGroups' as const, id })),
          ...buildIds.map((id) => ({ type: 'builds' as const, id })),
        ];
      }),
  };
}

/** Who the item says was invited, and what they were given. */
function toldOf(item: JobItem): (Told & Access)[] {
  const { groupIds, buildIds } = importPayload.parse(item.payload);
  const testerId = testerIdOf(item);
  return testerId === null ? [] : [{ item, testerId, groupIds, buildIds }];
}

/** The person is in the app, in every group and has every build: it has happened, whoever did it. */
async function lookUp(work: Work<Ctx>, item: JobItem, event: 'invited' | 'restored'): Promise<Finding> {
  const person = importPayload.parse(item.payload);
  const place = await placeOf(work);
  const { accountId, appId } = place;
  const tester = await lookUpPerson(work, place, person);
  if (!tester || !hasAll(tester, person) || tester.state === 'REVOKED') {
    return { status: 'absent', statements: await settleAudit(work, item, { status: 'failed' }) };
  }
  const at = work.context.clock.now();
  const { email, groupIds, buildIds } = person;
  const given = givenTo(person);
  return {
    status: 'done',
    result: { did: 'invited', testerId: tester.id, added: { groupIds, buildIds } },
    statements: [
      ...tester.statements,
      ...testerEventStatements([
        { accountId, appId, testerId: tester.id, email, at, kind: event, after: given },
      ]),
      ...(await settleAudit(work, item, { status: 'succeeded', after: { id: tester.id, ...given } })),
    ],
  };
}
