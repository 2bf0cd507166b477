import { z } from 'zod';
import type { JobItem } from '@/lib/jobs/types';

/** One tester of a bulk operation, with what is needed to restore the person afterwards. */
export const testerPayload = z.object({
  testerId: z.string(),
  email: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  state: z.string().nullable(),
  /** Tells people apart who left no name. */
  deviceModel: z.string().nullable().default(null),
  osVersion: z.string().nullable().default(null),
  groupIds: z.array(z.string()),
  buildIds: z.array(z.string()),
  /** Why a rule chose the person. */
  reasons: z.array(z.string()).default([]),
  /** The groups or builds this person is to leave, where the job names none for all. */
  targetIds: z.array(z.string()).exactOptional(),
});
export type TesterPayload = z.infer<typeof testerPayload>;

/** The payload of an item. @throws ZodError when it was stored by another version */
export function testerOf(item: JobItem): TesterPayload {
  return testerPayload.parse(item.payload);
}

/** What the trail calls a tester: by the address, else by name, else by id. */
export function nameOf(tester: Pick<TesterPayload, 'testerId' | 'email' | 'firstName' | 'lastName'>): string {
  const name = [tester.firstName, tester.lastName].filter(Boolean).join(' ');
  return tester.email ?? (name || tester.testerId);
}
