import { z } from 'zod';
import type { AuditEntry } from '@/lib/audit/entry';
import { StaleWriteError } from '@/lib/store/errors';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { conflict } from '../errors';
import { draftOf, type TriageBefore } from './decide';
import { type IssueRow, issueRows, labelsOf, type Triaged, type Values } from './issue-rows';
import { triageWrites } from './triage-writes';

const values = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));
const lists = z.record(z.string(), z.array(z.string()));
const kept = z.object({
  groups: z.array(z.object({ ids: z.array(z.string()), was: values, is: values })),
  labels: z.object({ added: lists, removed: lists }),
});

const TRIES = 5;

/** What takes a decision back, for exactly the issues it changed; null where the entry is none. */
export function triageBack(entry: AuditEntry): ((ctx: Ctx) => Promise<string>) | null {
  if (entry.action !== 'update' || entry.type !== 'issues') return null;
  const before = kept.safeParse(entry.before);
  if (!before.success) return null;
  const { labels } = before.data as TriageBefore;
  const groups = before.data.groups.map((group) => (entry.actorId === null ? byHand(group) : group));
  return async (ctx) => {
    const ids = groups.flatMap((group) => group.ids);
    for (let tries = 1; ; tries += 1) {
      const rows = new Map((await issueRows(ctx, ids)).map((row) => [row.id, row]));
      const plan = await planOf(ctx, rows, { groups, labels });
      try {
        const draft = { ...draftOf(plan.issues, { back: true }, plan.before), undoOf: entry.id };
        return await audited(ctx, draft, async (auditId) => ({
          result: auditId,
          after: { back: true },
          statements: triageWrites(ctx, plan.groups, plan.before.labels),
        }));
      } catch (error) {
        if (!(error instanceof StaleWriteError) || tries >= TRIES) throw error;
      }
    }
  };
}

/** Whoever takes back what a rule did has decided so: no rule does it again. */
function byHand({ ids, was, is }: TriageBefore['groups'][number]): TriageBefore['groups'][number] {
  const marks = {
    ...('assigneeId' in is ? { isAssignedByHand: 1 } : {}),
    ...('priority' in is ? { isPrioritisedByHand: 1 } : {}),
  };
  return { ids, was: { ...was, ...marks }, is };
}

/** Only what is still as the decision left it goes back: what somebody decided since stays. */
async function planOf(ctx: Ctx, rows: ReadonlyMap<string, IssueRow>, { groups, labels }: TriageBefore) {
  const names = [...Object.keys(labels.added), ...Object.keys(labels.removed)];
  const has = await labelsOf(ctx, [...rows.keys()], names);
  const still = (given: TriageBefore['labels']['added'], hasIt: boolean) =>
    Object.fromEntries(
      Object.entries(given).map(([label, ids]) => [
        label,
        ids.filter((id) => rows.has(id) && has.get(label)?.has(id) === hasIt),
      ]),
    );
  const back = { added: still(labels.removed, false), removed: still(labels.added, true) };
  const relabelled = new Set([...Object.values(back.added), ...Object.values(back.removed)].flat());
  const found = groups.flatMap(({ ids, was, is }) => {
    const changed = Object.keys(is) as Triaged[];
    const there = ids.flatMap((id) => rows.get(id) ?? []);
    const own = there.filter((row) => changed.every((name) => row[name] === is[name]));
    const onlyLabels = there.filter((row) => !own.includes(row) && relabelled.has(row.id));
    return [
      { rows: own, values: was, is },
      { rows: onlyLabels, values: {} as Values, is: {} as Values },
    ].filter((group) => group.rows.length > 0);
  });
  const issues = found.flatMap((group) => group.rows);
  if (issues.length === 0)
    throw conflict('FLIGHTDECK.NOT_UNDOABLE', 'Somebody has decided otherwise since, and that stays.');
  return {
    issues,
    groups: found,
    before: {
      groups: found.map((group) => ({
        ids: group.rows.map(({ id }) => id),
        was: group.is,
        is: group.values,
      })),
      labels: back,
    } satisfies TriageBefore,
  };
}
