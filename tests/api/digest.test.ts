import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sendDueDigests } from '@/lib/services/digest/send';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';
import { type FakeMailServer, fakeMailServer } from '@/tests/fakes/smtp';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Monday morning in Berlin, before the clock there is set forward. */
const MONDAY = Date.parse('2026-03-23T08:00:00Z');
const APP = '1001';
const SEEN = { document: '{}', generation: 1, fetchedAt: MONDAY };
const never = new AbortController().signal;

let now = MONDAY - DAY;
let bench: ApiBench;
let mail: FakeMailServer;

beforeAll(async () => {
  bench = await apiBench({ isMirrored: false, clock: { now: () => now, sleep: async () => undefined } });
  mail = await fakeMailServer({ login: { name: 'fd', password: 'of-the-mail' } });
  const apps = [
    { ...SEEN, id: APP, accountId: ACCOUNT, name: 'Papaya' },
    { ...SEEN, id: '1002', accountId: ACCOUNT, name: 'Mullein' },
  ];
  await bench.db.write([bench.db.build.insertInto('apps').values(apps)]);
});
beforeEach(() => {
  now = MONDAY - DAY;
});
afterEach(async () => {
  mail.taken.length = 0;
  mail.faults.length = 0;
  const tables = [
    'digests',
    'mailServers',
    'channelTroubles',
    'notices',
    'betaGroups',
    'issues',
    'loginLimits',
    'snoozes',
  ];
  await bench.db.write(tables.map((table) => ({ sql: `DELETE FROM "${table}"`, params: [] })));
});
afterAll(async () => {
  await mail.close();
  await bench.close();
});

/** A call in a session that has not ended, whatever the clock was set to. */
async function call(...[method, path, options]: Parameters<ApiBench['call']>): ReturnType<ApiBench['call']> {
  const set = { lastSeenAt: now, createdAt: now, expiresAt: now + DAY };
  await bench.db.write([bench.db.build.updateTable('sessions').set(set)]);
  return bench.call(method, path, options);
}

async function setMail(): Promise<void> {
  const { status, body } = await call('PUT', '/api/channels/mail', {
    body: {
      ...{ host: '127.0.0.1', port: mail.port, security: 'none', isInternal: true, login: 'fd' },
      ...{ password: 'of-the-mail', fromAddress: 'flightdeck@example.com', fromName: 'Flightdeck' },
    },
  });
  expect([status, body.errors]).toEqual([200, undefined]);
}

const MINE = { isOn: true, weekday: 1, hour: 9, timeZone: 'Europe/Berlin', apps: null };
async function wish(more: object = {}, as: 'viewer' | 'admin' = 'admin'): Promise<void> {
  const { status, text } = await call('PUT', '/api/digest', { as, body: { ...MINE, ...more } });
  expect(status, text).toBe(200);
}

const round = () => sendDueDigests(bench.app.ctx({ kind: 'system', name: 'worker' }, 'digest'), never);
const view = async (as: 'viewer' | 'admin' = 'admin') => (await call('GET', '/api/digest', { as })).body.data;
const row = async () => (await bench.db.query<Record<string, unknown>>('SELECT * FROM digests'))[0];

/** Feedback of an app that has waited for so many days. */
const unread = (id: string, days: number, appId = APP) =>
  bench.db.write([
    bench.db.build.insertInto('issues').values({
      ...{ id, accountId: ACCOUNT, appId, kind: 'crash', title: 'T', reportCount: 2 },
      ...{ firstDate: new Date(MONDAY - days * DAY).toISOString(), createdAt: 0, updatedAt: 0 },
    }),
  ]);

describe('a weekly digest', () => {
  it('comes once a week at its hour, and says what changed since the last', async () => {
    await setMail();
    await unread('i1', 8);
    await wish();
    expect((await view()).nextAt).toBe('2026-03-23T08:00:00.000Z');
    expect(await round()).toBe(0);
    now = MONDAY + MINUTE;
    expect(await round()).toBe(1);
    for (const later of [2 * MINUTE, HOUR, DAY, -DAY, 3 * MINUTE]) {
      now = MONDAY + later;
      expect(await round()).toBe(0);
    }
    const [first] = mail.taken;
    expect(first).toMatchObject({ to: ['admin@example.com'] });
    expect(first?.text).toContain('Subject: Flightdeck: 1 amber');
    expect(first?.text).toContain('Papaya: Nobody has looked at 2 reports');
    expect(first?.text).toContain('/apps/1001/feedback');
    expect(first?.text).toContain('Content-Type: text/html');

    await bench.db.write([{ sql: 'DELETE FROM issues', params: [] }]);
    await unread('i2', 40, '1002');
    // The clock was set forward in between: nine o'clock comes an hour earlier.
    now = MONDAY + 7 * DAY - HOUR;
    expect(await round()).toBe(1);
    const second = mail.taken[1]?.text ?? '';
    expect(second).toContain('Subject: Flightdeck: 1 red; 1 new or worse');
    expect(second).toMatch(/NEW\s+- \[RED\] Mullein: Nobody has looked at 2 reports/);
    expect(second).toMatch(/OVER\s+- \[over\] Papaya: Nobody has looked at 2 reports/);
    expect((await view()).lastAt).toBe(new Date(now).toISOString());
  });

  it('tells what is snoozed, and apps that are no longer wanted, neither as over nor as new afterwards', async () => {
    await setMail();
    await unread('i1', 8);
    await unread('i2', 8, '1002');
    await wish();
    now = MONDAY + MINUTE;
    expect(await round()).toBe(1);
    const lights = (await call('GET', '/api/programme/lights?app=1001')).body.data;
    const until = new Date(MONDAY + 10 * DAY).toISOString();
    const snoozed = await call('POST', '/api/programme/snoozes', { body: { light: lights[0].key, until } });
    expect(snoozed.status, snoozed.text).toBe(200);
    await wish({ apps: [{ accountId: ACCOUNT, appId: APP }] });
    now = MONDAY + 7 * DAY;
    expect(await round()).toBe(1);
    expect(mail.taken[1]?.text).toContain('1 snoozed by the team are left out');
    expect(mail.taken[1]?.text).not.toMatch(/OVER|Nobody has looked/);
    now = MONDAY + 14 * DAY;
    expect(await round()).toBe(1);
    const third = mail.taken[2]?.text ?? '';
    expect(third).toMatch(/AS BEFORE\s+- \[AMBER\] Papaya/);
    expect(third).not.toMatch(/^(NEW|OVER)/m);
  });

  it('is tried again while the server has trouble, and left out when it is refused', async () => {
    await setMail();
    await wish();
    now = MONDAY;
    mail.faults.push(
      { to: 'RCPT', answer: '451 4.7.1 Come again' },
      { to: 'DATA', answer: '421 4.3.2 Going down' },
    );
    expect(await round()).toBe(0);
    expect((await view()).trouble).toMatchObject({
      words: expect.stringContaining('Come again'),
      isOver: false,
    });
    expect(await round()).toBe(0);
    now += 2 * MINUTE;
    expect(await round()).toBe(0);
    now += 10 * MINUTE;
    expect(await round()).toBe(1);
    expect(mail.taken).toHaveLength(1);
    expect(mail.taken[0]?.text).not.toContain('may have reached you already');
    expect((await view()).trouble).toBeNull();

    now = MONDAY + 7 * DAY;
    mail.faults.push({ to: 'RCPT', answer: '550 5.1.1 No such user' });
    expect(await round()).toBe(0);
    expect((await view()).trouble).toMatchObject({
      words: expect.stringContaining('No such user'),
      isOver: true,
    });
    now += DAY;
    expect(await round()).toBe(0);
    expect(await bench.db.query('SELECT kind FROM notices')).toHaveLength(1);
  });

  it('is given up after two days, and one that was never due is not sent late', async () => {
    await setMail();
    await wish();
    now = MONDAY;
    mail.faults.push({ to: 'DATA', answer: '421 4.3.2 Going down' });
    await round();
    now += 3 * DAY;
    expect(await round()).toBe(0);
    expect((await view()).trouble.isOver).toBe(true);
    expect(mail.taken).toEqual([]);
  });

  it('that nobody knows of is repeated once at most, and says so', async () => {
    await setMail();
    await wish();
    now = MONDAY;
    // Whoever sent it was killed before that was noted.
    await round();
    const killed = { state: 'sending', mayRepeat: 0, sendingAt: now };
    await bench.db.write([bench.db.build.updateTable('digests').set(killed)]);
    expect(await round()).toBe(0);
    now += 11 * MINUTE;
    mail.faults.push('takenThenCut');
    expect(await round()).toBe(0);
    expect(mail.taken[1]?.text).toContain('This may have reached you already');
    for (let hour = 0; hour < 60; hour += 1) {
      now += HOUR;
      await round();
    }
    expect(mail.taken).toHaveLength(2);
    expect(await row()).toMatchObject({ state: 'failed' });
    now = MONDAY + 7 * DAY;
    expect(await round()).toBe(1);
  });

  it('is off without a mail server, and says why; whoever left gets none', async () => {
    await wish();
    now = MONDAY;
    expect(await round()).toBe(0);
    expect(await view()).toMatchObject({ whyNot: expect.stringContaining('No mail server'), nextAt: null });
    const refused = await call('POST', '/api/digest/send');
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.NO_MAIL_SERVER']);
    await setMail();
    await bench.db.write([{ sql: `UPDATE users SET "disabledAt" = 1 WHERE role = 'admin'`, params: [] }]);
    expect(await round()).toBe(0);
    await bench.db.write([{ sql: `UPDATE users SET "disabledAt" = NULL`, params: [] }]);
    expect(await round()).toBe(1);
  });
});

describe('one’s own digest', () => {
  it('is what is chosen, written as it would be sent, and masked for viewers', async () => {
    await setMail();
    await unread('i1', 8);
    await unread('i2', 8, '1002');
    const group = { ...SEEN, accountId: ACCOUNT, appId: APP, name: 'Friends of quokka@example.org' };
    await bench.db.write([
      bench.db.build.insertInto('betaGroups').values({
        ...{ ...group, id: 'g1', publicLinkEnabled: 1, publicLinkLimitEnabled: 1, publicLinkLimit: 100 },
        ...{ isInternalGroup: 0, testerCount: 95 },
      }),
    ]);
    const preview = async (as: 'viewer' | 'admin') =>
      (await call('GET', '/api/digest/preview', { as })).body.data;
    expect((await preview('admin')).html).toContain('quokka@example.org');
    const { text, html } = await preview('viewer');
    for (const part of [text, html]) {
      expect(part).not.toContain('quokka@example.org');
      expect(part).toContain('q•••@example.org');
    }
    await wish({ apps: [{ accountId: ACCOUNT, appId: '1002' }] }, 'viewer');
    const chosen = await preview('viewer');
    expect(chosen.text).toContain('Mullein');
    expect(chosen.text).not.toContain('Papaya');
    now = MONDAY;
    expect(await round()).toBe(1);
    expect(mail.taken[0]?.text).toContain(`Subject: ${chosen.subject}`);
    expect(JSON.stringify(await row())).not.toContain('quokka@');
  });

  it('is sent on wish, a few times, without a change to the one of the week', async () => {
    await setMail();
    await wish();
    now = MONDAY - HOUR;
    const sent = await call('POST', '/api/digest/send', { as: 'admin' });
    expect(sent.body.data.words).toMatch(/took it for admin@example.com/);
    mail.faults.push({ to: 'RCPT', answer: '550 5.1.1 No such user' });
    const refused = await call('POST', '/api/digest/send');
    expect([refused.status, refused.body.errors[0].detail]).toEqual([
      422,
      expect.stringContaining('No such user'),
    ]);
    for (let nth = 0; nth < 3; nth += 1) await call('POST', '/api/digest/send');
    expect((await call('POST', '/api/digest/send')).status).toBe(429);
    mail.taken.length = 0;
    now = MONDAY;
    expect(await round()).toBe(1);
  });

  it('is refused with what is wrong, and stands in the activity', async () => {
    for (const [wrong, pointer] of [
      [{ weekday: 7 }, '/weekday'],
      [{ hour: 24 }, '/hour'],
      [{ timeZone: 'Mars/Olympus' }, '/timeZone'],
      [{ apps: [] }, '/apps'],
    ] as const) {
      const { status, body } = await call('PUT', '/api/digest', { body: { ...MINE, ...wrong } });
      expect([status, body.errors[0].source]).toEqual([400, { pointer }]);
    }
    await wish();
    await wish({ hour: 10 });
    await wish({ isOn: false });
    const { body } = await call('GET', '/api/activity?about=health');
    const said = body.data.map(({ sentence }: { sentence: (string | { name: string })[] }) =>
      sentence.join(''),
    );
    expect(said.slice(0, 3)).toEqual([
      'switched off their weekly digest',
      'changed their weekly digest',
      'switched on their weekly digest',
    ]);
  });
});
