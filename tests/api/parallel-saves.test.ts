import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Answer, type ApiBench, apiBench } from '@/tests/factories/context';

let bench: ApiBench;
let group: { id: string; name: string };

beforeEach(async () => {
  bench = await apiBench({ seed: 5 });
  const [found] = await bench.db.query<typeof group>(
    'SELECT id, name FROM betaGroups WHERE isInternalGroup = 0 LIMIT 1',
  );
  if (!found) throw new Error('The programme has an external group.');
  group = found;
});
afterEach(() => bench.close());

const PARALLEL = 12;
const nameAtApple = () => bench.sandbox.parts().world.store.get('betaGroups', group.id)?.attributes.name;
const save = (name: string, expected: unknown) =>
  bench.call('PATCH', `/api/v1/betaGroups/${group.id}`, {
    body: {
      data: { type: 'betaGroups', id: group.id, attributes: { name } },
      meta: { expect: { name: expected } },
    },
  });

async function round(label: string): Promise<Answer[]> {
  const expected = nameAtApple();
  return Promise.all(Array.from({ length: PARALLEL }, (_, n) => save(`${label}-${n}`, expected)));
}

function expectOneWinner(answers: readonly Answer[], label: string): void {
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(PARALLEL - 1).fill(409)]);
  const winner = answers.findIndex(({ status }) => status === 200);
  expect(nameAtApple()).toBe(`${label}-${winner}`);
  for (const [n, { status, body }] of answers.entries()) {
    if (status === 200) continue;
    expect(body.errors[0]).toMatchObject({
      code: 'FLIGHTDECK.STALE',
      meta: { actual: { name: `${label}-${winner}` }, requested: { name: `${label}-${n}` } },
    });
  }
}

it('accepts exactly one of many saves that expect the same, ten times in a row', async () => {
  for (let n = 0; n < 10; n += 1) expectOneWinner(await round(`round-${n}`), `round-${n}`);
  const sent = bench.sandbox
    .parts()
    .requests.entries()
    .filter(({ method }) => method === 'PATCH');
  expect(sent).toHaveLength(10);
}, 60_000);

it('also when Apple is slow, and the others do not wait for Apple once more each', async () => {
  bench.sandbox.parts().faults.add({ kind: 'slow', route: '/v1/betaGroups/{id}', ms: 700 });
  const started = performance.now();
  expectOneWinner(await round('slow'), 'slow');
  expect(performance.now() - started).toBeLessThan(PARALLEL * 700);
}, 60_000);

it('lets the next through when the first is refused by Apple', async () => {
  bench.sandbox.parts().faults.add({
    kind: 'status',
    method: 'PATCH',
    route: '/v1/betaGroups/{id}',
    status: 409,
    count: 1,
  });
  const answers = await round('second');
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ body }) => body.errors?.[0]?.code === 'FLIGHTDECK.STALE')).toHaveLength(
    PARALLEL - 2,
  );
});

it('also between processes on the same store: whoever has the turn keeps the other one waiting', async () => {
  const expected = nameAtApple();
  const other = bench.app.ctx({ kind: 'system', name: 'shell' }, 'other');
  const name = `change:account-1/betaGroups/${group.id}`;
  await bench.db.write([
    {
      sql: 'INSERT INTO leases (name, owner, token, expiresAt) VALUES (?, ?, 7, ?)',
      params: [name, 'elsewhere/1/x', Date.now() + 600],
    },
  ]);
  const saving = save('After the other', expected);
  expect(nameAtApple()).toBe(expected);
  expect((await saving).status).toBe(200);
  expect(other.clock.now()).toBeGreaterThan(0);
  expect(
    await bench.db.query('SELECT name FROM leases WHERE name = ? AND expiresAt > ?', [name, Date.now()]),
  ).toEqual([]);
});
