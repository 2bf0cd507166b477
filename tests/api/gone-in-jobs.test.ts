import { afterEach, beforeEach, expect, it } from 'vitest';
import { readItems } from '@/lib/jobs/rows';
import { type BulkBody, bulkBody, startBulk } from '@/lib/services/testers/bulk';
import { type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

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
] as const)(
  '%s takes out who is gone at Apple, with a word, and goes on with the others',
  async (kind, status) => {
    expect(await isHere()).toBe(true);
    const [second = ''] = others;
    const target = kind === 'add-to-group' ? await anotherGroup() : bench.groupId;
    const items = await run({
      kind,
      testers: { ids: [ghost, second] },
      ...(kind === 'resend-invitations' ? {} : { groupId: target }),
    });
    expect(items.get(ghost)).toMatchObject({ status });
    expect(await isHere()).toBe(false);
    expect(items.get(ghost)?.errorDetail).toBe(
      'Was deleted at App Store Connect, and has been removed here.',
    );
    expect(items.get(second)?.status).not.toBe('pending');
  },
);

async function anotherGroup(): Promise<string> {
  const { store } = bench.sandbox.parts().world;
  const found = [...store.all('betaGroups').values()].find(
    (one) =>
      one.appId === bench.appId && one.id !== bench.groupId && one.attributes.isInternalGroup === false,
  );
  return found?.id ?? '';
}
