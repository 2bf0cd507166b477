import { z } from 'zod';
import { authorise } from '@/lib/access/policy';
import { buildWords } from '@/lib/format/builds';
import { formatPlural } from '@/lib/format/numbers';
import type { NewItem } from '@/lib/jobs/create';
import type { AppFacts } from '../app-facts';
import { buildNamed } from '../build-named';
import type { Ctx } from '../ctx';
import type { JobPlan } from '../jobs/plan';
import { answeredAlready, type CompliancePayload } from './answer-compliance';

/** Which builds, by Apple's id or version/number/platform, and what is said of their encryption. */
export const answerComplianceInput = z.strictObject({
  builds: z
    .array(z.string().min(1))
    .min(1, 'Name at least one build.')
    .max(500, 'At most 500 builds at once.'),
  /** The declaration of the app that covers them; null where they are exempt. */
  declarationId: z.string().min(1).max(400).nullable(),
});

/** What answering takes, by our copy alone: App Store Connect refuses what has its answer. */
export async function planAnswerCompliance(
  ctx: Ctx,
  app: AppFacts,
  { builds, declarationId }: z.infer<typeof answerComplianceInput>,
): Promise<JobPlan> {
  // A token that may start jobs is made for these.
  if (ctx.actor.kind !== 'machine') authorise(ctx.actor, 'programme:write');
  const items = new Map<string, NewItem>();
  for (const words of builds) {
    const build = await buildNamed(ctx, app, words);
    const name = buildWords(build);
    const payload: CompliancePayload = { buildId: build.id, name, declarationId };
    const [held] = await ctx.db.read(
      ctx.db.build
        .selectFrom('builds')
        .select('usesNonExemptEncryption')
        .where('accountId', '=', app.accountId)
        .where('id', '=', build.id),
    );
    const answer = held?.usesNonExemptEncryption ?? null;
    const settled = answeredAlready(answer === null ? null : Number(answer) === 1, payload);
    items.set(build.id, settled ? { payload, label: name, settled } : { payload, label: name });
  }
  const ids = [...items.keys()];
  const [first] = items.values();
  const which = ids.length === 1 ? (first?.label ?? '1 build') : formatPlural(ids.length, 'build');
  return {
    title: `Answer the export compliance of ${which} as ${declarationId === null ? 'exempt' : 'not exempt'}`,
    params: ids.length === 1 ? { buildId: ids[0] } : { buildIds: ids },
    items: [...items.values()],
    planOf: () => (declarationId === null ? 'Would answer as exempt.' : 'Would answer as not exempt.'),
  };
}
