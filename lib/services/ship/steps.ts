import { z } from 'zod';

/** One step of shipping a build; a job has those it needs, in this order. */
export const shipStep = z.discriminatedUnion('step', [
  /** Until a second person has approved, where the app wants that. */
  z.object({ step: z.literal('consent') }),
  /** Until App Store Connect has processed the upload. */
  z.object({ step: z.literal('processing') }),
  /** Automatic notification goes off, so that nobody is mailed before the time. */
  z.object({ step: z.literal('quiet') }),
  z.object({ step: z.literal('compliance'), declarationId: z.string().nullable() }),
  /** Until the build can be given to testers: the answer to export compliance is followed late. */
  z.object({ step: z.literal('ready') }),
  z.object({ step: z.literal('note'), locale: z.string(), whatsNew: z.string() }),
  z.object({
    step: z.literal('group'),
    groupId: z.string(),
    name: z.string(),
    getsEveryBuild: z.boolean(),
  }),
  z.object({ step: z.literal('submit') }),
  z.object({ step: z.literal('approval') }),
  z.object({ step: z.literal('time'), at: z.string() }),
  z.object({ step: z.literal('notify') }),
]);
export type ShipStep = z.infer<typeof shipStep>;

/** What all steps of a job share. */
export const shipParams = z.object({
  buildId: z.string(),
  groupIds: z.array(z.string()),
  timeoutMs: z.number(),
});
export type ShipParams = z.infer<typeof shipParams>;
