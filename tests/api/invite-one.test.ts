import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readItems } from '@/lib/jobs/rows';
import { inviteBody, previewInvite } from '@/lib/services/imports/invite-one';
import { importOptions } from '@/lib/services/imports/prepare';
import { previewImport, startImport } from '@/lib/services/imports/service';
import { ACCOUNT, type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

let bench: PeopleBench;
beforeEach(async () => {
  bench = await peopleBench();
});
afterEach(() => bench.close());

const body = (over: object = {}) =>
  inviteBody.parse({ appId: bench.appId, email: '', groupIds: [bench.groupId], ...over });
const bytes = (text: string) => new TextEncoder().encode(text);
const options = (over: object = {}) =>
  importOptions.parse({ appId: bench.appId, groupIds: [bench.groupId], ...over });
const page = { offset: 0, limit: 100 };

/** A tester of the mirror who is not in the group, and one who is. */
const people = () => {
  const all = [...bench.testers()];
  const outside = all.find(([, { groupIds }]) => groupIds.length > 0 && !groupIds.includes(bench.groupId));
  const inside = all.find(([, { groupIds }]) => groupIds.includes(bench.groupId));
  if (!outside || !inside) throw new Error('The programme has nobody like this.');
  return { outside, inside };
};

it('says of one person what an import says of the same row', async () => {
  const { outside, inside } = people();
  const asked = ['new.person@example.com', outside[0].toUpperCase(), inside[0], 'bad..dots@example.com'];
  const file = await previewImport(bench.ctx, bytes(`Email\n${asked.join('\n')}`), options(), page);
  const alone = await Promise.all(
    asked.map(async (email) => (await previewInvite(bench.ctx, body({ email }))).rows[0]),
  );
  expect(alone.map((row) => [row?.outcome, row?.testerId, row?.reason])).toEqual(
    file.rows.map((row) => [row.outcome, row.testerId, row.reason]),
  );
  expect(alone.map((row) => row?.outcome)).toContain('invite');
  expect(alone[3]).toMatchObject({
    outcome: 'invalid',
    reason: { detail: expect.stringMatching(/two dots/) },
  });
});

it('knows who is there already, where, and who was removed before', async () => {
  const { outside } = people();
  const [email, tester] = outside;
  const known = (await previewInvite(bench.ctx, body({ email }))).known;
  expect(known.map(({ testerId }) => testerId)).toContain(tester.id);
  expect(known[0]?.groups.map(({ id }) => id).sort()).toEqual([...tester.groupIds].sort());
  const at = bench.ctx.clock.now();
  await bench.db.write([
    {
      sql: `INSERT INTO testerEvents (accountId, appId, testerId, emailLower, at, kind) VALUES (?, ?, 'gone', 'gone@example.com', ?, 'removed')`,
      params: [ACCOUNT, bench.appId, at],
    },
  ]);
  expect(await previewInvite(bench.ctx, body({ email: 'Gone@Example.com' }))).toMatchObject({
    known: [],
    removedAt: new Date(at).toISOString(),
    rows: [{ outcome: 'invite' }],
  });
});

it('holds a broken name back until somebody decides, and is for managers', async () => {
  const given = { email: 'j@example.com', firstName: 'JosÃ©' };
  expect((await previewInvite(bench.ctx, body(given))).rows[0]).toMatchObject({ outcome: 'held' });
  expect((await previewInvite(bench.ctx, body({ ...given, name: 'keep' }))).rows[0]).toMatchObject({
    outcome: 'invite',
  });
  expect((await previewInvite(bench.ctx, body({ ...given, name: 'drop' }))).rows[0]).toMatchObject({
    outcome: 'invite',
    firstName: '',
  });
  await expect(() => previewInvite(bench.ctxAs('viewer'), body(given))).rejects.toThrow(/manager/);
});

describe('an import', () => {
  it('sends no name that waits, lists it with its reason, and sends it once it is confirmed', async () => {
    const file = bytes('Name,Email\nJosÃ© Lind,held@example.com\nTom Ek,tom.ek@example.com');
    const first = await startImport(bench.ctx, file, options());
    expect(first.counts).toMatchObject({ invite: 1, held: 1 });
    await bench.run(first.jobId);
    expect(bench.testers().has('held@example.com')).toBe(false);
    expect(await readItems(bench.db, first.jobId, { status: ['failed'], limit: 10 })).toMatchObject([
      { errorCode: 'FLIGHTDECK.NAME.UNCONFIRMED' },
    ]);
    const second = await startImport(bench.ctx, file, options({ names: { '*': 'drop' } }));
    await bench.run(second.jobId);
    const { store } = bench.sandbox.parts().world;
    const made = store.get('betaTesters', bench.testers().get('held@example.com')?.id ?? '');
    expect(made?.attributes).toMatchObject({ firstName: null, lastName: null });
  });

  it('reads an address that only the standard knows, and Apple gets it as it is', async () => {
    const email = "r&d/o'brien=1%off@example.com";
    const { jobId } = await startImport(bench.ctx, bytes(`Email\n'${email}`), options());
    await bench.run(jobId);
    expect(bench.testers().get(email)?.groupIds).toEqual([bench.groupId]);
  });

  it('asks once which of two equal groups is meant, and goes on with the answer', async () => {
    const [group] = await bench.db.query<{ name: string }>('SELECT name FROM betaGroups WHERE id = ?', [
      bench.groupId,
    ]);
    await bench.db.write([
      {
        sql: `INSERT INTO betaGroups (accountId, appId, id, name, isInternalGroup, document, generation, fetchedAt)
          VALUES (?, ?, 'twin', ?, ?, '{}', 0, 0)`,
        params: [ACCOUNT, bench.appId, group?.name ?? '', 0],
      },
    ]);
    const file = bytes(`Email,Group\na1@example.com,${group?.name}\na2@example.com,${group?.name}`);
    const asked = await previewImport(bench.ctx, file, options({ groupIds: [] }), page);
    expect(asked.counts).toMatchObject({ invalid: 2 });
    expect(asked.questions).toMatchObject([
      { kind: 'group', rows: 2, options: [{ id: expect.any(String) }, { id: expect.any(String) }] },
    ]);
    const [question] = asked.questions;
    if (question?.kind !== 'group') throw new Error('no question about a group');
    const groupNames = { [question.key]: bench.groupId };
    const answered = await previewImport(bench.ctx, file, options({ groupIds: [], groupNames }), page);
    expect(answered.counts).toMatchObject({ invite: 2, invalid: 0 });
    expect(answered.rows[0]?.groups.map(({ id }) => id)).toEqual([bench.groupId]);
  });

  it('takes the record of the kind that a group is of', async () => {
    const [internal] = await bench.db.query<{ id: string; name: string }>(
      'SELECT id, name FROM betaGroups WHERE appId = ? AND isInternalGroup = 1 LIMIT 1',
      [bench.appId],
    );
    if (!internal) throw new Error('no internal group');
    const insert = (id: string, groupId: string) => [
      {
        sql: `INSERT INTO betaTesters (accountId, appId, id, email, emailLower, state, document, generation, fetchedAt)
          VALUES (?, ?, ?, 'Two@example.com', 'two@example.com', 'INSTALLED', '{}', 0, 0)`,
        params: [ACCOUNT, bench.appId, id],
      },
      {
        sql: `INSERT INTO betaGroupTesters (accountId, appId, groupId, testerId, fetchedAt) VALUES (?, ?, ?, ?, 0)`,
        params: [ACCOUNT, bench.appId, groupId, id],
      },
    ];
    const [other] = await bench.db.query<{ id: string }>(
      'SELECT id FROM betaGroups WHERE appId = ? AND isInternalGroup = 0 AND id <> ? LIMIT 1',
      [bench.appId, bench.groupId],
    );
    await bench.db.write([...insert('a-external', other?.id ?? ''), ...insert('z-internal', internal.id)]);
    const rows = (await previewInvite(bench.ctx, body({ email: 'two@example.com' }))).rows;
    expect(rows).toMatchObject([{ outcome: 'addToGroup', testerId: 'a-external', isOtherKind: false }]);
    const both = body({ email: 'two@example.com', groupIds: [bench.groupId, internal.id] });
    const told = (await previewInvite(bench.ctx, both)).rows.map(
      ({ testerId, outcome }) => `${testerId} ${outcome}`,
    );
    expect(told.sort()).toEqual(['a-external addToGroup', 'z-internal alreadyThere']);
  });
});
