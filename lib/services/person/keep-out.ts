import { addressKey } from '@/lib/mirror/text';
import type { Ctx } from '../ctx';
import { reportsErased } from './erased-reports';
import { addressHashes } from './person-key';

const PORTION = 100;

/**
 * Erases what has just come in of people whose data was erased, and was sent before that: a report that Apple lists
 * again, or that was not here yet. What somebody sends afterwards is theirs to send, and is kept.
 */
export async function keepOut(ctx: Ctx, accountId: string): Promise<void> {
  const { db } = ctx;
  const erasures = await db.read(db.build.selectFrom('erasures').select(['id', 'addressHash', 'createdAt']));
  if (erasures.length === 0) return;
  const testers = await db.read(
    db.build.selectFrom('erasedTesters').select(['testerId', 'erasureId']).where('accountId', '=', accountId),
  );
  const rows = await db.read(
    db.build
      .selectFrom('feedback')
      .select(['id', 'email', 'testerId', 'createdDate', 'document'])
      .where('accountId', '=', accountId)
      .where('issueId', 'is', null)
      .where(({ or, eb }) => or([eb('email', 'is not', null), eb('testerId', 'is not', null)])),
  );
  if (rows.length === 0) return;
  const hashOf = await addressHashes(ctx);
  const byHash = latest(erasures.map((erasure) => [erasure.addressHash, erasure]));
  const byId = new Map(erasures.map((erasure) => [erasure.id, erasure]));
  const byTester = latest(
    testers.flatMap(({ testerId, erasureId }) => {
      const erasure = byId.get(erasureId);
      return erasure ? [[testerId, erasure] as const] : [];
    }),
  );
  const found = new Map<string, { hash: string; reports: { id: string; document: string }[] }>();
  for (const { id, email, testerId, createdDate, document } of rows) {
    const erasure =
      (email === null ? undefined : byHash.get(hashOf(addressKey(email.trim())))) ??
      (testerId === null ? undefined : byTester.get(testerId));
    if (!erasure || (createdDate !== null && Date.parse(createdDate) > Number(erasure.createdAt))) continue;
    const mine = found.get(erasure.id) ?? { hash: erasure.addressHash, reports: [] };
    mine.reports.push({ id, document });
    found.set(erasure.id, mine);
  }
  for (const [erasureId, { hash, reports }] of found)
    for (let at = 0; at < reports.length; at += PORTION)
      await db.write(reportsErased(ctx, { erasureId, hash, accountId }, reports.slice(at, at + PORTION)));
}

function latest<Erasure extends { readonly createdAt: number | bigint }>(
  pairs: readonly (readonly [string, Erasure])[],
): Map<string, Erasure> {
  const sorted = [...pairs].sort(([, one], [, other]) => Number(one.createdAt) - Number(other.createdAt));
  return new Map(sorted);
}
