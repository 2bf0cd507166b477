import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ResourceObject } from '@/lib/mirror/resource';
import { SyncBusyError } from '@/lib/sync/run';
import { syncStatus } from '@/lib/sync/status';
import type { Database } from '@/prisma/database';
import { type ManualClock, manualClock } from '@/tests/factories/clock';
import { testDatabase } from '@/tests/factories/database';
import { ascError, type FakeAsc, fakeAsc } from '@/tests/factories/fake-asc';
import { aBuild, aFeedback, aGroup, anApp, aTester, toMany } from '@/tests/factories/resources';
import { ACCOUNT, addAccount, syncOnce } from '@/tests/factories/synced';

let db: Database;
let clock: ManualClock;
let apple: FakeAsc;

const MINUTE = 60_000;
const NEWS = { mode: 'incremental' } as const;

beforeEach(async () => {
  db = await testDatabase();
  clock = manualClock();
  await addAccount(db);
  apple = fakeAsc(programme());
});
afterEach(() => db.close());

/** Two apps; app 1 has seven testers on four pages of two. */
function programme(): Record<string, ResourceObject[]> {
  const builds = ['b3', 'b2', 'b1'].map((id) => aBuild(id, '1', { groups: ['g1'] }));
  return {
    apps: [anApp('1'), anApp('2')],
    betaGroups: [aGroup('g1', '1', {}, 7), aGroup('g2', '2', {}, 1)],
    'betaTesters/1': [1, 2, 3, 4, 5, 6, 7].map((n) => aTester(`t${n}`, {}, ['g1'])),
    'betaTesters/2': [aTester('u1', {}, ['g2'])],
    builds: builds.flatMap(([build]) => build ?? []),
    ...Object.fromEntries(builds.map(([build, ...included]) => [`included ${build?.id}`, included])),
    'betaFeedbackCrashSubmissions/1': [aFeedback('c1', 'Crash')],
    'betaFeedbackScreenshotSubmissions/1': [aFeedback('s2', 'Screenshot'), aFeedback('s1', 'Screenshot')],
  };
}

const sync = (options: Parameters<typeof syncOnce>[2] = {}) => syncOnce(db, apple, { clock, ...options });

/** Another sync, some time later. */
async function later(ms: number, options: Parameters<typeof syncOnce>[2] = {}) {
  await clock.advance(ms);
  apple.asked.length = 0;
  return sync(options);
}

const ids = (table: string, where = '1') =>
  db.query<{ id: string }>(`SELECT id FROM "${table}" WHERE ${where} ORDER BY id`).map(({ id }) => id);
const events = () => db.query('SELECT testerId, kind, "before", "after" FROM testerEvents ORDER BY id');
const account = () => db.query<Record<string, unknown>>('SELECT status, statusDetail FROM "Account"')[0];

/** Fails a request so many times. */
function failing(request: string, error: Error, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  apple.before = (asked) => {
    if (asked !== request || left <= 0) return;
    left -= 1;
    throw error;
  };
}

/** What the handlers of one list see: drops a row from a shelf. */
function remove(list: string, id: string): void {
  apple.shelves[list] = (apple.shelves[list] ?? []).filter((resource) => resource.id !== id);
}

/** Puts a resource on top of a list. */
function push(list: string, resource: ResourceObject): void {
  apple.shelves[list] = [resource, ...(apple.shelves[list] ?? [])];
}

describe('a full sync', () => {
  it('asks for each page once and mirrors everything', async () => {
    const result = await sync();
    expect(result).toMatchObject({
      status: 'succeeded',
      mode: 'full',
      requests: 13,
      perType: {
        apps: { seen: 2, total: 2 },
        betaTesters: { seen: 8, total: 8 },
        builds: { seen: 3, total: 3 },
      },
    });
    expect(new Set(apple.asked).size).toBe(apple.asked.length);
    expect(ids('betaTesters', `appId = '1'`)).toHaveLength(7);
    expect(ids('builds')).toEqual(['b1', 'b2', 'b3']);
    expect(ids('feedback')).toEqual(['c1', 's1', 's2']);
    expect(events()).toEqual([]);
    expect(syncStatus(db, clock.now())[0]).toMatchObject({
      status: 'idle',
      accountStatus: 'ok',
      lastSucceededAt: clock.now(),
      requests: 13,
    });
  });

  it('removes what a complete pass did not see, and says who left', async () => {
    await sync();
    remove('betaTesters/1', 't3');
    remove('builds', 'b2');
    remove('betaFeedbackScreenshotSubmissions/1', 's1');
    remove('betaGroups', 'g2');
    await later(MINUTE);
    expect(ids('betaTesters', `appId = '1'`)).toEqual(['t1', 't2', 't4', 't5', 't6', 't7']);
    expect(ids('builds')).toEqual(['b1', 'b3']);
    expect(ids('betaGroups')).toEqual(['g1']);
    expect(db.query(`SELECT * FROM betaGroupTesters WHERE testerId = 't3'`)).toEqual([]);
    expect(events()).toEqual([{ testerId: 't3', kind: 'left', before: 'INSTALLED', after: null }]);
    // Feedback is ours to keep: it is only marked.
    expect(ids('feedback')).toEqual(['c1', 's1', 's2']);
    expect(ids('feedback', '"goneAt" IS NOT NULL')).toEqual(['s1']);
  });

  it('notes who joined, who changed state and who installed another build, but not on the first pass', async () => {
    await sync();
    const testers = apple.shelves['betaTesters/1'] ?? [];
    testers[0] = aTester('t1', { state: 'REVOKED' }, ['g1']);
    testers[1] = aTester(
      't2',
      { appDevices: [{ model: 'iPhone17,1', osVersion: '26.2', appBuildVersion: '42' }] },
      ['g1'],
    );
    testers.push(aTester('t8', { state: 'INVITED' }, ['g1']));
    await later(MINUTE);
    expect(events()).toEqual([
      { testerId: 't1', kind: 'state', before: 'INSTALLED', after: 'REVOKED' },
      { testerId: 't2', kind: 'device', before: '41', after: '42' },
      { testerId: 't8', kind: 'joined', before: null, after: 'INVITED' },
    ]);
    await later(MINUTE);
    expect(events()).toHaveLength(3);
  });

  it('takes everything of an app away when the key no longer sees it', async () => {
    await sync();
    remove('apps', '2');
    apple.shelves.betaGroups = (apple.shelves.betaGroups ?? []).filter(({ id }) => id !== 'g2');
    await later(MINUTE);
    expect(ids('betaTesters', `appId = '2'`)).toEqual([]);
    expect(db.query(`SELECT * FROM betaTesterCounts WHERE appId = '2'`)).toEqual([]);
    expect(db.query(`SELECT scope FROM syncScopes WHERE scope LIKE '%/2'`)).toEqual([]);
    expect(ids('betaTesters', `appId = '1'`)).toHaveLength(7);
  });

  it('does not take rows that only moved between pages for gone', async () => {
    await sync();
    // While the list is read somebody on page 1 leaves, so that the first of page 2 slips onto page 1 unseen.
    apple.before = (asked) => {
      if (asked === 'betaTesters/1 2') remove('betaTesters/1', 't1');
    };
    await later(MINUTE);
    apple.before = () => undefined;
    expect(ids('betaTesters', `appId = '1'`)).toContain('t3');
    await later(MINUTE);
    expect(ids('betaTesters', `appId = '1'`)).toEqual(['t2', 't3', 't4', 't5', 't6', 't7']);
  });

  it('reads out a list of groups that Apple cut short', async () => {
    const many = Array.from({ length: 60 }, (_, i) => aGroup(`x${i}`, '1'));
    const testers = apple.shelves['betaTesters/1'] ?? [];
    const cut = many.slice(0, 50).map(({ id }) => id);
    testers[0] = { ...aTester('t1'), relationships: { betaGroups: toMany('betaGroups', cut, 60) } };
    apple.shelves['betaGroups/t1'] = many;
    await sync();
    expect(db.query(`SELECT count(*) AS n FROM betaGroupTesters WHERE testerId = 't1'`)).toEqual([{ n: 60 }]);
  });

  it('goes on when an app is gone between the list of apps and its testers', async () => {
    failing('betaTesters/2 1', ascError({ kind: 'not_found', status: 404 }));
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    expect(ids('betaTesters')).toHaveLength(7);
  });
});

describe('cut off', () => {
  it('goes on from the checkpoint, without asking twice and without removing anything', async () => {
    await sync();
    remove('betaTesters/1', 't7');
    await clock.advance(MINUTE);
    apple.asked.length = 0;
    const stop = new AbortController();
    apple.before = (asked) => {
      if (asked === 'betaTesters/1 3') stop.abort(new Error('killed'));
    };
    const first = await sync({ signal: stop.signal });
    expect(first).toMatchObject({ status: 'cancelled' });
    expect(ids('betaTesters', `appId = '1'`)).toHaveLength(7);
    expect(db.query(`SELECT pages, phase FROM syncScopes WHERE scope = 'betaTesters/1'`)).toEqual([
      { pages: 2, phase: 'running' },
    ]);

    apple.before = () => undefined;
    const asked = new Set(apple.asked);
    apple.asked.length = 0;
    await clock.advance(MINUTE);
    // Even when only what is new was asked for: a pass that was begun is finished first.
    expect(await sync({ mode: 'incremental' })).toMatchObject({ status: 'succeeded', mode: 'full' });
    expect(apple.asked.filter((request) => request.startsWith('betaTesters/1'))).toEqual(['betaTesters/1 3']);
    expect(apple.asked.filter((request) => asked.has(request)).length).toBeLessThanOrEqual(6);
    expect(ids('betaTesters', `appId = '1'`)).toEqual(['t1', 't2', 't3', 't4', 't5', 't6']);
  });

  it('begins a list again when its checkpoint is too old to trust', async () => {
    const stop = new AbortController();
    apple.before = (asked) => {
      if (asked === 'betaTesters/1 3') stop.abort();
    };
    await sync({ signal: stop.signal });
    apple.before = () => undefined;
    await later(31 * MINUTE);
    expect(apple.asked).toContain('betaTesters/1 1');
  });

  it('begins only that list again when Apple no longer knows the page', async () => {
    const stop = new AbortController();
    apple.before = (asked) => {
      if (asked === 'betaTesters/1 3') stop.abort();
    };
    await sync({ signal: stop.signal });
    failing('betaTesters/1 3', ascError({ kind: 'invalid_request', status: 400 }), 1);
    const result = await later(MINUTE);
    expect(result).toMatchObject({ status: 'succeeded' });
    expect(apple.asked.filter((request) => request.startsWith('betaTesters/1'))).toEqual([
      'betaTesters/1 3',
      'betaTesters/1 1',
      'betaTesters/1 2',
      'betaTesters/1 3',
      'betaTesters/1 4',
    ]);
    expect(ids('betaTesters', `appId = '1'`)).toHaveLength(7);
  });

  it('closes the run that a killed process left open', async () => {
    await db.write([
      {
        sql: `INSERT INTO syncRuns (id, accountId, mode, status, "trigger", startedAt, updatedAt) VALUES ('left', ?, 'full', 'running', 'start', 1, 5)`,
        params: [ACCOUNT],
      },
    ]);
    await sync();
    expect(db.query(`SELECT status, finishedAt FROM syncRuns WHERE id = 'left'`)).toEqual([
      { status: 'failed', finishedAt: 5 },
    ]);
  });
});

describe('a bad day', () => {
  it('stops at once when the key is refused, says so, and goes on with a new key', async () => {
    failing(
      'betaTesters/1 2',
      ascError({ kind: 'unauthorized', status: 401, message: 'The key was refused.' }),
    );
    const result = await sync();
    expect(result).toMatchObject({ status: 'failed', isPassing: false });
    expect(apple.asked.indexOf('betaTesters/1 2')).toBeGreaterThan(apple.asked.length - 4);
    expect(account()).toMatchObject({
      status: 'unauthorized',
      statusDetail: expect.stringContaining('refused'),
    });
    expect(ids('betaTesters', `appId = '1'`)).toEqual(['t1', 't2']);

    apple.before = () => undefined;
    expect(await later(MINUTE)).toMatchObject({ status: 'succeeded' });
    expect(apple.asked).not.toContain('betaTesters/1 1');
    expect(account()).toEqual({ status: 'ok', statusDetail: null });
    expect(ids('betaTesters', `appId = '1'`)).toHaveLength(7);
  });

  it('tells a missing agreement from a refused key', async () => {
    failing('apps 1', ascError({ kind: 'agreement_missing', status: 403 }));
    expect(await sync()).toMatchObject({ status: 'failed' });
    expect(account()).toMatchObject({ status: 'agreement_missing' });
    // Three lists begin at once; one of them asked for its second page before the refusal was known.
    expect(apple.asked.length).toBeLessThanOrEqual(4);
  });

  it('a role too low for one list is told since when, and does not keep the others back', async () => {
    const since = () => db.query<{ statusAt: number }>('SELECT statusAt FROM "Account"')[0]?.statusAt;
    failing('builds 1', ascError({ kind: 'forbidden', status: 403, message: 'Not for this role.' }));
    expect(await sync()).toMatchObject({ status: 'failed', isPassing: false });
    expect(account()).toMatchObject({ status: 'forbidden' });
    expect(ids('betaTesters')).toHaveLength(8);
    const first = since();
    failing('builds 1', ascError({ kind: 'forbidden', status: 403, message: 'Still not for this role.' }));
    await later(MINUTE);
    expect(account()).toMatchObject({ statusDetail: expect.stringContaining('Still not') });
    expect(since()).toBe(first);
    apple.before = () => undefined;
    expect(await later(MINUTE)).toMatchObject({ status: 'succeeded' });
    expect(account()).toEqual({ status: 'ok', statusDetail: null });
  });

  it('reads all other lists when one keeps failing, and removes nothing', async () => {
    await sync();
    remove('betaTesters/1', 't7');
    failing('builds 1', ascError({ kind: 'server', status: 500 }));
    const result = await later(MINUTE);
    expect(result).toMatchObject({ status: 'failed', isPassing: true });
    expect(result.error).toContain('server');
    expect(account()).toMatchObject({ status: 'server' });
    expect(ids('builds')).toEqual(['b1', 'b2', 'b3']);
    // The testers' list was complete: what it did not show is gone.
    expect(ids('betaTesters', `appId = '1'`)).toHaveLength(6);
    apple.before = () => undefined;
    const repaired = await later(MINUTE);
    expect(repaired).toMatchObject({ status: 'succeeded', requests: 2 });
    expect(apple.asked).toEqual(['builds 1', 'builds 2']);
  });

  it('goes on with the news when a list keeps failing, and tries it again each time', async () => {
    failing('builds 1', ascError({ kind: 'server', status: 500 }));
    expect(await sync()).toMatchObject({ status: 'failed', mode: 'full', isPartial: true });
    expect(await later(11 * MINUTE, NEWS)).toMatchObject({ status: 'failed', mode: 'full', requests: 1 });
    push('betaFeedbackCrashSubmissions/1', aFeedback('c2', 'Crash'));
    const result = await later(MINUTE, NEWS);
    expect(result).toMatchObject({ status: 'failed', mode: 'incremental', isPassing: true, isPartial: true });
    expect(ids('feedback')).toEqual(['c1', 'c2', 's1', 's2']);
    expect(apple.asked).toContain('builds 1');
    apple.before = () => undefined;
    expect(await later(MINUTE, NEWS)).toMatchObject({ status: 'succeeded', mode: 'incremental' });
    expect(ids('builds')).toEqual(['b1', 'b2', 'b3']);
  });

  it('reads everything else for a key that may not read feedback, and says what it may not', async () => {
    const refused = ascError({ kind: 'forbidden', status: 403, message: 'Not allowed.' });
    apple.before = (asked) => {
      if (asked.startsWith('betaFeedback')) throw refused;
    };
    const result = await sync();
    expect(result).toMatchObject({ status: 'failed', isPassing: false, isPartial: true });
    expect(result.error).toContain('Not allowed.');
    expect(account()).toMatchObject({ status: 'forbidden' });
    push('betaGroups', aGroup('g3', '2', {}, 0));
    expect(await later(MINUTE, NEWS)).toMatchObject({ mode: 'incremental', isPartial: true });
    expect(ids('betaGroups')).toEqual(['g1', 'g2', 'g3']);
  });

  it('does not checkpoint a page it cannot read', async () => {
    failing('betaTesters/1 2', ascError({ kind: 'malformed_response', status: 200 }), 1);
    expect(await sync()).toMatchObject({ status: 'failed' });
    expect(db.query(`SELECT pages, phase FROM syncScopes WHERE scope = 'betaTesters/1'`)).toEqual([
      { pages: 1, phase: 'running' },
    ]);
    expect(await later(MINUTE)).toMatchObject({ status: 'succeeded' });
    expect(ids('betaTesters', `appId = '1'`)).toHaveLength(7);
  });

  it('ends a list that names the same next page for ever', async () => {
    const { pageFrom } = apple;
    let pages = 0;
    Object.assign(apple, {
      pageFrom: async (...args: Parameters<FakeAsc['pageFrom']>) => {
        if (!args[1].includes('betaTesters/1')) return pageFrom(...args);
        pages += 1;
        return { ...(await pageFrom(...args)), next: args[1] };
      },
    });
    expect(await sync()).toMatchObject({ status: 'failed', error: expect.stringContaining('does not end') });
    expect(pages).toBeLessThan(4);
  });
});

describe('only one at a time', () => {
  it('refuses a second sync of the account', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    apple.before = () => gate;
    const first = sync();
    await vi.waitFor(() => expect(apple.asked).not.toHaveLength(0));
    await expect(sync()).rejects.toThrow(SyncBusyError);
    open();
    expect(await first).toMatchObject({ status: 'succeeded' });
  });

  it('writes nothing more once another worker has taken over', async () => {
    apple.before = async (asked) => {
      // The second page is asked for while the first is stored; only the third finds that one in its place.
      if (asked !== 'betaTesters/1 3') return;
      await db.write([
        {
          sql: `UPDATE leases SET owner = 'another', token = token + 1 WHERE name = ?`,
          params: [`sync:${ACCOUNT}`],
        },
      ]);
    };
    const result = await sync();
    expect(result).toMatchObject({ status: 'failed', error: expect.stringContaining('taken over') });
    expect(ids('betaTesters', `appId = '1'`)).toEqual(['t1', 't2']);
    expect(db.query('SELECT owner, token FROM leases')).toEqual([{ owner: 'another', token: 2 }]);
    expect(db.query('SELECT status FROM syncRuns')).toEqual([{ status: 'running' }]);
  });

  it('takes over at the latest 45 seconds after the other worker fell silent', async () => {
    await db.write([
      {
        sql: `INSERT INTO leases (name, owner, token, expiresAt) VALUES (?, 'elsewhere/1/x', 7, ?)`,
        params: [`sync:${ACCOUNT}`, clock.now() + 30_000],
      },
    ]);
    await expect(sync()).rejects.toThrow(SyncBusyError);
    await clock.advance(30_001);
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    expect(db.query('SELECT token FROM leases')).toEqual([{ token: 8 }]);
  });
});

describe('an incremental sync', () => {
  it('costs three requests and two per app when nothing is new', async () => {
    await sync();
    const result = await later(5 * MINUTE, { mode: 'incremental' });
    expect(result).toMatchObject({ status: 'succeeded', mode: 'incremental', requests: 3 + 2 * 2 });
  });

  it('reads builds and feedback from the top down to what it knows', async () => {
    await sync();
    const fresh = ['b8', 'b7', 'b6', 'b5', 'b4'].flatMap((id) => aBuild(id, '1').slice(0, 1));
    apple.shelves.builds = [...fresh, ...(apple.shelves.builds ?? [])];
    await later(5 * MINUTE, { mode: 'incremental' });
    expect(ids('builds')).toHaveLength(8);
    expect(apple.asked.filter((request) => request.startsWith('builds'))).toEqual([
      'builds 1',
      'builds 2',
      'builds 3',
    ]);
  });

  it('removes nothing by what it did not look at', async () => {
    await sync();
    remove('builds', 'b1');
    remove('betaTesters/1', 't7');
    await later(5 * MINUTE, { mode: 'incremental' });
    expect(ids('builds')).toContain('b1');
    expect(ids('betaTesters')).toContain('t7');
  });

  it('reads the testers of an app whose groups changed size, once in half an hour', async () => {
    await sync();
    const grow = (n: number) => {
      apple.shelves['betaTesters/1']?.push(aTester(`new${n}`, {}, ['g1']));
      apple.shelves.betaGroups = [aGroup('g1', '1', {}, 7 + n), aGroup('g2', '2', {}, 1)];
    };
    grow(1);
    await later(31 * MINUTE, { mode: 'incremental' });
    expect(ids('betaTesters')).toContain('new1');
    grow(2);
    await later(5 * MINUTE, { mode: 'incremental' });
    expect(ids('betaTesters')).not.toContain('new2');
  });

  it('reads every app’s testers once a day, one app at a time', async () => {
    await sync();
    await later(11 * 60 * MINUTE, { mode: 'incremental' });
    expect(apple.asked.filter((request) => request.startsWith('betaTesters'))).toEqual([]);
    await later(2 * 60 * MINUTE, { mode: 'incremental' });
    const first = new Set(apple.asked.filter((r) => r.startsWith('betaTesters')).map((r) => r.split(' ')[0]));
    expect(first.size).toBe(1);
    await later(12 * 60 * MINUTE + 1, { mode: 'incremental' });
    const second = new Set(
      apple.asked.filter((r) => r.startsWith('betaTesters')).map((r) => r.split(' ')[0]),
    );
    expect(second.size).toBe(1);
    expect([...second][0]).not.toBe([...first][0]);
  });
});
