import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Light } from '@/lib/format/lights';
import { sweepSnoozes } from '@/lib/services/health/sweep';
import { type ApiBench, apiBench } from '@/tests/factories/context';
import { addSecondAccount, SECOND } from '@/tests/factories/second-account';

const DAY_MS = 86_400_000;
const iso = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

let bench: ApiBench;
let appId: string;

beforeAll(async () => {
  bench = await apiBench({ seed: 11 });
  const [app] = await bench.db.query<{ appId: string }>(
    'SELECT appId FROM builds GROUP BY appId ORDER BY COUNT(*) DESC LIMIT 1',
  );
  appId = app?.appId ?? '';
});
afterAll(() => bench.close());

const run = (sql: string, params: (string | number)[] = []) => bench.db.write([{ sql, params }]);
const read = async (path: string) => {
  const answer = await bench.call('GET', path, { as: 'viewer' });
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
};
const lights = async (query = ''): Promise<Light[]> => (await read(`/api/programme/lights?${query}`)).data;
const keys = async () => (await lights()).map(({ key }) => key);

describe('what wants somebody', () => {
  it('is what the programme holds: the builds of the sandbox that wait, are refused, or end', async () => {
    const all = await lights();
    expect(all.length).toBeGreaterThan(0);
    const states = new Map(
      (
        await bench.db.query<{ id: string; state: string; at: string }>(
          'SELECT id, externalBuildState AS state, expirationDate AS at FROM builds',
        )
      ).map(({ id, ...build }) => [id, build]),
    );
    const soon = iso(14);
    for (const { kind, id } of all) {
      const build = states.get(id);
      if (kind === 'review_waiting') expect(build?.state).toMatch(/REVIEW/);
      if (kind === 'review_rejected') expect(build?.state).toBe('BETA_REJECTED');
      if (kind === 'build_expiring') expect((build?.at ?? '~') <= soon).toBe(true);
    }
    const ranks = all.map(({ level }) => (level === 'red' ? 0 : 1));
    expect(ranks).toEqual([...ranks].sort());
    expect(bench.upstream()).toBe(0);
  });

  it('stands in groups of a kind, beside the figures of each app, gravest first', async () => {
    const { data } = await read('/api/programme/health');
    const all = await lights();
    expect(data.groups.reduce((sum: number, { total }: { total: number }) => sum + total, 0)).toBe(
      all.length,
    );
    for (const group of data.groups) {
      expect(group.rule).toMatch(/\.$/);
      expect(group.lights.length).toBe(Math.min(5, group.total));
      const own = await lights(`kind=${group.kind}&level=${group.level}`);
      expect(own).toHaveLength(group.total);
    }
    for (const app of data.apps) {
      const own = await lights(`app=${app.appId}`);
      expect(app.red).toBe(own.filter(({ level }) => level === 'red').length);
      expect(app.amber).toBe(own.filter(({ level }) => level === 'amber').length);
    }
    const reds = data.apps.map(({ red }: { red: number }) => red);
    expect(reds).toEqual([...reds].sort((one, other) => other - one));
    expect(data.accounts).toHaveLength(1);
  });

  it('is refused for what is no kind, no level and no place', async () => {
    for (const query of ['kind=none', 'level=green', 'offset=-1', 'offset=a'])
      expect((await bench.call('GET', `/api/programme/lights?${query}`)).status).toBe(400);
    expect((await bench.call('GET', '/api/programme/health?account=none')).status).toBe(404);
  });
});

describe('a snooze', () => {
  let amber: Light;
  const snooze = (light: string, until: string | null, as: 'viewer' | 'triager' = 'triager') =>
    bench.call('POST', '/api/programme/snoozes', { as, body: { light, until } });
  const end = (days: number) =>
    run('UPDATE builds SET expirationDate = ? WHERE id = ?', [iso(days), amber.id]);

  beforeAll(async () => {
    // One build that testers have for longest ends in ten days.
    await run('UPDATE builds SET expirationDate = ? WHERE appId = ? AND expired = 0', [iso(1), appId]);
    const expiring = (await lights(`app=${appId}&kind=build_expiring`))[0];
    if (!expiring) throw new Error('no build ends');
    amber = expiring;
    await end(10);
    const [now] = (await lights(`app=${appId}&kind=build_expiring`)).filter(({ id }) => id === amber.id);
    expect(now?.level).toBe('amber');
  });
  beforeEach(() => run('DELETE FROM snoozes'));

  it('hides a light from everybody, says by whom and until when, and is taken back', async () => {
    const until = iso(7);
    const before = await lights();
    const answer = await snooze(amber.key, until);
    expect(answer.status, answer.text).toBe(200);
    expect(await keys()).toEqual(before.map(({ key }) => key).filter((key) => key !== amber.key));
    expect((await read('/api/programme/health')).data.snoozed).toBe(1);
    expect((await read(`/api/programme/lights?app=${appId}`)).meta.snoozed).toBe(1);
    const [told] = (await read('/api/programme/snoozes')).data;
    expect(told).toMatchObject({ light: { key: amber.key }, until, by: 'triager' });

    const entry = (await bench.call('GET', '/api/activity?about=health')).body.data[0];
    const words = entry.sentence.map((part: string | { name: string }) =>
      typeof part === 'string' ? part : part.name,
    );
    expect(words.join('')).toMatch(
      /^snoozed “The last build that testers have, .+ expires on .+” until \d+ \w+ \d+$/,
    );
    const undo = await bench.call('POST', `/api/activity/${answer.body.meta.auditId}/undo`, {
      as: 'triager',
    });
    expect(undo.status, undo.text).toBe(200);
    expect(await keys()).toContain(amber.key);
  });

  it('is ended, and its end is taken back unless somebody snoozed it otherwise since', async () => {
    await snooze(amber.key, null);
    const woken = await bench.call('DELETE', '/api/programme/snoozes', {
      as: 'triager',
      body: { light: amber.key },
    });
    expect(woken.status).toBe(200);
    expect(await keys()).toContain(amber.key);
    await snooze(amber.key, iso(2));
    const path = `/api/activity/${woken.body.meta.auditId}/undo`;
    expect((await bench.call('POST', path)).body.errors[0].code).toBe('FLIGHTDECK.NOT_UNDOABLE');
    await run('DELETE FROM snoozes');
    expect((await bench.call('POST', path)).status).toBe(200);
    expect((await read('/api/programme/snoozes')).data[0]).toMatchObject({ until: null });
  });

  it('ends by itself when its time is over, and when the light gets worse', async () => {
    await snooze(amber.key, iso(7));
    await end(3);
    expect(await keys()).toContain(amber.key);
    expect(await sweepSnoozes(bench.app)).toBe(1);
    await end(10);
    // It was worse in between: what was decided before that is over.
    expect(await keys()).toContain(amber.key);
    await snooze(amber.key, iso(7));
    await run('UPDATE snoozes SET until = ?', [Date.now() - 1]);
    expect(await keys()).toContain(amber.key);
    expect(await sweepSnoozes(bench.app)).toBe(1);
  });

  it('is forgotten when the light went out, so that the same thing is told when it comes again', async () => {
    await snooze(amber.key, iso(7));
    expect(await sweepSnoozes(bench.app)).toBe(0);
    await end(60);
    expect(await sweepSnoozes(bench.app)).toBe(1);
    await end(10);
    expect(await keys()).toContain(amber.key);
  });

  it('is refused to viewers, for what is not lit, and for a time that is over or far away', async () => {
    expect((await snooze(amber.key, null, 'viewer')).status).toBe(403);
    expect((await snooze('build_expiring account-1 none', null)).status).toBe(404);
    for (const until of [iso(-1), iso(400), 'tomorrow'])
      expect((await snooze(amber.key, until)).body.errors[0].source).toEqual({ pointer: '/until' });
    expect(
      (await bench.call('DELETE', '/api/programme/snoozes', { body: { light: amber.key } })).status,
    ).toBe(404);
    expect(await bench.db.query('SELECT * FROM snoozes')).toEqual([]);
  });
});

it('tells two accounts apart', async () => {
  await addSecondAccount(bench);
  await run(`UPDATE "Account" SET status = 'unauthorized' WHERE id = ?`, [SECOND]);
  const of = async (account: string) =>
    (await lights(`account=${account}`)).map(({ accountId }) => accountId);
  expect(new Set(await of('account-1'))).toEqual(new Set(['account-1']));
  expect(new Set(await of(SECOND))).toEqual(new Set([SECOND]));
  expect((await lights(`account=${SECOND}`))[0]).toMatchObject({
    kind: 'key_refused',
    level: 'red',
    appId: null,
  });
  expect((await read('/api/programme/health')).data.accounts).toHaveLength(2);
});
