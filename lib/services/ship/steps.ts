import { z } from 'zod';
import { SECOND_MAILS } from './input';

/** Comes after the gate, for the groups of the second stage. */
const ofSecond = { isSecond: z.literal(true).exactOptional() };

/** One step of shipping a build; a job has those it needs, in this order. */
export const shipStep = z.discriminatedUnion('step', [
  /** Until a second person has approved, where the app wants that. */
  z.object({ step: z.literal('consent') }),
  /** Until App Store Connect has processed the upload. */
  z.object({ step: z.literal('processing') }),
  /** Automatic notification goes off, so that nobody is mailed before the time. */
  z.object({ step: z.literal('quiet'), ...ofSecond }),
  z.object({ step: z.literal('compliance'), declarationId: z.string().nullable() }),
  /** Until the build can be given to testers: the answer to export compliance is followed late. */
  z.object({ step: z.literal('ready') }),
  z.object({ step: z.literal('note'), locale: z.string(), whatsNew: z.string() }),
  z.object({
    step: z.literal('group'),
    groupId: z.string(),
    name: z.string(),
    getsEveryBuild: z.boolean(),
    ...ofSecond,
  }),
  z.object({ step: z.literal('submit') }),
  z.object({ step: z.literal('approval') }),
  z.object({ step: z.literal('time'), at: z.string() }),
  z.object({ step: z.literal('notify'), ...ofSecond }),
  /** Until the build has proved itself with those who have it, or a person lets the others have it. */
  z.object({ step: z.literal('gate'), crashFree: z.number(), hours: z.number(), sessions: z.number() }),
  /** Automatic notification goes on, so that App Store Connect invites whom the next group brings. */
  z.object({ step: z.literal('loud') }),
]);
export type ShipStep = z.infer<typeof shipStep>;

/** What all steps of a job share. */
export const shipParams = z.object({
  buildId: z.string(),
  groupIds: z.array(z.string()),
  timeoutMs: z.number(),
  /** The second stage: its groups by their names when it was planned, and whom it mails. */
  second: z
    .object({
      groups: z.array(z.object({ id: z.string(), name: z.string() })),
      mail: z.enum(SECOND_MAILS),
    })
    .exactOptional(),
  /** What each step would do and whom it mails, as it stood when the job was begun; for a second person who approves it. */
  plan: z.array(z.string()).exactOptional(),
  choices: z.object({ notify: z.string().exactOptional() }).exactOptional(),
  isDryRun: z.boolean().exactOptional(),
});
export type ShipParams = z.infer<typeof shipParams>;
