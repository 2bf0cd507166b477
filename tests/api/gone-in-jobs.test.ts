import { afterEach, beforeEach, expect, it } from 'vitest';
import { readItems } from '@/lib/jobs/rows';
import { previewPrune, pruneBody, startPrune } from '@/lib/services/prune/service';
import { type BulkBody, bulkBody, startBulk } from '@/lib/services/testers/bulk';
import { type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

const GONE = 'Was deleted at App Store Connect, and has been removed here.';

let bench: PeopleBench;
let ghost: string;
let others: string[];

beforeEach(async () => {
  bench = await peopleBench();
  const { store } = bench.sandbox.parts().world;
  const group = store.get('betaGroups', bench.groupId);
  const members = group ? [...store.relatedIds(group, 'betaTesters')] : [];
  [ghost = '', ...others] = members;
  const tester = store.get('betaTesters', ghost);
  if (tester) store.remove(tester);
});
afterEach(() => bench.close());

async function run(over: Partial<BulkBody>) {
  const { jobId } = await startBulk(bench.ctx, bulkBody.parse({ appId: bench.appId, ...over }));
  return itemsAfter(jobId);
}

async function itemsAfter(jobId: string) {
  await bench.run(jobId);
  const items = await readItems(bench.db, jobId, { limit: 100 });
  return new Map(items.map((item) => [(item.payload as { testerId: string }).testerId, item]));
}

const isHere = async () =>
  (await bench.db.query('SELECT 1 FROM betaTesters WHERE id = ?', [ghost])).length > 0;

it.each([
  ['resend-invitations', 'failed'],
  ['add-to-group', 'failed'],
  ['remove-from-group', 'skipped'],
  ['remove-from-app', 'skipped'],
] as const)(
  '%s takes out who is gone at Apple, with a word, and goes on with the others',
  async (kind, status) => {
    expect(await isHere()).toBe(true);
    const [second = ''] = others;
    const target = kind === 'add-to-group' ? await anotherGroup() : bench.groupId;
    const items = await run({
      kind,
      testers: { ids: [ghost, second] },
      ...(kind.endsWith('-group') ? { groupId: target } : {}),
    });
    expect(items.get(ghost)).toMatchObject({ status, errorDetail: GONE });
    expect(await isHere()).toBe(false);
    expect(items.get(second)?.status).not.toBe('pending');
  },
);

it('pruning passes over who is gone at Apple, and removes the others', async () => {
  const rules = { noFeedbackEver: true, groupIds: [bench.groupId], unknownInvitation: 'prune' };
  const { candidates } = await previewPrune(bench.ctx, pruneBody.parse({ appId: bench.appId, rules }));
  const ids = candidates.map(({ testerId }) => testerId);
  expect(ids).toContain(ghost);
  const [second = ''] = ids.filter((id) => id !== ghost);
  const except = ids.filter((id) => id !== ghost && id !== second);
  const { jobId } = await startPrune(
    bench.ctx,
    pruneBody.parse({ appId: bench.appId, rules, except, confirm: 2 }),
  );
  const items = await itemsAfter(jobId);
  expect(items.get(ghost)).toMatchObject({ status: 'skipped', errorDetail: GONE });
  expect(items.get(second)?.status).toBe('done');
  expect(await isHere()).toBe(false);
});

it('whoever is still there although their removal is refused has failed, in Apple’s words', async () => {
  const [second = ''] = others;
  bench.sandbox.parts().faults.add({
    kind: 'status',
    method: 'DELETE',
    route: '/v1/apps/{id}/relationships/betaTesters',
    status: 409,
  });
  const items = await run({ kind: 'remove-from-app', testers: { ids: [second] } });
  expect(items.get(second)).toMatchObject({ status: 'failed', errorCode: 'STATE_ERROR' });
});

async function anotherGroup(): Promise<string> {
  const { store } = bench.sandbox.parts().world;
  const found = [...store.all('betaGroups').values()].find(
    (one) =>
      one.appId === bench.appId && one.id !== bench.groupId && one.attributes.isInternalGroup === false,
  );
  return found?.id ?? '';
}
