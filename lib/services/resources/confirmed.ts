import { entryOf } from '@/lib/asc/catalogue';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { formatPlural } from '@/lib/format/numbers';
import { CONFIRM_HEADER, confirmRemoval, requireTyped, type Typed } from '../confirmation';
import type { Ctx } from '../ctx';
import { conflict } from '../errors';
import type { Subject } from './subject';

interface Deletion {
  readonly type: ResourceType;
  readonly id: string;
  readonly accountId: string;
  readonly undoOf: string | undefined;
  readonly typed: Typed;
}

/** @throws RefusedError 409 when the name was not typed, or when an undo would take more away than was made */
export async function confirmDeletion(
  ctx: Ctx,
  subject: Subject,
  { type, id, accountId, undoOf, typed }: Deletion,
): Promise<void> {
  const { confirmDelete, label } = entryOf(type);
  // What neither the mirror nor Apple knows: Apple's own answer is the better one.
  if (!confirmDelete || !subject.resource) return;
  if (undoOf !== undefined) await refuseLoss(ctx, { type, id, accountId });
  else requireTyped(subject.label ?? id, typed, `This deletes the ${label.one} for good.`, CONFIRM_HEADER);
}

/** Taking back the making of a group is no reason to put people out. */
async function refuseLoss(
  ctx: Ctx,
  { type, id, accountId }: Pick<Deletion, 'type' | 'id' | 'accountId'>,
): Promise<void> {
  if (type !== 'betaGroups') return;
  const [row] = await ctx.db.query<{ n: number }>(
    'SELECT count(*) AS n FROM betaGroupTesters WHERE accountId = ? AND groupId = ?',
    [accountId, id],
  );
  const members = row?.n ?? 0;
  if (members === 0) return;
  throw conflict(
    'FLIGHTDECK.NOT_EMPTY',
    `The group has ${formatPlural(members, 'tester')} by now. Delete it on its own page, where it says what they lose.`,
  );
}

/** Relationships whose members are people who lose something when they are taken out. */
const PEOPLE = new Set(['betaGroups.betaTesters', 'apps.betaTesters', 'builds.individualTesters']);

/** @throws RefusedError 409 when more than fifty people lose something and their number was not typed */
export function confirmUnlinking(
  { type, name, undoOf, typed }: Pick<Deletion, 'type' | 'undoOf' | 'typed'> & { readonly name: string },
  count: number,
): void {
  if (undoOf === undefined && PEOPLE.has(`${type}.${name}`)) confirmRemoval(count, typed, CONFIRM_HEADER);
}
