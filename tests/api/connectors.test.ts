import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rotateWrappingKey } from '@/lib/access/key-store';
import { ROLES } from '@/lib/access/policy';
import { systemClock } from '@/lib/clock';
import { isTracker } from '@/lib/connectors/connector';
import { KINDS, type Kind } from '@/lib/connectors/types';
import { readStates, settleHandovers } from '@/lib/services/connectors/lane';
import { collectLogs, takeInFeedback } from '@/lib/services/feedback/collect';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';
import { type FakeTracker, fakeTracker, SECRET } from '@/tests/fakes/trackers';

const ADDRESS = 'quokka.vexillum@example.com';
const MINUTE_MS = 60_000;
const never = new AbortController().signal;
const PROJECTS: Partial<Record<Kind, string>> = {
  github: 'octo/app',
  gitlab: 'group/app',
  jira: 'APP',
  linear: 'ENG',
};

let bench: ApiBench;
let ahead = 0;
let reports: { id: string; issueId: string }[];
const fakes: FakeTracker[] = [];

beforeAll(async () => {
  bench = await apiBench({ clock: { ...systemClock, now: () => Date.now() + ahead } });
  const ctx = bench.app.ctx({ kind: 'system', name: 'worker' }, 'test');
  await takeInFeedback(ctx, ACCOUNT);
  await collectLogs(ctx, ACCOUNT, never);
  await bench.db.write([
    { sql: 'UPDATE feedback SET comment = ?', params: [`Help @all, write to ${ADDRESS}`] },
  ]);
  reports = await bench.db.query('SELECT id, issueId FROM feedback ORDER BY createdDate DESC, id');
});
afterEach(async () => {
  ahead = 0;
  for (const fake of fakes.splice(0)) await fake.close();
  await bench.db.write([
    { sql: 'DELETE FROM handovers', params: [] },
    { sql: 'DELETE FROM connectors', params: [] },
    { sql: "UPDATE issues SET link = NULL, status = 'new'", params: [] },
  ]);
});
afterAll(() => bench.close());

const worker = () => bench.app.ctx({ kind: 'system', name: 'worker' }, 'lane');

function bodyOf(kind: Kind, url: string, more: object = {}) {
  const isAddress = kind === 'slack' || kind === 'teams';
  return {
    ...{ kind, name: `Our ${kind}`, isInternal: true, project: PROJECTS[kind] ?? '' },
    ...{ baseUrl: isAddress ? '' : url, secret: isAddress ? `${url}/hook` : SECRET },
    ...{
      login: kind === 'jira' ? 'qa@example.com' : '',
      title: '{{title}}',
      body: '{{comment}}\n\n{{facts}}\n\n{{link}}',
    },
    ...more,
  };
}

async function connected(kind: Kind, more: object = {}): Promise<{ fake: FakeTracker; id: string }> {
  const fake = await fakeTracker(kind);
  fakes.push(fake);
  const { status, body } = await bench.call('POST', '/api/connectors', {
    body: bodyOf(kind, fake.url, more),
  });
  expect([status, body.errors]).toEqual([201, undefined]);
  return { fake, id: body.data.id };
}

const report = (at = 0) => ({ kind: 'report', id: reports[at]?.id ?? '' });
const handOver = (connectorId: string, more: object = {}, as: (typeof ROLES)[number] = 'triager') =>
  bench.call('POST', '/api/hand-over', {
    as,
    body: { connectorId, ...report(), attempt: randomUUID(), title: 'It stops', body: 'words', ...more },
  });
const listed = async (as: (typeof ROLES)[number] = 'triager') =>
  (await bench.call('GET', `/api/hand-over?kind=report&id=${report().id}`, { as })).body.data;
const rows = () =>
  bench.db.query<{ id: string; state: string; sends: number; key: string; trouble: string }>(
    'SELECT * FROM handovers ORDER BY createdAt, id',
  );

describe('connectors', () => {
  it('are for admins alone, and tell their secret to nobody', async () => {
    const { id } = await connected('github');
    for (const as of ROLES.filter((role) => role !== 'admin')) {
      expect((await bench.call('GET', '/api/connectors', { as })).status).toBe(403);
      expect(
        (await bench.call('POST', '/api/connectors', { as, body: bodyOf('github', 'http://127.0.0.1') }))
          .status,
      ).toBe(403);
      expect((await bench.call('DELETE', `/api/connectors/${id}`, { as })).status).toBe(403);
      expect(
        (await bench.call('POST', '/api/connectors/test', { as, body: { id, kind: 'github' } })).status,
      ).toBe(403);
    }
    const list = await bench.call('GET', '/api/connectors');
    expect(list.body.data.connectors[0]).toMatchObject({
      name: 'Our github',
      project: 'octo/app',
      app: null,
    });
    const trail = await bench.db.query('SELECT * FROM auditEntries');
    const kept = await bench.db.query('SELECT * FROM connectors');
    for (const text of [list.text, JSON.stringify(trail), JSON.stringify(kept), bench.logged.join('')])
      expect(text).not.toContain(SECRET);
    expect((await bench.call('DELETE', `/api/connectors/${id}`)).status).toBe(204);
    expect((await bench.call('GET', '/api/activity')).text).toContain('connector');
  });

  it('are refused with words at the field', async () => {
    const wrong: readonly (readonly [object, string, string])[] = [
      [{ name: ' ' }, '/name', 'Enter a name'],
      [{ secret: undefined }, '/secret', 'Enter the secret'],
      [{ project: 'app' }, '/project', 'owner/name'],
      [{ baseUrl: 'http://127.0.0.1', isInternal: false }, '/baseUrl', 'own network'],
      [{ baseUrl: 'https://10.0.0.1', isInternal: false }, '/baseUrl', 'private network'],
      [{ body: '{{nothing}}' }, '/body', 'stands for nothing'],
      [{ kind: 'fax' }, '/kind', 'Choose where to'],
    ];
    for (const [more, pointer, words] of wrong) {
      const { status, body } = await bench.call('POST', '/api/connectors', {
        body: bodyOf('github', 'https://api.github.com', more),
      });
      expect([status, body.errors[0].source?.pointer, body.errors[0].detail]).toEqual([
        400,
        pointer,
        expect.stringContaining(words),
      ]);
    }
    const place = { kind: 'github', project: '', baseUrl: 'nowhere' };
    for (const [path, body] of [
      ['/api/connectors', { ...bodyOf('github', ''), ...place, secret: undefined }],
      ['/api/connectors/test', place],
    ] as const) {
      const { errors } = (await bench.call('POST', path, { body })).body;
      expect(errors.map(({ source }: { source: { pointer: string } }) => source.pointer)).toEqual([
        '/baseUrl',
        '/project',
        '/secret',
      ]);
    }
  });

  it('are tried before they are kept, and a stored secret goes to no other server', async () => {
    const { id, fake } = await connected('jira');
    const given = {
      kind: 'jira',
      baseUrl: fake.url,
      isInternal: true,
      project: 'APP',
      login: 'qa@example.com',
    };
    const tried = await bench.call('POST', '/api/connectors/test', { body: { id, ...given } });
    expect(tried.body.data.words).toContain('Papaya');
    const other = await bench.call('POST', '/api/connectors/test', { body: { ...given, secret: 'wrong' } });
    expect([other.status, other.body.errors[0].detail]).toEqual([
      422,
      expect.stringContaining('does not take the secret'),
    ]);
    const away = await bench.call('POST', '/api/connectors/test', {
      body: { id, ...given, baseUrl: 'http://127.0.0.1:9' },
    });
    expect([away.status, away.body.errors[0].source.pointer]).toEqual([400, '/secret']);
    const { title, body } = bodyOf('jira', fake.url);
    const preview = await bench.call('POST', '/api/connectors/preview', { body: { title, body } });
    expect(preview.body.data.body).toContain('Open in Flightdeck');
    expect(preview.body.data.body).not.toContain('vexillum');
  });

  it('keep their secret when they are changed, and under another encryption key', async () => {
    const { id, fake } = await connected('gitlab');
    const { secret: _, ...body } = bodyOf('gitlab', fake.url, { name: 'Renamed' });
    expect((await bench.call('PUT', `/api/connectors/${id}`, { body })).status).toBe(200);
    expect((await handOver(id)).status).toBe(201);
    const kept = async () =>
      (await bench.db.query<{ sealedSecret: string }>('SELECT sealedSecret FROM connectors'))[0];
    const before = await kept();
    await expect(
      rotateWrappingKey(bench.db, new Uint8Array(32), new Uint8Array(32).fill(1), 1),
    ).rejects.toThrow();
    expect(await kept()).toEqual(before);
  });

  it('stay with an app that is gone when something else is changed, and no other app that is not here', async () => {
    const [app] = await bench.db.query<{ id: string; accountId: string }>('SELECT id, accountId FROM apps');
    if (!app) throw new Error('The programme has an app.');
    const of = { appId: app.id, accountId: app.accountId };
    const { id, fake } = await connected('github', { app: of });
    await bench.db.write([{ sql: 'UPDATE connectors SET appId = ?', params: ['gone'] }]);
    const listed = async () => (await bench.call('GET', '/api/connectors')).body.data.connectors[0];
    expect((await listed()).app).toMatchObject({ appId: 'gone', name: 'An app that is gone' });
    const { secret: _, ...body } = bodyOf('github', fake.url, { name: 'Renamed' });
    const put = (appId: string) =>
      bench.call('PUT', `/api/connectors/${id}`, { body: { ...body, app: { ...of, appId } } });
    expect((await put('gone')).status).toBe(200);
    expect(await listed()).toMatchObject({ name: 'Renamed', app: { appId: 'gone' } });
    expect((await put('never-was')).status).toBe(404);
  });
});

describe.each(KINDS.filter(isTracker))('an issue in %s', (kind) => {
  it('is made once, linked, and not a second time', async () => {
    const { fake, id } = await connected(kind);
    const made = await handOver(id);
    expect([made.status, made.body.data?.state, made.body.errors]).toEqual([201, 'sent', undefined]);
    expect([fake.issues.length, fake.wrong]).toEqual([1, []]);
    expect((await listed('viewer')).handovers[0]).toMatchObject({
      state: 'sent',
      connector: `Our ${kind}`,
      by: 'triager',
    });
    const [issue] = await bench.db.query<{ link: string }>('SELECT link FROM issues WHERE id = ?', [
      reports[0]?.issueId ?? '',
    ]);
    expect(issue?.link).toBe(made.body.data.url);
    const again = await handOver(id, {}, 'manager');
    expect([again.status, again.body.errors[0].code, again.body.errors[0].detail]).toEqual([
      ...[409, 'FLIGHTDECK.HANDED_OVER', expect.stringContaining('already')],
    ]);
    expect(fake.issues).toHaveLength(1);
    expect((await bench.call('GET', '/api/activity')).text).toContain(`Our ${kind}`);
  });

  it.each(['madeThen504', 'madeThenCut', 'madeThenHtml'] as const)(
    'is one though the answer is %s',
    async (fault) => {
      const { fake, id } = await connected(kind);
      fake.faults.push(fault);
      const made = await handOver(id);
      expect([made.status, made.body.data.state]).toEqual([201, 'sent']);
      ahead = 10 * MINUTE_MS;
      await settleHandovers(worker(), never);
      expect([fake.issues.length, fake.writes.length]).toEqual([1, 1]);
    },
  );

  it('is made by the worker once it is surely not there, and not before', async () => {
    const { fake, id } = await connected(kind);
    fake.faults.push('html502');
    expect((await handOver(id)).body.data).toMatchObject({ state: 'unsure', needsPerson: false });
    for (const seconds of [10, 40, 100]) {
      ahead = seconds * 1_000;
      await settleHandovers(worker(), never);
      expect([seconds, fake.writes.length]).toEqual([seconds, 1]);
    }
    ahead = 20 * MINUTE_MS;
    await settleHandovers(worker(), never);
    expect([fake.issues.length, fake.writes.length]).toEqual([1, 2]);
    expect(await rows()).toMatchObject([{ state: 'sent', sends: 2 }]);
  });

  it.each([true, false])(
    'is one after the process was killed while sending (done there: %s)',
    async (isDone) => {
      const { fake, id } = await connected(kind);
      // What kill -9 leaves: the row that was written before, and maybe what it asked for.
      if (isDone) fake.faults.push('madeThen504');
      else fake.faults.push('html502');
      await handOver(id);
      await bench.db.write([
        {
          sql: "UPDATE handovers SET state = 'sending', looks = 0, url = NULL, remoteId = NULL, turnUntil = ?",
          params: [Date.now() + 90_000],
        },
      ]);
      await settleHandovers(worker(), never);
      expect(await rows()).toMatchObject([{ state: 'sending' }]);
      for (const minutes of [3, 10, 30]) {
        ahead = minutes * MINUTE_MS;
        await settleHandovers(worker(), never);
      }
      expect(fake.issues).toHaveLength(1);
      expect(await rows()).toMatchObject([{ state: 'sent' }]);
    },
  );
});

describe('handing over', () => {
  it('by two at once makes one issue and tells the other of it', async () => {
    const { fake, id } = await connected('github');
    const answers = await Promise.all([handOver(id), handOver(id, {}, 'manager'), handOver(id, {}, 'admin')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(fake.issues).toHaveLength(1);
  });

  it('with the same attempt twice answers the same', async () => {
    const { fake, id } = await connected('slack');
    const attempt = randomUUID();
    const [one, other] = [await handOver(id, { attempt }), await handOver(id, { attempt })];
    expect([one.status, other.status, fake.issues.length]).toEqual([201, 201, 1]);
    expect(other.body.data.id).toBe(one.body.data.id);
    expect((await handOver(id, { attempt }, 'manager')).status).toBe(400);
    expect((await handOver(id)).status).toBe(201);
    expect(fake.issues).toHaveLength(2);
  });

  it('is refused in the other side’s words, and can be tried again', async () => {
    const { fake, id } = await connected('github');
    fake.faults.push({
      status: 422,
      body: { message: 'Validation Failed', errors: [{ message: 'title is rude' }] },
    });
    const refused = await handOver(id);
    expect([refused.status, refused.body.errors[0].detail]).toEqual([
      422,
      expect.stringContaining('title is rude'),
    ]);
    fake.faults.push({ status: 429, headers: { 'retry-after': '30' } });
    const paused = await handOver(id);
    expect([paused.status, Number(paused.headers.get('retry-after')) > 20]).toEqual([429, true]);
    fake.down = 503;
    await handOver(id);
    fake.down = null;
    expect((await listed()).handovers).toMatchObject([{ state: 'unsure' }]);
    expect((await listed()).handovers).toHaveLength(1);
  });

  it('asks a person about a message that may have been sent', async () => {
    const { fake, id } = await connected('teams');
    const decide = (handoverId: string, decision: string) =>
      bench.call('POST', `/api/hand-over/${handoverId}`, { as: 'triager', body: { decision } });
    fake.faults.push('madeThen504');
    const lost = await handOver(id);
    expect(lost.body.data).toMatchObject({ state: 'unsure', needsPerson: true });
    ahead = 60 * MINUTE_MS - 5_000;
    await settleHandovers(worker(), never);
    expect(fake.writes).toHaveLength(1);
    ahead = 0;
    expect((await handOver(id)).status).toBe(409);
    const handoverId = lost.body.data.id;
    expect((await decide(handoverId, 'look')).status).toBe(400);
    expect(
      (
        await bench.call('POST', `/api/hand-over/${handoverId}`, {
          as: 'viewer',
          body: { decision: 'again' },
        })
      ).status,
    ).toBe(403);
    expect((await decide(handoverId, 'arrived')).body.data.state).toBe('sent');
    expect((await decide(handoverId, 'again')).body.errors[0].code).toBe('FLIGHTDECK.SETTLED');
    fake.faults.push({ status: 500 });
    const other = (await handOver(id)).body.data.id;
    expect((await decide(other, 'again')).body.data.state).toBe('sent');
    expect(fake.issues).toHaveLength(2);
  });

  it('is for whom may triage, and masks addresses but where the template asks and the sender may', async () => {
    const { id } = await connected('gitlab', { body: '{{comment}} from {{email}}' });
    expect((await handOver(id, {}, 'viewer')).status).toBe(403);
    expect((await listed('viewer')).connectors).toEqual([]);
    const [known] = await bench.db.query<{ id: string; email: string }>(
      'SELECT f.id, t.email FROM feedback f JOIN betaTesters t ON t.id = f.testerId AND t.appId = f.appId WHERE t.email IS NOT NULL ORDER BY f.id LIMIT 1',
    );
    const preview = (as: (typeof ROLES)[number]) =>
      bench.call('POST', '/api/hand-over/preview', {
        as,
        body: { connectorId: id, kind: 'report', id: known?.id },
      });
    expect((await preview('viewer')).status).toBe(403);
    const { body } = (await preview('triager')).body.data;
    expect(body).not.toContain('vexillum');
    expect(body.replaceAll('\u200b', '').replaceAll('\\', '')).toContain(known?.email);
  });

  it('of one app is not offered for another', async () => {
    const [app] = await bench.db.query<{ appId: string }>('SELECT appId FROM feedback WHERE id = ?', [
      report().id,
    ]);
    const [other] = await bench.db.query<{ id: string }>(
      'SELECT id FROM apps WHERE id <> ? ORDER BY id LIMIT 1',
      [app?.appId ?? ''],
    );
    const { id } = await connected('github', { app: { appId: other?.id, accountId: ACCOUNT } });
    expect((await listed()).connectors).toEqual([]);
    expect((await handOver(id)).body.errors[0].detail).toContain('another app');
  });
});

describe('what the tracker says of it', () => {
  it('is read back with its age, and closing there resolves here once where it is wanted', async () => {
    const { fake, id } = await connected('github', { doesResolve: true });
    await handOver(id);
    await readStates(worker(), never);
    expect((await listed()).handovers[0].remote).toMatchObject({
      isClosed: false,
      words: 'Open',
      at: expect.any(String),
    });
    for (const issue of fake.issues) issue.isClosed = true;
    await readStates(worker(), never);
    expect((await listed()).handovers[0].remote.isClosed).toBe(false);
    ahead = 11 * MINUTE_MS;
    await readStates(worker(), never);
    expect((await listed()).handovers[0].remote).toMatchObject({
      isClosed: true,
      words: 'Closed as completed',
    });
    const status = async () =>
      (
        await bench.db.query<{ status: string }>('SELECT status FROM issues WHERE id = ?', [
          reports[0]?.issueId ?? '',
        ])
      )[0]?.status;
    expect(await status()).toBe('resolved');
    await bench.db.write([{ sql: "UPDATE issues SET status = 'triaged'", params: [] }]);
    ahead = 50 * MINUTE_MS;
    await bench.db.write([{ sql: 'UPDATE handovers SET stateAfter = 0', params: [] }]);
    await readStates(worker(), never);
    expect(await status()).toBe('triaged');
  });

  it('is put off for all of a connector that is in trouble, and said', async () => {
    const { fake, id } = await connected('gitlab');
    await handOver(id);
    fake.down = 503;
    await readStates(worker(), never);
    expect((await listed()).handovers[0].stateTrouble).toContain('503');
    fake.down = null;
    await readStates(worker(), never);
    expect((await listed()).handovers[0].remote).toBeNull();
    ahead = 6 * MINUTE_MS;
    await readStates(worker(), never);
    expect((await listed()).handovers[0].remote).toMatchObject({ isClosed: false });
  });
});

describe('what was handed over of a merged issue', () => {
  const issues = () =>
    bench.db.query<{ id: string; link: string | null; status: string }>(
      'SELECT id, link, status FROM issues',
    );
  const issue = async (id: string) => (await issues()).find((one) => one.id === id);
  const ofIssue = async (id: string) =>
    (await bench.call('GET', `/api/hand-over?kind=issue&id=${id}`)).body.data.handovers.map(
      ({ connector }: { connector: string }) => connector,
    );

  it('is found with it, resolves where it went, and goes back to what it was made for', async () => {
    const pair = await bench.db.query<{ id: string; reportId: string }>(
      `SELECT i.id, MIN(f.id) AS "reportId" FROM issues i JOIN feedback f ON f.issueId = i.id
       WHERE i.kind = 'crash' AND i.mergedInto IS NULL AND i.appId = (SELECT appId FROM issues
         WHERE kind = 'crash' AND mergedInto IS NULL GROUP BY appId ORDER BY COUNT(*) DESC LIMIT 1)
       GROUP BY i.id ORDER BY i.id LIMIT 2`,
    );
    const [into, from] = pair as [(typeof pair)[number], (typeof pair)[number]];
    const github = await connected('github', { doesResolve: true });
    const gitlab = await connected('gitlab');
    expect((await handOver(github.id, { kind: 'issue', id: from.id })).status).toBe(201);
    const merged = await bench.call('POST', '/api/feedback/placing', {
      body: { do: 'merge', into: into.id, target: { issues: [from.id] } },
    });
    expect([merged.status, await ofIssue(into.id)]).toEqual([200, ['Our github']]);
    for (const made of github.fake.issues) made.isClosed = true;
    await readStates(worker(), never);
    expect((await issue(into.id))?.status).toBe('resolved');
    // Handed over while it was merged, from a report that is the other's.
    const late = await handOver(gitlab.id, { kind: 'report', id: from.reportId });
    expect([late.status, await ofIssue(into.id)]).toEqual([201, ['Our gitlab', 'Our github']]);
    expect((await issue(into.id))?.link).toBe(late.body.data.url);
    const undone = await bench.call('POST', `/api/activity/${merged.body.data.auditId}/undo`, {});
    expect(undone.status).toBe(200);
    expect([await ofIssue(into.id), await ofIssue(from.id)]).toEqual([[], ['Our gitlab', 'Our github']]);
    expect([(await issue(into.id))?.link, (await issue(from.id))?.link]).toEqual([
      null,
      expect.stringContaining('github'),
    ]);
    expect((await handOver(gitlab.id, { kind: 'issue', id: from.id })).status).toBe(409);
    expect((await handOver(gitlab.id, { kind: 'issue', id: into.id })).status).toBe(201);
  });
});
