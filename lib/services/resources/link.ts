import type { ResourceType } from '@/lib/asc/catalogue/types';
import { factsOf, relationshipOf, type WriteCall } from '@/lib/asc/operations';
import type { Ctx } from '../ctx';
import { accountOf, cluesOf } from './account';
import { addressOf, allowed } from './address';
import { linkageIds } from './body';
import { confirmUnlinking } from './confirmed';
import { type Carried, carryOut } from './outcome';
import { subjectOf } from './subject';
import { refreshOf, type WriteArguments } from './write';

/** Adds to, removes from or replaces a relationship: `body` is `{data: [{type, id}]}`, or `{data: {type, id}}`. */
export async function changeLinkage(
  ctx: Ctx,
  {
    operation,
    type: word,
    id,
    name,
    body,
    ...rest
  }: WriteArguments & {
    operation: 'addLinkage' | 'removeLinkage' | 'replaceLinkage';
    id: string;
    name: string;
    body: unknown;
  },
): Promise<Carried> {
  const address = allowed(ctx, addressOf(operation, word, name));
  const { type } = address;
  const ids = linkageIds(type, name, body);
  if (operation === 'removeLinkage') {
    confirmUnlinking({ type, name, undoOf: rest.undoOf, typed: rest.typed }, ids.length);
  }
  const target = relationshipOf(type, name)?.target ?? '';
  const account = await accountOf(ctx, rest.accountId, [
    { type, id },
    ...cluesOf(ids.map((one) => [target, one])),
  ]);
  const subject = await subjectOf(ctx, account.id, type, id);
  const call: WriteCall = { ...address, id, input: operation === 'replaceLinkage' ? ids[0] : ids };
  const requested = { relationship: name, data: ids.map((one) => ({ type: target, id: one })) };
  return carryOut(ctx, {
    call,
    accountId: account.id,
    appId: subject.appId,
    label: subject.label,
    trace: rest,
    before:
      operation === 'replaceLinkage'
        ? { relationship: name, data: subject.resource?.relationships?.[name]?.data ?? null }
        : null,
    requested,
    after: () => requested,
    refresh:
      operation === 'replaceLinkage'
        ? [{ type, id }]
        : [
            ...(await newcomers(ctx, { operation, target, ids, accountId: account.id, ...subject })),
            // Whoever gets a build may begin its testing.
            ...refreshOf(type, id, {}),
          ],
  });
}

/** Testers whom an app gets by a linkage and of whom it knows nothing yet, up to a few. */
async function newcomers(
  ctx: Ctx,
  {
    operation,
    target,
    ids,
    accountId,
    appId,
  }: { operation: string; target: string; ids: readonly string[]; accountId: string; appId: string | null },
): Promise<{ type: ResourceType; id: string }[]> {
  if (operation !== 'addLinkage' || !factsOf(target).isPerApp || appId === null) return [];
  const { db } = ctx;
  const rows = await db.read<{ id: string }>(
    db.build
      .selectFrom('betaTesters')
      .select('id')
      .where('accountId', '=', accountId)
      .where('appId', '=', appId)
      .where(({ ref }) => db.dialect.among(ref('id'), ids)),
  );
  const known = new Set(rows.map(({ id }) => id));
  return ids
    .filter((id) => !known.has(id))
    .slice(0, FEW)
    .map((id) => ({ type: 'betaTesters', id }));
}

/** More newcomers than these are left to the next sync. */
const FEW = 20;
