import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';
import { freshBuild } from '@/tests/factories/shipping';

let bench: ApiBench;
let appId: string;
let groupId: string;
let groupName: string;
beforeAll(async () => {
  bench = await apiBench({ seed: 9 });
  const [row] = await bench.db.query<{ appId: string; id: string; name: string }>(
    'SELECT appId, id, name FROM betaGroups WHERE isInternalGroup = 0 ORDER BY appId, id LIMIT 1',
  );
  appId = row?.appId ?? '';
  groupId = row?.id ?? '';
  groupName = row?.name ?? '';
});
afterAll(() => bench.close());

type Role = 'viewer' | 'triager' | 'manager';
const path = (more = '') => `/api/ship-templates?app=${appId}${more}`;
const call = (method: string, to: string, body?: unknown, as: Role = 'manager') =>
  bench.call(method, to, { as, ...(body === undefined ? {} : { body }) });
const body = (more: object = {}) => ({
  name: 'Weekly',
  choices: {
    groups: [groupId],
    notes: { 'en-US': 'New in {version}' },
    submit: true,
    notify: 'Tuesday 09:00 Europe/Berlin',
    ...more,
  },
});
const list = async (more = '', as: Role = 'manager') =>
  (await call('GET', path(more), undefined, as)).body.data;
const sentences = async () => {
  const { body: answer } = await call('GET', `/api/activity?app=${appId}`);
  const plain = (part: unknown) => (typeof part === 'string' ? part : (part as { name: string }).name);
  return answer.data.map(({ sentence }: { sentence: unknown[] }) => sentence.map(plain).join(''));
};
const undo = (auditId: string) => call('POST', `/api/activity/${auditId}/undo`);

describe('templates of ships', () => {
  it('are kept, changed as they were seen, taken away and brought back, each told in the trail', async () => {
    expect((await call('POST', path(), body(), 'triager')).status).toBe(403);
    const made = await call('POST', path(), body());
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect((await sentences())[0]).toMatch(/^created a ship template Weekly in /);
    const { id } = made.body.data;
    const one = `/api/ship-templates/${id}`;
    const there = { id: groupId, name: groupName, isGone: false };
    const kept = { id, name: 'Weekly', choices: body().choices, groups: [there], version: 1 };
    expect((await list()).templates).toEqual([kept]);

    const renamed = { ...body({ submit: false }), name: 'Nightly', version: 1 };
    expect((await call('PUT', one, renamed, 'viewer')).status).toBe(403);
    const changed = await call('PUT', one, renamed);
    expect(changed.status, JSON.stringify(changed.body)).toBe(200);
    const stale = await call('PUT', one, renamed);
    expect([stale.status, stale.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.STALE']);
    expect((await undo(changed.body.data.auditId)).status).toBe(200);
    expect((await list()).templates).toEqual([{ ...kept, version: 3 }]);
    // What somebody has changed since stays.
    expect((await undo(changed.body.data.auditId)).status).toBe(409);

    expect((await call('DELETE', one, undefined, 'viewer')).status).toBe(403);
    const gone = await call('DELETE', one);
    expect((await call('DELETE', one)).status).toBe(404);
    expect((await sentences())[0]).toMatch(/^deleted the ship template Weekly/);
    expect((await undo(gone.body.data.auditId)).status).toBe(200);
    expect((await list()).templates).toEqual([kept]);
    await call('DELETE', one);
  });

  it('say which of their groups is gone, and can be renamed all the same', async () => {
    const group = { id: 'gone-1', name: 'Old friends' };
    await bench.db.write([
      {
        sql: `INSERT INTO betaGroups (accountId, id, appId, name, isInternalGroup, document, generation, fetchedAt)
          VALUES (?, ?, ?, ?, 0, '{}', 0, 0)`,
        params: [ACCOUNT, group.id, appId, group.name],
      },
    ]);
    const both = body({ groups: [groupId, group.id] });
    const { id } = (await call('POST', path(), both)).body.data;
    await bench.db.write([{ sql: 'DELETE FROM betaGroups WHERE id = ?', params: [group.id] }]);
    const gone = { ...group, isGone: true };
    expect((await list()).templates[0].groups).toContainEqual(gone);
    const renamed = { ...both, name: 'Other', version: 1 };
    expect((await call('PUT', `/api/ship-templates/${id}`, renamed)).status).toBe(200);
    expect((await list()).templates[0]).toMatchObject({
      name: 'Other',
      groups: [expect.objectContaining({ isGone: false }), gone],
    });
    const unknown = await call('POST', path(), body({ groups: ['nowhere'] }));
    expect([unknown.status, unknown.body.errors[0].source.pointer]).toEqual([400, '/choices/groups']);
    await call('DELETE', `/api/ship-templates/${id}`);
  });

  it.each([
    [{ name: ' ' }, '/name'],
    [{ choices: { notify: 'soon' } }, '/choices/notify'],
    [{ choices: { build: '1' } }, ''],
    [{ choices: { notes: { 'en-US': ' ' } } }, '/choices/notes/en-US'],
  ])('are refused where something is wrong, and say where: %#', async (more, pointer) => {
    const answer = await call('POST', path(), { ...body(), ...more });
    expect([answer.status, answer.body.errors[0].source.pointer]).toEqual([
      400,
      expect.stringContaining(pointer),
    ]);
  });

  it('hold the last ship of the app without its texts, but none of the build itself and no dry run', async () => {
    expect((await list()).last).toBeNull();
    const build = freshBuild({ sandbox: bench.sandbox, appId }, { usesNonExemptEncryption: false });
    build.process();
    const start = async (input: object, more: object = {}) => {
      const answer = await call('POST', '/api/jobs', { kind: 'ship', appId, input, ...more });
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    };
    const choices = { submit: true, notify: 'Tuesday 09:00 Europe/Berlin' };
    const order = { build: build.id, groups: [groupId], notes: 'Try the map.', ...choices };
    await start(order, { dryRun: true });
    expect((await list()).last).toBeNull();
    await start(order);
    expect((await list()).last).toMatchObject({
      id: null,
      name: expect.stringMatching(/^Ship /),
      choices: { ...choices, groups: [groupId] },
      groups: [{ id: groupId, name: groupName, isGone: false }],
    });
    expect((await list()).last.choices.notes).toBeUndefined();
    expect((await list(`&build=${build.id}`)).last).toBeNull();
  });
});
