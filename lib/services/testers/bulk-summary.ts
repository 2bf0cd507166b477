import type { z } from 'zod';
import { authorise } from '@/lib/access/policy';
import { appOf } from '../app-facts';
import type { Ctx } from '../ctx';
import { bulkBody } from './bulk';
import { selectTesters } from './selection';

export const summaryBody = bulkBody.pick({ appId: true, accountId: true, testers: true });

/** What a selection holds, so that its bar can say what each action would do before anything is asked. */
export interface BulkSummary {
  readonly count: number;
  readonly byState: Readonly<Record<string, number>>;
  readonly withoutEmail: number;
  /** How many of them are in each group already; groups with none are left out. */
  readonly inGroups: Readonly<Record<string, number>>;
}

/** Counts a selection of one app by what decides about actions. */
export async function summariseSelection(ctx: Ctx, body: z.infer<typeof summaryBody>): Promise<BulkSummary> {
  authorise(ctx.actor, 'testers:write');
  const testers = await selectTesters(ctx, await appOf(ctx, body.appId, body.accountId), body.testers);
  return {
    count: testers.length,
    byState: tally(testers.map(({ state }) => state ?? 'none')),
    withoutEmail: testers.filter(({ email }) => email === null).length,
    inGroups: tally(testers.flatMap(({ groupIds }) => groupIds)),
  };
}

function tally(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries(counts);
}
