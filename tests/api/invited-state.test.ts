import { afterEach, beforeEach, expect, it } from 'vitest';
import { importOptions } from '@/lib/services/imports/prepare';
import { startImport } from '@/lib/services/imports/service';
import { changeLinkage } from '@/lib/services/resources/link';
import { createResource } from '@/lib/services/resources/write';
import { type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

let bench: PeopleBench;
beforeEach(async () => {
  bench = await peopleBench();
});
afterEach(() => bench.close());

const stateOf = async (email: string) =>
  (
    await bench.db.query<{ state: string | null }>(
      'SELECT state FROM betaTesters WHERE appId = ? AND emailLower = ?',
      [bench.appId, email],
    )
  )[0]?.state;
const atApple = (email: string) => {
  const id = bench.testers().get(email)?.id ?? '';
  return bench.sandbox.parts().world.store.get('betaTesters', id)?.attributes.state;
};
const importInto = async (groupId: string, email: string) => {
  const options = importOptions.parse({ appId: bench.appId, groupIds: [groupId] });
  const { jobId } = await startImport(bench.ctx, new TextEncoder().encode(`Email\n${email}`), options);
  await bench.run(jobId);
};

it('tells imported testers as invited at once, and as not invited where there is nothing to install', async () => {
  await importInto(bench.groupId, 'new@example.com');
  expect([await stateOf('new@example.com'), atApple('new@example.com')]).toEqual(['INVITED', 'INVITED']);
  const empty = await createResource(bench.ctx, {
    type: 'betaGroups',
    body: {
      data: {
        type: 'betaGroups',
        attributes: { name: 'Nothing to install' },
        relationships: { app: { data: { type: 'apps', id: bench.appId } } },
      },
    },
  });
  await importInto(empty.document?.id ?? '', 'early@example.com');
  expect([await stateOf('early@example.com'), atApple('early@example.com')]).toEqual([
    'NOT_INVITED',
    'NOT_INVITED',
  ]);
});

it('tells one invited person as invited also when the state cannot be read afterwards', async () => {
  bench.sandbox.parts().faults.add({ kind: 'status', method: 'GET', route: '/v1/betaTesters', status: 409 });
  await createResource(bench.ctx, {
    type: 'betaTesters',
    body: {
      data: {
        type: 'betaTesters',
        attributes: { email: 'one@example.com' },
        relationships: { betaGroups: { data: [{ type: 'betaGroups', id: bench.groupId }] } },
      },
    },
  });
  expect(await stateOf('one@example.com')).toBe('INVITED');
});

it('knows a tester whom an app gets by a linkage', async () => {
  const { store } = bench.sandbox.parts().world;
  const isExternal = (groupId: string) =>
    store.get('betaGroups', groupId)?.attributes.isInternalGroup === false;
  const known = [...bench.testers()].find(
    ([, { groupIds }]) => groupIds.some(isExternal) && !groupIds.includes(bench.groupId),
  );
  if (!known) throw new Error('The app has a tester outside the group.');
  const [email, { id }] = known;
  await bench.db.write([
    { sql: 'DELETE FROM betaTesters WHERE id = ?', params: [id] },
    { sql: 'DELETE FROM betaGroupTesters WHERE testerId = ?', params: [id] },
  ]);
  expect(await stateOf(email)).toBeUndefined();
  await changeLinkage(bench.ctx, {
    operation: 'addLinkage',
    type: 'betaGroups',
    id: bench.groupId,
    name: 'betaTesters',
    body: { data: [{ type: 'betaTesters', id }] },
  });
  expect(await stateOf(email)).toBe(atApple(email));
});
