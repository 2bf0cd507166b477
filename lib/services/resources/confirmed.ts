import { entryOf } from '@/lib/asc/catalogue';
import type { CatalogueEntry, ResourceType } from '@/lib/asc/catalogue/types';
import { factsOf } from '@/lib/asc/operations';
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
  else {
    const word = confirmDelete === true ? (subject.label ?? id) : confirmDelete;
    requireTyped(word, typed, `This deletes the ${label.one} for good.`, CONFIRM_HEADER);
  }
}

/** Taking back the making of something is no reason to put people out. */
async function refuseLoss(
  ctx: Ctx,
  { type, id, accountId }: Pick<Deletion, 'type' | 'id' | 'accountId'>,
): Promise<void> {
  const { people, label }: CatalogueEntry = entryOf(type);
  if (people === undefined) return;
  const { db } = ctx;
  const [row] = await db.read<{ n: number }>(
    db.build
      .selectFrom('betaGroupTesters')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('accountId', '=', accountId)
      .where('groupId', '=', id),
  );
  const members = row?.n ?? 0;
  if (members === 0) return;
  throw conflict(
    'FLIGHTDECK.NOT_EMPTY',
    `The ${label.one} has ${formatPlural(members, 'tester')} by now. Delete it on its own page, where it says what they lose.`,
  );
}

/** @throws RefusedError 409 when more than fifty people lose something and their number was not typed */
export function confirmUnlinking(
  { type, name, undoOf, typed }: Pick<Deletion, 'type' | 'undoOf' | 'typed'> & { readonly name: string },
  count: number,
): void {
  if (undoOf === undefined && factsOf(type).people === name) confirmRemoval(count, typed, CONFIRM_HEADER);
}
