import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rotateWrappingKey, storedSecrets } from '@/lib/access/key-store';
import type { Role } from '@/lib/access/policy';
import { ALERT_KIND_NAMES, type AlertKind, alertWords } from '@/lib/format/alerts';
import { forgetTold, lookForFacts } from '@/lib/services/alerting/look';
import { sendAlerts } from '@/lib/services/alerting/send';
import { alertsErased, alertsOf as alertsOfPerson } from '@/lib/services/person/alerts';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';
import { type FakeMailServer, fakeMailServer } from '@/tests/fakes/smtp';
import { type FakeTracker, fakeTracker, SECRET } from '@/tests/fakes/trackers';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.parse('2026-03-10T12:00:00Z');
const TESTER = 'quokka.vexillum@example.org';
const APP = '1001';
const never = new AbortController().signal;

/** When the account was connected. */
const CONNECTED = START - 30 * DAY;
let now = START;
let bench: ApiBench;
let mail: FakeMailServer;
const fakes: FakeTracker[] = [];

beforeAll(async () => {
  bench = await apiBench({ isMirrored: false, clock: { now: () => now, sleep: async () => undefined } });
  mail = await fakeMailServer({ login: { name: 'fd', password: 'of-the-mail' } });
  await bench.db.write([
    bench.db.build.insertInto('apps').values({ ...SEEN, id: APP, accountId: ACCOUNT, name: 'Papaya' }),
    bench.db.build.updateTable('Account').set({ createdAt: CONNECTED }),
  ]);
});
beforeEach(() => {
  now = START;
});
afterEach(async () => {
  for (const fake of fakes.splice(0)) await fake.close();
  mail.taken.length = 0;
  mail.faults.length = 0;
  const tables = [
    'alertRules',
    'alertMarks',
    'alertSendings',
    'alertSettings',
    'channelTroubles',
    'mailServers',
  ];
  tables.push(
    'notices',
    'connectors',
    'builds',
    'buildEvents',
    'buildGroups',
    'buildDays',
    'betaGroups',
    'linkDays',
  );
  tables.push('groupDays', 'issues', 'feedback', 'jobs', 'syncRuns', 'betaTesterCounts', 'betaTesters');
  tables.push('betaGroupTesters');
  await bench.db.write([
    ...tables.map((table) => ({ sql: `DELETE FROM "${table}"`, params: [] })),
    { sql: `DELETE FROM settings WHERE key = 'alertsLookedAt'`, params: [] },
    { sql: `UPDATE "Account" SET status = 'ok', "statusAt" = NULL`, params: [] },
    { sql: `UPDATE users SET "disabledAt" = NULL`, params: [] },
  ]);
});
afterAll(async () => {
  await mail.close();
  await bench.close();
});

const SEEN = { document: '{}', generation: 1, fetchedAt: START };
const iso = (at: number) => new Date(at).toISOString();
const day = (at: number) => iso(at).slice(0, 10);
const worker = () => bench.app.ctx({ kind: 'system', name: 'worker' }, 'alerts');
const insert = (table: string, ...rows: object[]) =>
  bench.db.write([bench.db.build.insertInto(table as 'builds').values(rows as never)]);
const change = (table: string, set: object) =>
  bench.db.write([bench.db.build.updateTable(table as 'builds').set(set as never)]);

/** A call in a session that has not ended, whatever the clock was set to. */
async function call(...[method, path, options]: Parameters<ApiBench['call']>): ReturnType<ApiBench['call']> {
  await change('sessions', { lastSeenAt: now, createdAt: now, expiresAt: now + DAY });
  return bench.call(method, path, options);
}

/** One round of the worker. */
async function round(): Promise<void> {
  await lookForFacts(worker(), 'test');
  await sendAlerts(worker(), never);
}

const mailForm = () => ({
  ...{ host: '127.0.0.1', port: mail.port, security: 'none', isInternal: true, login: 'fd' },
  ...{ password: 'of-the-mail', fromAddress: 'flightdeck@example.com', fromName: 'Flightdeck' },
});

async function setMail(): Promise<void> {
  const { status, body } = await call('PUT', '/api/channels/mail', { body: mailForm() });
  expect([status, body.errors]).toEqual([200, undefined]);
}

async function messenger(
  kind: 'slack' | 'teams' | 'webhook',
): Promise<{ fake: FakeTracker; channel: string; id: string }> {
  const fake = await fakeTracker(kind);
  fakes.push(fake);
  const isAddress = kind !== 'webhook';
  const { status, body } = await call('POST', '/api/connectors', {
    body: {
      ...{
        kind,
        name: `Our ${kind}`,
        isInternal: true,
        takesAlerts: true,
        title: '{{title}}',
        body: '{{comment}}',
      },
      ...{ baseUrl: isAddress ? '' : fake.url, secret: isAddress ? `${fake.url}/hook` : SECRET },
    },
  });
  expect([status, body.errors]).toEqual([201, undefined]);
  return { fake, id: body.data.id, channel: `connector/${body.data.id}` };
}

async function rule(kind: AlertKind, more: object = {}, as: Role = 'manager'): Promise<string> {
  const { threshold, sessions } = alertWords(kind);
  const { status, body } = await call('POST', '/api/alerts', {
    as,
    body: {
      ...{ kind, app: null, channels: ['bell'], isEnabled: true },
      ...{ threshold: threshold?.usual ?? null, least: sessions?.usual ?? null },
      ...more,
    },
  });
  expect([status, body.errors]).toEqual([201, undefined]);
  return body.data.id;
}

const alertsOf = async (as: Role = 'manager') => (await call('GET', '/api/alerts', { as })).body.data;
const bellOf = async (as: Role = 'manager'): Promise<string[]> =>
  (await call('GET', '/api/notices', { as })).body.data.notices.map(({ about }: { about: string }) => about);
const sendings = () =>
  bench.db.query<{ channel: string; state: string; attempts: number; trouble: string; mayRepeat: number }>(
    'SELECT * FROM alertSendings ORDER BY at, id',
  );

const build = (id: string, more: object = {}) => ({
  ...{ ...SEEN, accountId: ACCOUNT, appId: APP, id, version: '7', trainVersion: '1.4', platform: 'IOS' },
  ...{ uploadedDate: iso(START - DAY), processingState: 'PROCESSING', expired: 0 },
  ...more,
});
const group = (id: string, more: object = {}) => ({
  ...{ ...SEEN, accountId: ACCOUNT, appId: APP, id, name: 'Hackathon', isInternalGroup: 0 },
  ...more,
});
const crash = (id: string, more: object = {}) => ({
  ...{ id, accountId: ACCOUNT, appId: APP, kind: 'crash', title: '', number: 12, crashKind: 'BAD_ACCESS' },
  ...{ topFrame: `write to ${TESTER}`, status: 'new', reportCount: 3, testerCount: 2, createdAt: now },
  ...{ updatedAt: now, firstDate: iso(now - MINUTE), lastDate: iso(now - MINUTE) },
  ...more,
});

/** How each kind comes about, what it says, and where it leads. */
const KINDS: Readonly<
  Record<
    AlertKind,
    { happens: () => Promise<unknown>; says: string; leads: string; before?: () => Promise<unknown> }
  >
> = {
  buildProcessed: {
    before: () => insert('builds', build('b1')),
    happens: () => change('builds', { processingState: 'VALID', fetchedAt: now }),
    says: 'Papaya iOS 1.4 (7) is processed',
    leads: `/apps/${APP}/builds/b1`,
  },
  buildFailed: {
    // It was never seen otherwise.
    happens: () => insert('builds', build('b1', { processingState: 'INVALID', uploadedDate: iso(now - 1) })),
    says: 'Papaya iOS 1.4 (7) is invalid',
    leads: `/apps/${APP}/builds/b1`,
  },
  buildApproved: {
    before: () => insert('builds', build('b1', { betaReviewState: 'IN_REVIEW' })),
    happens: () => change('builds', { betaReviewState: 'APPROVED', fetchedAt: now }),
    says: 'Beta review approved Papaya iOS 1.4 (7)',
    leads: `/apps/${APP}/builds/b1`,
  },
  buildRejected: {
    before: () => insert('builds', build('b1', { betaReviewState: 'IN_REVIEW' })),
    happens: () => change('builds', { betaReviewState: 'REJECTED', fetchedAt: now }),
    says: 'Beta review rejected Papaya iOS 1.4 (7)',
    leads: `/apps/${APP}/builds/b1`,
  },
  buildExpiring: {
    before: async () => {
      const tested = { processingState: 'VALID', externalBuildState: 'IN_BETA_TESTING' };
      const end = START + 7 * DAY + 30 * MINUTE;
      await insert('builds', build('b1', { ...tested, expirationDate: iso(end) }));
      // Of another platform, and one that another has replaced: neither is told.
      await insert(
        'builds',
        build('b2', { ...tested, platform: 'MAC_OS', expirationDate: iso(end + 9 * DAY) }),
      );
      await insert('builds', build('b0', { ...tested, platform: 'MAC_OS', expirationDate: iso(end) }));
      await insert(
        'buildGroups',
        ...['b0', 'b1', 'b2'].map((buildId) => ({
          accountId: ACCOUNT,
          appId: APP,
          groupId: 'g',
          buildId,
          fetchedAt: 1,
        })),
      );
    },
    happens: async () => undefined,
    says: 'Papaya iOS 1.4 (7) expires in 7 days',
    leads: `/apps/${APP}/builds/b1`,
  },
  crashFreeBelow: {
    before: () => insert('builds', build('b1', { sessionCount: 40, crashCount: 30 })),
    happens: () => change('builds', { sessionCount: 100, crashCount: 30 }),
    says: 'Papaya iOS 1.4 (7): 70% of sessions are free of crashes',
    leads: `/apps/${APP}/builds/b1`,
  },
  shipWaiting: {
    before: () =>
      insert('jobs', {
        ...{
          id: 'j1',
          accountId: ACCOUNT,
          appId: APP,
          kind: 'ship',
          title: 'Ship 1.4 (7)',
          status: 'running',
        },
        ...{ params: '{}', createdAt: now, updatedAt: now },
      }),
    happens: () =>
      insert('notices', { id: 'n1', userId: 'x', kind: 'approval', jobId: 'j1', createdAt: now }),
    says: 'Papaya: Ship 1.4 (7) waits until a second person approves',
    leads: '/jobs/j1',
  },
  slotsAbove: {
    before: () =>
      insert(
        'betaGroups',
        group('g1', {
          publicLinkEnabled: 1,
          publicLinkLimitEnabled: 1,
          publicLinkLimit: 100,
          testerCount: 89,
        }),
      ),
    happens: () => change('betaGroups', { testerCount: 90 }),
    says: 'The public link of Hackathon (Papaya) has 90 of 100 places taken',
    leads: `/apps/${APP}/groups/g1?tab=link`,
  },
  linkClosed: {
    before: () =>
      insert('betaGroups', group('g1', { publicLinkEnabled: 1 }), group('g2', { publicLinkEnabled: 0 })),
    happens: () => change('betaGroups', { publicLinkEnabled: 0 }),
    says: 'The public link of Hackathon (Papaya) is switched off',
    leads: `/apps/${APP}/groups/g1?tab=link`,
  },
  testersNear: {
    before: () => insert('betaGroups', group('g1')),
    happens: async () => {
      const ids = Array.from({ length: 100 }, (_, n) => `t${n}`);
      for (const id of ids) {
        await insert('betaTesters', {
          ...SEEN,
          accountId: ACCOUNT,
          appId: APP,
          id,
          email: `${id}@example.com`,
        });
        await insert('betaGroupTesters', {
          accountId: ACCOUNT,
          groupId: 'g1',
          testerId: id,
          appId: APP,
          fetchedAt: 1,
        });
      }
    },
    says: 'Papaya has 100 of 10,000 external testers',
    leads: `/apps/${APP}/testers/prune`,
  },
  newCrash: {
    happens: async () => {
      // One whose last report is old is history that is taken in.
      const old = crash('i0', { number: 11, lastDate: iso(now - 9 * DAY) });
      // So is one that still comes in, and that there was before the account was connected.
      await insert('issues', crash('i1'), old, crash('i2', { number: 13, firstDate: iso(CONNECTED - HOUR) }));
    },
    says: 'New crash in Papaya: Bad memory access',
    leads: '/issues/i1',
  },
  regressedCrash: {
    before: () => insert('issues', crash('i1', { status: 'resolved' })),
    happens: () => change('issues', { status: 'new', regressedAt: now }),
    says: 'Back in Papaya: Bad memory access',
    leads: '/issues/i1',
  },
  issueAbove: {
    before: () => insert('issues', crash('i1', { createdAt: START - 9 * DAY })),
    happens: () =>
      insert(
        'feedback',
        ...Array.from({ length: 11 }, (_, n) => ({
          ...{ ...SEEN, accountId: ACCOUNT, appId: APP, id: `f${n}`, type: 'betaFeedbackCrashSubmissions' },
          ...{ issueId: 'i1', createdDate: iso(now - 1_000 + n) },
        })),
      ),
    says: `More than 10 reports of one crash of Papaya on ${day(START)}: Bad memory access`,
    leads: '/issues/i1',
  },
  feedbackUnread: {
    before: () =>
      insert('issues', crash('i1', { createdAt: 1, firstDate: iso(START - 7 * DAY + 30 * MINUTE) })),
    happens: async () => undefined,
    says: 'Papaya has feedback that has been new for 7 days',
    leads: `/apps/${APP}/feedback`,
  },
  syncFailing: {
    before: () =>
      insert('syncRuns', {
        ...{ id: 's1', accountId: ACCOUNT, mode: 'full', status: 'succeeded', trigger: 'schedule' },
        ...{ startedAt: START, updatedAt: START, finishedAt: START },
      }),
    happens: () =>
      insert('syncRuns', {
        ...{ id: 's2', accountId: ACCOUNT, mode: 'full', status: 'failed', trigger: 'schedule' },
        ...{ startedAt: now, updatedAt: now, finishedAt: now, error: 'App Store Connect is down.' },
      }),
    says: 'Sandbox could not be synced for',
    leads: '/settings/keys',
  },
  keyRefused: {
    happens: () => change('Account', { status: 'unauthorized', statusAt: now }),
    says: 'The key of Sandbox is refused',
    leads: '/settings/keys',
  },
};

describe('each kind of alert', () => {
  it.each(ALERT_KIND_NAMES)('%s is told once, when it happens, by mail with its next step', async (kind) => {
    const { before, happens, says, leads } = KINDS[kind];
    await setMail();
    await before?.();
    await rule(kind, {
      channels: ['bell', 'mail'],
      ...(kind === 'testersNear' ? { threshold: 1 } : {}),
    });
    await round();
    expect(mail.taken).toEqual([]);
    now += HOUR;
    await happens();
    await round();
    expect(mail.taken).toHaveLength(1);
    const [taken] = mail.taken;
    const text = taken?.text.replace(/\n/g, ' ') ?? '';
    expect(text).toContain(says);
    expect(text).toContain(`http://127.0.0.1:3000${leads}`);
    expect(taken?.to).toEqual(['manager@example.com']);
    const [notice] = (await call('GET', '/api/notices', { as: 'manager' })).body.data.notices.filter(
      (one: { kind: string }) => one.kind === 'alert',
    );
    expect([notice.about, notice.path]).toEqual([expect.stringContaining(says), leads]);
    // However often it is looked at, and after a restart that forgot when it last looked.
    for (const step of [5 * MINUTE, HOUR, DAY]) {
      now += step;
      await round();
    }
    expect(mail.taken.filter(({ text: each }) => each.replace(/\n/g, ' ').includes(says))).toHaveLength(1);
    // What the look back says is what was sent.
    const { body } = await call('GET', '/api/alerts/preview', { as: 'manager' });
    if (kind !== 'linkClosed')
      expect(body.data.facts.map(({ title }: { title: string }) => title).join()).toContain(says);
  });

  it('is told again only after it was back', async () => {
    await insert(
      'betaGroups',
      group('g1', { publicLinkEnabled: 1, publicLinkLimitEnabled: 1, publicLinkLimit: 100, testerCount: 95 }),
    );
    await rule('slotsAbove');
    const counts = [95, 99, 95, 50, 92, 93];
    for (const testerCount of counts) {
      await change('betaGroups', { testerCount });
      now += HOUR;
      await round();
    }
    expect(await bellOf()).toEqual([
      'The public link of Hackathon (Papaya) has 92 of 100 places taken',
      'The public link of Hackathon (Papaya) has 95 of 100 places taken',
    ]);
  });

  it('of a build that ends is told at once where it is near already: to a new rule, or as what replaced it is gone', async () => {
    const tested = { processingState: 'VALID', externalBuildState: 'IN_BETA_TESTING' };
    await insert(
      'builds',
      build('old', { ...tested, expirationDate: iso(START + 3 * DAY) }),
      build('next', { ...tested, version: '8', expirationDate: iso(START + 60 * DAY) }),
    );
    const given = { accountId: ACCOUNT, appId: APP, groupId: 'g', fetchedAt: 1 };
    await insert('buildGroups', { ...given, buildId: 'old' }, { ...given, buildId: 'next' });
    await rule('buildExpiring');
    await round();
    expect(await bellOf()).toEqual([]);
    now += MINUTE;
    await bench.db.write([
      bench.db.build
        .updateTable('builds')
        .set({ externalBuildState: 'EXPIRED', expired: 1, fetchedAt: now })
        .where('id', '=', 'next'),
    ]);
    await round();
    now += DAY;
    await rule('buildExpiring', {}, 'viewer');
    await round();
    now += HOUR;
    await round();
    expect(await bellOf()).toEqual(['Papaya iOS 1.4 (7) expires in 3 days']);
    expect(await bellOf('viewer')).toEqual(['Papaya iOS 1.4 (7) expires in 2 days']);
  });

  it('of a ship is told where it cannot go on without somebody, with why, and not where somebody paused it', async () => {
    const ship = (id: string, more: object) => ({
      ...{ id, accountId: ACCOUNT, appId: APP, kind: 'ship', title: `Ship ${id}`, params: '{}' },
      ...{ createdAt: now, updatedAt: now, ...more },
    });
    await setMail();
    await rule('shipWaiting', { channels: ['mail'] });
    now += MINUTE;
    await insert(
      'jobs',
      ship('parked', { status: 'parked', error: 'The worker ended 3 times in a row.' }),
      ship('held', { status: 'paused', error: 'The group is gone.', hold: '{"kind":"gone"}' }),
      ship('waived', { status: 'paused', hold: '{"kind":"gone","isWaived":true}' }),
      ship('paused', { status: 'paused' }),
    );
    await round();
    const [taken] = mail.taken;
    const text = taken?.text.replace(/=?\n/g, ' ') ?? '';
    for (const said of [
      'Ship parked is stopped until somebody resumes it The worker ended 3 times in a row.',
      'Ship held is held until somebody decides The group is gone.',
    ])
      expect(text).toContain(said);
    for (const unsaid of ['Ship waived', 'Ship paused']) expect(text).not.toContain(unsaid);
  });

  it('is of the apps that it is for, and of nothing that happened before', async () => {
    await insert('builds', build('b1', { betaReviewState: 'IN_REVIEW' }));
    await change('builds', { betaReviewState: 'APPROVED', fetchedAt: now });
    await insert('apps', { ...SEEN, id: '1002', accountId: ACCOUNT, name: 'Quince' });
    now += MINUTE;
    await rule('buildApproved', { app: { appId: '1002' } });
    now += MINUTE;
    await insert(
      'builds',
      build('b2', { appId: '1002', betaReviewState: 'IN_REVIEW' }),
      build('b3', { betaReviewState: 'IN_REVIEW' }),
    );
    await change('builds', { betaReviewState: 'APPROVED', fetchedAt: now });
    await round();
    expect(await bellOf()).toEqual(['Beta review approved Quince iOS 1.4 (7)']);
    await bench.db.write([{ sql: `DELETE FROM apps WHERE id = '1002'`, params: [] }]);
  });
});

describe('what is sent', () => {
  const approve = async (...ids: string[]) => {
    await insert('builds', ...ids.map((id) => build(id, { version: id, betaReviewState: 'IN_REVIEW' })));
    await bench.db.write([
      bench.db.build
        .updateTable('builds')
        .set({ betaReviewState: 'APPROVED', fetchedAt: now })
        .where('id', 'in', ids),
    ]);
  };

  it('is one message where there is much at once, and what follows at once waits a little', async () => {
    await setMail();
    await rule('buildApproved', { channels: ['bell', 'mail'] });
    now += MINUTE;
    await approve('1', '2', '3', '4', '5', '6', '7');
    await round();
    expect(mail.taken).toHaveLength(1);
    expect(mail.taken[0]?.text.replace(/\n /g, ' ')).toContain('7 alerts');
    expect(await bellOf()).toEqual([expect.stringMatching(/^7 alerts: .* and 6 more$/)]);
    now += MINUTE;
    await approve('8');
    await round();
    expect(mail.taken).toHaveLength(1);
    now += 2 * MINUTE;
    await round();
    expect(mail.taken).toHaveLength(2);
  });

  it('waits for the end of quiet hours, through both changes of daylight saving, and a clock set back', async () => {
    await setMail();
    // Berlin: 2026-03-29 has no 02:30; 2026-10-25 has two.
    for (const [begin, end] of [
      ['2026-03-28T23:30:00Z', '2026-03-29T05:00:00Z'],
      ['2026-10-24T23:30:00Z', '2026-10-25T06:00:00Z'],
    ] as const) {
      now = Date.parse(begin) - HOUR;
      await change('alertRules', { since: now });
      const quiet = { timeZone: 'Europe/Berlin', isQuiet: true, quietFrom: '22:00', quietTo: '07:00' };
      expect((await call('PUT', '/api/alerts/quiet', { as: 'manager', body: quiet })).status).toBe(200);
      if ((await alertsOf()).rules.length === 0) await rule('buildApproved', { channels: ['bell', 'mail'] });
      now = Date.parse(begin);
      const before = mail.taken.length;
      await approve(`night-${begin}`);
      await round();
      // The bell makes no noise.
      expect((await bellOf())[0]).toContain(`night-${begin}`);
      now = Date.parse(end) - 1_000;
      await approve(`later-${begin}`);
      await round();
      expect(mail.taken).toHaveLength(before);
      now = Date.parse(end) + 1_000;
      await round();
      expect(mail.taken).toHaveLength(before + 1);
      expect(mail.taken.at(-1)?.text).toContain(`later-${begin}`);
      // An hour back, and on again: nothing is sent twice, and what is new is sent.
      now -= HOUR;
      await round();
      now += HOUR + 5 * MINUTE;
      await approve(`day-${begin}`);
      await round();
      expect(mail.taken).toHaveLength(before + 2);
    }
  });

  it('is tried again after a failure that is seen, and lost by nothing', async () => {
    await setMail();
    await rule('buildApproved', { channels: ['mail'] });
    now += MINUTE;
    mail.faults.push({ to: 'DATA', answer: '451 4.3.0 Come again' });
    await approve('1');
    await round();
    expect((await sendings())[0]).toMatchObject({
      state: 'pending',
      attempts: 1,
      trouble: expect.stringContaining('Come again'),
    });
    const list = (await call('GET', '/api/channels')).body.data;
    expect(list.troubles).toMatchObject([
      { channel: 'mail', waiting: 1, trouble: expect.stringContaining('Come again') },
    ]);
    expect(await bellOf('admin')).toEqual([expect.stringMatching(/^E-mail does not work: .*Come again/)]);
    expect((await alertsOf()).troubles).toMatchObject([{ channel: 'mail' }]);
    await round();
    expect(mail.taken).toEqual([]);
    now += 5 * MINUTE;
    await round();
    expect(mail.taken).toHaveLength(1);
    expect(mail.taken[0]?.text).not.toContain('before');
    expect((await call('GET', '/api/channels')).body.data.troubles).toEqual([]);
    expect((await alertsOf()).told).toMatchObject([{ state: 'sent', trouble: null }]);
  });

  it('of which nobody knows whether it arrived is sent once more at most, and says so', async () => {
    await setMail();
    await rule('buildApproved', { channels: ['mail'] });
    now += MINUTE;
    await approve('1');
    mail.faults.push('takenThenCut', 'takenThenCut');
    for (let nth = 0; nth < 4; nth += 1) {
      await round();
      now += HOUR;
    }
    expect(mail.taken).toHaveLength(2);
    expect(mail.taken[0]?.text).not.toContain('had this message before');
    expect(mail.taken[1]?.text.replace(/\n/g, ' ')).toContain('You may have had this message before');
    const ids = mail.taken.map(({ text }) => /^Message-ID: (.*)$/m.exec(text)?.[1]);
    expect(ids[0]).toBe(ids[1]);
    expect((await sendings())[0]).toMatchObject({
      state: 'failed',
      trouble: expect.stringContaining('may have arrived'),
    });
  });

  it('is sent once more, and says so, where a process was killed between sending and noting it', async () => {
    await setMail();
    await rule('buildApproved', { channels: ['mail'] });
    now += MINUTE;
    await approve('1');
    await round();
    // The mail is out, and the process was killed before it could note that.
    const killed = () => change('alertSendings', { state: 'sending', sendingAt: now, doneAt: null });
    await killed();
    await round();
    expect(mail.taken).toHaveLength(1);
    now += 3 * MINUTE;
    await round();
    expect(mail.taken).toHaveLength(2);
    expect(mail.taken[1]?.text.replace(/\n/g, ' ')).toContain('You may have had this message before');
    await killed();
    now += 3 * MINUTE;
    await round();
    now += DAY;
    await round();
    expect(mail.taken).toHaveLength(2);
    expect((await sendings())[0]).toMatchObject({
      state: 'failed',
      trouble: expect.stringContaining('twice'),
    });
  });

  it('is held up by no other channel: a Slack address that is gone, and a mailbox that is none', async () => {
    await setMail();
    const { fake, channel, id } = await messenger('slack');
    await rule('buildApproved', { channels: ['mail', channel] });
    await rule('buildApproved', { channels: ['mail'] }, 'viewer');
    now += MINUTE;
    fake.down = 404;
    mail.faults.push({ to: 'RCPT', answer: '550 5.1.1 No such user' });
    await approve('1');
    await round();
    expect(mail.taken).toHaveLength(1);
    const list = (await call('GET', '/api/channels')).body.data;
    expect(list.troubles).toMatchObject([
      { channel, waiting: 1, trouble: expect.stringContaining('knows no such address') },
    ]);
    expect(await bellOf('admin')).toEqual([expect.stringContaining('Our slack does not work')]);
    // Whose mailbox it is is told, and nobody else.
    const told = mail.taken[0]?.to[0] === 'viewer@example.com' ? 'manager' : 'viewer';
    expect(await bellOf(told)).toEqual([expect.stringContaining('E-mail to you does not work')]);
    fake.down = null;
    expect((await call('POST', '/api/channels/retry', { body: { channel } })).status).toBe(202);
    await round();
    expect(fake.issues).toHaveLength(1);
    // One that was taken out of use is sent nothing more.
    expect((await call('DELETE', `/api/connectors/${id}`)).status).toBe(204);
    now += 10 * MINUTE;
    await approve('2');
    await round();
    expect(fake.issues).toHaveLength(1);
  });

  it('is told once in a channel of the team, whoever wants it, signed where it is a webhook', async () => {
    for (const [nth, kind] of (['slack', 'teams', 'webhook'] as const).entries()) {
      const { fake, channel } = await messenger(kind);
      await rule('newCrash', { channels: [channel] });
      await rule('newCrash', { channels: [channel] }, 'admin');
      now += MINUTE;
      await insert('issues', crash(`i-${kind}`, { number: nth }));
      await round();
      expect(fake.writes).toHaveLength(1);
      const [write] = fake.writes;
      // Nobody knows who reads there: no tester's address.
      expect(write?.body).not.toContain(TESTER);
      expect(write?.body).toContain('q•••@example.org');
      if (kind === 'webhook') {
        const [, seconds, signature] =
          /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(write?.headers['flightdeck-signature'])) ?? [];
        expect(signature).toBe(
          createHmac('sha256', SECRET).update(`${seconds}.${write?.body}`).digest('hex'),
        );
        expect(JSON.parse(write?.body ?? '{}')).toMatchObject({
          mayRepeat: false,
          alerts: [
            { kind: 'newCrash', level: 'bad', app: 'Papaya', link: `http://127.0.0.1:3000/issues/i-${kind}` },
          ],
        });
      }
      now += HOUR;
    }
  });

  describe('in a channel of the team, while one person rests', () => {
    /** A webhook, and what it was told: of each message the numbers of builds. */
    async function told() {
      const { fake, channel } = await messenger('webhook');
      const messages = () =>
        fake.writes.map(({ body }) =>
          JSON.parse(body)
            .alerts.map(({ title }: { title: string }) => /\((.*)\)/.exec(title)?.[1])
            .toSorted(),
        );
      return { fake, channel, messages };
    }
    const rest = async (as: Role) => {
      const quiet = { timeZone: 'UTC', isQuiet: true, quietFrom: '12:00', quietTo: '19:00' };
      expect((await call('PUT', '/api/alerts/quiet', { as, body: quiet })).status).toBe(200);
    };
    const reject = async (id: string) => {
      await insert('builds', build(id, { version: id, betaReviewState: 'IN_REVIEW' }));
      await bench.db.write([
        bench.db.build
          .updateTable('builds')
          .set({ betaReviewState: 'REJECTED', fetchedAt: now })
          .where('id', '=', id),
      ]);
    };

    it.each(['older', 'newer'])(
      'waits what they alone wanted, the %s, and nothing of others',
      async (age) => {
        const { channel, messages } = await told();
        await rest('manager');
        await rule('buildApproved', { channels: [channel] }, 'manager');
        await rule('buildRejected', { channels: [channel] }, 'admin');
        const both = [() => approve('theirs'), () => reject('other')];
        for (const happens of age === 'older' ? both : both.toReversed()) {
          now += MINUTE;
          await happens();
        }
        await round();
        expect(messages()).toEqual([['other']]);
        now = START + 7 * HOUR + MINUTE;
        await round();
        expect(messages()).toEqual([['other'], ['theirs']]);
      },
    );

    it.each([
      ['manager', 'admin'],
      ['admin', 'manager'],
    ] as const)('goes out what another wants told as well: %s first', async (...people) => {
      const { channel, messages } = await told();
      await rest('manager');
      for (const as of people) await rule('buildApproved', { channels: [channel] }, as);
      now += MINUTE;
      await approve('1');
      await round();
      expect(messages()).toEqual([['1']]);
    });

    it('stays a repeat the message that it was', async () => {
      const { fake, channel, messages } = await told();
      await rule('buildApproved', { channels: [channel] }, 'manager');
      await rule('buildRejected', { channels: [channel] }, 'admin');
      now += MINUTE;
      await approve('1');
      await reject('2');
      await round();
      await change('alertSendings', { state: 'sending', sendingAt: now, doneAt: null });
      await rest('manager');
      now += 3 * MINUTE;
      await round();
      expect(messages()).toEqual([
        ['1', '2'],
        ['1', '2'],
      ]);
      expect(new Set(fake.writes.map(({ headers }) => headers['flightdeck-delivery'])).size).toBe(1);
    });
  });

  it('shows a viewer no address, in the mail, the bell and the page', async () => {
    await setMail();
    await rule('newCrash', { channels: ['bell', 'mail'] }, 'viewer');
    await rule('newCrash', { channels: ['bell', 'mail'] }, 'triager');
    now += MINUTE;
    await insert('issues', crash('i1'));
    await round();
    const textTo = (to: string) =>
      mail.taken.find((one) => one.to.includes(to))?.text.replace(/=?\n/g, '') ?? '';
    expect(textTo('triager@example.com')).toContain(TESTER);
    expect(textTo('viewer@example.com')).not.toContain(TESTER);
    for (const path of ['/api/alerts', '/api/notices', '/api/alerts/preview']) {
      const { status, text } = await call('GET', path, { as: 'viewer' });
      expect([status, text.includes(TESTER), text.includes('q•••@example.org')]).toEqual([200, false, true]);
    }
  });

  it('goes to nobody whose account is closed, or whose role may not see it', async () => {
    await setMail();
    expect(
      (
        await call('POST', '/api/alerts', {
          as: 'viewer',
          body: {
            kind: 'shipWaiting',
            app: null,
            channels: ['bell'],
            isEnabled: true,
            threshold: null,
            least: null,
          },
        })
      ).body.errors[0],
    ).toMatchObject({ status: '400', source: { pointer: '/kind' } });
    await rule('shipWaiting', { channels: ['bell', 'mail'] }, 'triager');
    await rule('buildApproved', { channels: ['mail'] }, 'manager');
    now += MINUTE;
    await KINDS.shipWaiting.before?.();
    await KINDS.shipWaiting.happens();
    await change('users', { role: 'viewer' });
    await approve('1');
    await lookForFacts(worker(), 'test');
    await change('users', { disabledAt: now });
    await sendAlerts(worker(), never);
    expect(mail.taken).toEqual([]);
    expect(await sendings()).toMatchObject([
      { channel: 'mail', state: 'failed', trouble: expect.stringContaining('closed') },
    ]);
    for (const [role, user] of Object.entries(bench.users))
      await bench.db.write([bench.db.build.updateTable('users').set({ role }).where('id', '=', user.id)]);
  });

  it('is forgotten after ninety days, and not told again then', async () => {
    await rule('buildApproved');
    now += MINUTE;
    await approve('1');
    await round();
    now += 91 * DAY;
    await forgetTold(worker());
    expect(await sendings()).toEqual([]);
    await round();
    expect(await bellOf()).toEqual([]);
  });
});

describe('channels', () => {
  it('tell what the other side said, and keep their password to themselves', async () => {
    const test = (body: object) => call('POST', '/api/channels/mail/test', { body });
    const tried = await test(mailForm());
    expect(tried.body.data.words).toMatch(/took a message for admin@example.com and said: 250 .*queued/);
    expect(mail.taken).toHaveLength(1);
    expect((await test({ ...mailForm(), password: 'wrong' })).body.errors[0]).toMatchObject({
      status: '422',
      detail: expect.stringContaining('does not take this name and password'),
    });
    mail.faults.push({ to: 'RCPT', answer: '451 4.7.1 Greylisted' });
    expect((await test(mailForm())).status).toBe(502);
    await setMail();
    const list = await call('GET', '/api/channels');
    expect(list.body.data.mail).toMatchObject({ host: '127.0.0.1', login: 'fd', hasPassword: true });
    const kept = JSON.stringify([
      await bench.db.query('SELECT * FROM mailServers'),
      await bench.db.query('SELECT * FROM auditEntries'),
    ]);
    for (const text of [kept, list.text, bench.logged.join('')]) expect(text).not.toContain('of-the-mail');
    // It is put under a new key with all the others.
    const secrets = async (key: Uint8Array) =>
      (await storedSecrets((name) => bench.db.query(`SELECT * FROM "${name}"`), key))
        .filter(({ table }) => table === 'mailServers')
        .map(({ isOpened }) => isOpened);
    const next = new Uint8Array(32).fill(7);
    await rotateWrappingKey(bench.db, bench.encryptionKey, next, now);
    expect([await secrets(bench.encryptionKey), await secrets(next)]).toEqual([[false], [true]]);
    await rotateWrappingKey(bench.db, next, bench.encryptionKey, now);
    expect(await secrets(bench.encryptionKey)).toEqual([true]);
    const { password: _, ...without } = mailForm();
    // The stored password goes by the same server alone.
    expect((await test(without)).status).toBe(200);
    for (const more of [{ host: 'localhost' }, { port: mail.port + 1 }]) {
      const elsewhere = await call('PUT', '/api/channels/mail', { body: { ...without, ...more } });
      expect(elsewhere.body.errors[0]).toMatchObject({ status: '400', source: { pointer: '/password' } });
    }
    const open = { ...without, isInternal: false };
    expect((await call('PUT', '/api/channels/mail', { body: open })).body.errors[0].source.pointer).toBe(
      '/security',
    );
    expect((await call('DELETE', '/api/channels/mail')).status).toBe(204);
    expect((await call('GET', '/api/activity')).text).toContain('mail server');
  });

  it('of one’s own are tried by everybody, those of the team are set by admins alone', async () => {
    for (const as of ['viewer', 'triager', 'manager'] as const) {
      expect((await call('GET', '/api/channels', { as })).status).toBe(403);
      expect((await call('PUT', '/api/channels/mail', { as, body: mailForm() })).status).toBe(403);
      expect((await call('POST', '/api/channels/mail/test', { as, body: mailForm() })).status).toBe(403);
      expect((await call('POST', '/api/channels/retry', { as, body: { channel: 'mail' } })).status).toBe(403);
    }
    const test = (channel: string) => call('POST', '/api/alerts/test', { as: 'viewer', body: { channel } });
    expect((await test('mail')).body.errors[0].detail).toContain('No mail server is set up');
    expect((await test('bell')).status).toBe(200);
    expect(await bellOf('viewer')).toEqual(['A test of the bell']);
    await setMail();
    expect((await test('mail')).body.data.words).toContain('took a message for viewer@example.com');
  });
});

it('the alerts of somebody whose data is erased are told with it, and go', async () => {
  await rule('newCrash', {}, 'viewer');
  await rule('newCrash', {}, 'triager');
  const quiet = { timeZone: 'Asia/Kathmandu', isQuiet: true, quietFrom: '22:00', quietTo: '07:00' };
  expect((await call('PUT', '/api/alerts/quiet', { as: 'viewer', body: quiet })).status).toBe(200);
  const held = await alertsOfPerson(worker(), 'viewer@example.com');
  expect(held).toMatchObject([{ kind: 'newCrash' }, { timeZone: 'Asia/Kathmandu' }]);
  await bench.db.write(alertsErased(worker(), 'viewer@example.com'));
  expect(await alertsOfPerson(worker(), 'viewer@example.com')).toEqual([]);
  expect(await alertsOfPerson(worker(), 'triager@example.com')).toHaveLength(1);
});

describe('rules', () => {
  it('are each person’s own, changed as they were seen, and audited', async () => {
    const id = await rule('slotsAbove', { threshold: 80 }, 'viewer');
    expect((await alertsOf('manager')).rules).toEqual([]);
    const [seen] = (await alertsOf('viewer')).rules;
    const { version, kind, app, least, channels } = seen;
    const wanted = { kind, app, least, channels, isEnabled: true, threshold: 70 };
    const put = (body: object, as: Role) => call('PUT', `/api/alerts/${id}`, { as, body });
    expect((await put({ ...wanted, version }, 'admin')).status).toBe(404);
    expect((await put({ ...wanted, version }, 'viewer')).status).toBe(200);
    expect((await put({ ...wanted, version }, 'viewer')).status).toBe(409);
    expect((await call('DELETE', `/api/alerts/${id}`, { as: 'admin' })).status).toBe(404);
    expect((await call('DELETE', `/api/alerts/${id}`, { as: 'viewer' })).status).toBe(204);
    const activity = await call('GET', '/api/activity');
    const told = JSON.stringify(activity.body.data.map(({ sentence }: { sentence?: unknown }) => sentence));
    expect(activity.text).toContain('A public link fills up');
    expect(told).toContain('alert');
  });

  it('are refused with words at the field', async () => {
    const { channel } = await messenger('slack');
    const good = {
      kind: 'slotsAbove',
      app: null,
      threshold: 90,
      least: null,
      channels: ['bell'],
      isEnabled: true,
    };
    for (const [more, pointer, as] of [
      [{ kind: 'weather' }, '/kind', 'manager'],
      [{ threshold: 101 }, '/threshold', 'manager'],
      [{ threshold: null }, '/threshold', 'manager'],
      [{ least: 5 }, '/least', 'manager'],
      [{ channels: [] }, '/channels', 'manager'],
      [{ channels: ['mail'] }, '/channels', 'manager'],
      [{ channels: ['connector/none'] }, '/channels', 'manager'],
      // A viewer has nothing told to the team.
      [{ channels: [channel] }, '/channels', 'viewer'],
    ] as const) {
      const { status, body } = await call('POST', '/api/alerts', { as, body: { ...good, ...more } });
      expect([status, body.errors[0].source?.pointer]).toEqual([400, pointer]);
    }
    expect((await call('POST', '/api/alerts', { body: { ...good, app: { appId: 'none' } } })).status).toBe(
      404,
    );
    for (const quiet of [
      { timeZone: 'Mars/Olympus', isQuiet: true, quietFrom: '22:00', quietTo: '07:00' },
      { timeZone: 'UTC', isQuiet: true, quietFrom: '24:00', quietTo: '07:00' },
      { timeZone: 'UTC', isQuiet: true, quietFrom: '07:00', quietTo: '07:00' },
    ])
      expect((await call('PUT', '/api/alerts/quiet', { body: quiet })).status).toBe(400);
  });

  it('of most people come in one click, each once', async () => {
    const add = () => call('POST', '/api/alerts/usual', { as: 'viewer', body: { channels: ['bell'] } });
    const [first, second] = [await add(), await add()];
    expect([first.status, second.body.data.added]).toEqual([201, 0]);
    const { rules } = await alertsOf('viewer');
    expect(rules).toHaveLength(first.body.data.added);
    // What a viewer may not see is not among them.
    expect(rules.map(({ kind }: { kind: string }) => kind)).not.toContain('shipWaiting');
  });

  it('say by the code that sends what they would have sent, and since when they can tell', async () => {
    const quarter = {
      publicLinkEnabled: 1,
      publicLinkLimitEnabled: 1,
      publicLinkLimit: 100,
      testerCount: 95,
    };
    await insert('betaGroups', group('g1', quarter));
    // Over, back, and over again.
    await insert(
      'linkDays',
      ...[93, 50, 95].map((acceptedCount, nth) => ({
        accountId: ACCOUNT,
        groupId: 'g1',
        day: day(START - (9 - nth * 2) * DAY),
        acceptedCount,
      })),
    );
    const body = {
      kind: 'slotsAbove',
      app: null,
      threshold: 90,
      least: null,
      channels: ['bell', 'mail'],
      isEnabled: true,
    };
    const { data } = (await call('POST', '/api/alerts/preview', { body })).body;
    expect(data.count).toBe(2);
    expect(data.messages).toEqual({ bell: 2, mail: 2 });
    expect(data.facts.map(({ at }: { at: string }) => at.slice(0, 10))).toEqual([
      day(START - 4 * DAY),
      day(START - 8 * DAY),
    ]);
    expect(data.gaps).toMatchObject([{ since: expect.stringContaining(day(START - 8 * DAY)) }]);
  });
});
