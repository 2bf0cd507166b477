import type { Actor } from '@/lib/access/policy';
import type { AuditDraft } from '@/lib/audit/entry';
import { begin, finishStatement } from '@/lib/audit/trail';
import type { Write } from '@/lib/store/database';
import { StaleWriteError } from '@/lib/store/errors';
import { announced } from '@/lib/store/feed';
import type { Ctx } from './ctx';

/** Who did it, as the audit trail names people and processes. */
export function auditActor(actor: Actor): Pick<AuditDraft, 'actorId' | 'actorEmail'> {
  if (actor.kind === 'user') return { actorId: actor.id, actorEmail: actor.email };
  if (actor.kind === 'machine') return { actorId: null, actorEmail: `token “${actor.name}”` };
  return { actorId: null, actorEmail: actor.rule === undefined ? actor.name : `rule “${actor.rule}”` };
}

type OwnDraft = Omit<AuditDraft, 'at' | 'actorId' | 'actorEmail' | 'requestId'>;

interface Done<Result> {
  readonly result: Result;
  readonly after?: unknown;
  readonly statements?: readonly Write[];
}

/**
 * A change of what is ours: intent, then the work; the outcome says `failed` when it throws. Where somebody was faster the
 * work is done anew on what stands then, so many `tries` in all.
 */
export async function audited<Result>(
  ctx: Ctx,
  draft: OwnDraft,
  work: (auditId: string) => Promise<Done<Result>>,
  { tries = 1 }: { readonly tries?: number } = {},
): Promise<Result> {
  const intent = await begin(ctx.db, {
    ...draft,
    ...auditActor(ctx.actor),
    at: ctx.clock.now(),
    requestId: ctx.requestId,
  });
  try {
    for (let nth = 1; ; nth += 1) {
      try {
        const { result, after, statements = [] } = await work(intent.id);
        const at = ctx.clock.now();
        const finish = finishStatement(intent, { status: 'succeeded', at, after });
        await ctx.db.write([...statements, finish, ...announced('own', [draft.type], at)]);
        return result;
      } catch (error) {
        if (!(error instanceof StaleWriteError) || nth >= tries) throw error;
      }
    }
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'failed';
    const failed = finishStatement(intent, { status: 'failed', at: ctx.clock.now(), errors: [{ detail }] });
    await ctx.db.write([failed]).catch(() => undefined);
    throw error;
  }
}
