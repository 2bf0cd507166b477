import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventValue } from '@/lib/history/tester-events';
import type { ResourceObject } from '@/lib/mirror/resource';
import { syncLease } from '@/lib/mirror/tombstones';
import { forgetProgramme, forgetRemoved } from '@/lib/services/accounts/forget';
import { endedLease } from '@/lib/store/lease';
import type { Store } from '@/lib/store/store';
import { SyncBusyError } from '@/lib/sync/run';
import { syncStatus } from '@/lib/sync/status';
import { type ManualClock, manualClock } from '@/tests/factories/clock';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { ascError, type FakeAsc, fakeAsc } from '@/tests/factories/fake-asc';
import { aBuild, aFeedback, aGroup, anApp, aTester, toMany } from '@/tests/factories/resources';
import { ACCOUNT, addAccount, syncOnce } from '@/tests/factories/synced';

/** Also on a machine that has others to serve. */
const SOON = { timeout: 15_000 };

let db: TestDatabase;
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

const ids = async (table: string, where = '1') =>
  (await db.query<{ id: string }>(`SELECT id FROM "${table}" WHERE ${where} ORDER BY id`)).map(
    ({ id }) => id,
  );
const events = async () =>
  (
    await db.query<{ testerId: string; kind: string; before: string | null; after: string | null }>(
      'SELECT testerId, kind, "before", "after" FROM testerEvents ORDER BY id',
    )
  ).map((event) => ({ ...event, before: eventValue(event.before), after: eventValue(event.after) }));
const account = async () =>
  (await db.query<Record<string, unknown>>('SELECT status, statusDetail FROM "Account"'))[0];

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
    expect(await ids('betaTesters', `appId = '1'`)).toHaveLength(7);
    expect(await ids('builds')).toEqual(['b1', 'b2', 'b3']);
    expect(await ids('feedback')).toEqual(['c1', 's1', 's2']);
    expect(await events()).toEqual([]);
    expect((await syncStatus(db, clock.now()))[0]).toMatchObject({
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
    expect(await ids('betaTesters', `appId = '1'`)).toEqual(['t1', 't2', 't4', 't5', 't6', 't7']);
    expect(await ids('builds')).toEqual(['b1', 'b3']);
    expect(await ids('betaGroups')).toEqual(['g1']);
    expect(await db.query(`SELECT * FROM betaGroupTesters WHERE testerId = 't3'`)).toEqual([]);
    expect(await events()).toEqual([{ testerId: 't3', kind: 'left', before: 'INSTALLED', after: null }]);
    // Feedback is ours to keep: it is only marked.
    expect(await ids('feedback')).toEqual(['c1', 's1', 's2']);
    expect(await ids('feedback', '"goneAt" IS NOT NULL')).toEqual(['s1']);
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
    expect(await events()).toEqual([
      { testerId: 't1', kind: 'state', before: 'INSTALLED', after: 'REVOKED' },
      { testerId: 't2', kind: 'device', before: '41', after: '42' },
      { testerId: 't8', kind: 'joined', before: null, after: 'INVITED' },
    ]);
    await later(MINUTE);
    expect(await events()).toHaveLength(3);
  });

  it('takes everything of an app away when the key no longer sees it', async () => {
    await sync();
    remove('apps', '2');
    apple.shelves.betaGroups = (apple.shelves.betaGroups ?? []).filter(({ id }) => id !== 'g2');
    await later(MINUTE);
    expect(await ids('betaTesters', `appId = '2'`)).toEqual([]);
    expect(await db.query(`SELECT * FROM betaTesterCounts WHERE appId = '2'`)).toEqual([]);
    expect(await db.query(`SELECT scope FROM syncScopes WHERE scope LIKE '%/2'`)).toEqual([]);
    expect(await ids('betaTesters', `appId = '1'`)).toHaveLength(7);
  });

  it('does not take rows that only moved between pages for gone', async () => {
    await sync();
    // While the list is read somebody on page 1 leaves, so that the first of page 2 slips onto page 1 unseen.
    apple.before = (asked) => {
      if (asked === 'betaTesters/1 2') remove('betaTesters/1', 't1');
    };
    await later(MINUTE);
    apple.before = () => undefined;
    expect(await ids('betaTesters', `appId = '1'`)).toContain('t3');
    await later(MINUTE);
    expect(await ids('betaTesters', `appId = '1'`)).toEqual(['t2', 't3', 't4', 't5', 't6', 't7']);
  });

  describe('whose pages shift while it is read', () => {
    /** Leaves the total out of every answer. */
    const uncounted = () => {
      const { list, pageFrom } = apple;
      const bare = async (answer: Promise<object>): Promise<object> => ({
        ...(await answer),
        total: undefined,
      });
      Object.assign(apple, {
        list: (...args: Parameters<FakeAsc['list']>) => bare(list(...args)),
        pageFrom: (...args: Parameters<FakeAsc['pageFrom']>) => bare(pageFrom(...args)),
      });
    };
    /** While page 2 is on its way the first row of the list goes, so that the next slips onto page 1 unseen. */
    const shifting = (list: string, joining?: ResourceObject) => {
      apple.before = (asked) => {
        if (asked !== `${list} 2`) return;
        const [, ...rest] = apple.shelves[list] ?? [];
        apple.shelves[list] = [...rest, ...(joining ? [joining] : [])];
      };
    };
    const slippedAsked = () => apple.asked.filter((request) => request.includes('#'));

    it.each<[string, ResourceObject | undefined]>([
      ['nothing is counted', undefined],
      ['one joins for one who leaves', aTester('t8', {}, ['g1'])],
    ])('takes nobody for gone who is there: %s', async (_, joining) => {
      await sync();
      if (!joining) uncounted();
      shifting('betaTesters/1', joining);
      await later(MINUTE);
      apple.before = () => undefined;
      expect(await ids('betaTesters', `appId = '1'`)).toContain('t3');
      expect((await events()).filter(({ kind }) => kind === 'left')).toEqual([]);
      expect(slippedAsked()).toEqual(['betaTesters/1#t3 1']);
      await later(MINUTE);
      expect(await ids('betaTesters', `appId = '1'`)).toEqual(
        ['t2', 't3', 't4', 't5', 't6', 't7'].concat(joining ? ['t8'] : []),
      );
      expect((await events()).filter(({ kind }) => kind === 'left')).toMatchObject([{ testerId: 't1' }]);
      expect((await events()).filter(({ testerId }) => testerId === 't3')).toEqual([]);
    });

    it.each(['apps', 'betaGroups', 'builds'])('takes none of %s for gone that is there', async (list) => {
      const more = {
        apps: () => anApp('9'),
        betaGroups: () => aGroup('g9', '1', {}, 0),
        builds: () => aBuild('b0', '1', { groups: ['g1'] })[0],
      };
      const row = more[list as keyof typeof more]();
      apple.shelves[list] = [...(apple.shelves[list] ?? []), ...(row ? [row] : [])];
      await sync();
      const before = await ids(list);
      const members = (await ids('betaTesters')).length;
      const trains = await ids('preReleaseVersions');
      uncounted();
      shifting(list);
      await later(MINUTE);
      apple.before = () => undefined;
      expect(await ids(list)).toEqual(before);
      expect(await ids('betaTesters')).toHaveLength(members);
      expect(await ids('preReleaseVersions')).toEqual(trains);
      await later(MINUTE);
      expect(await ids(list)).toHaveLength(before.length - 1);
    });

    it('believes of a list without such a filter only what two passes do not show', async () => {
      const list = 'betaFeedbackScreenshotSubmissions/1';
      const rows = ['s4', 's3', 's2', 's1'].map((id) => aFeedback(id, 'Screenshot'));
      apple.shelves[list] = rows;
      await sync();
      uncounted();
      shifting(list);
      await later(MINUTE);
      apple.before = () => undefined;
      expect(await ids('feedback', '"goneAt" IS NOT NULL')).toEqual([]);
      expect(slippedAsked()).toEqual([]);
      await later(MINUTE);
      expect(await ids('feedback', '"goneAt" IS NOT NULL')).toEqual([]);
      await later(MINUTE);
      expect(await ids('feedback', '"goneAt" IS NOT NULL')).toEqual(['s4']);
    });

    it('removes what is gone although nothing is counted, and asks of nothing else', async () => {
      await sync();
      uncounted();
      remove('betaTesters/1', 't4');
      remove('betaTesters/1', 't5');
      await later(MINUTE);
      expect(await ids('betaTesters', `appId = '1'`)).toEqual(['t1', 't2', 't3', 't6', 't7']);
      expect(slippedAsked()).toEqual(['betaTesters/1#t4,t5 1']);
      await later(MINUTE);
      expect(slippedAsked()).toEqual([]);
    });
  });

  it('reads out a list of groups that Apple cut short', async () => {
    const many = Array.from({ length: 60 }, (_, i) => aGroup(`x${i}`, '1'));
    const testers = apple.shelves['betaTesters/1'] ?? [];
    const cut = many.slice(0, 50).map(({ id }) => id);
    testers[0] = { ...aTester('t1'), relationships: { betaGroups: toMany('betaGroups', cut, 60) } };
    apple.shelves['betaGroups/t1'] = many;
    await sync();
    expect(await db.query(`SELECT count(*) AS n FROM betaGroupTesters WHERE testerId = 't1'`)).toEqual([
      { n: 60 },
    ]);
  });

  it('goes on when an app is gone between the list of apps and its testers', async () => {
    failing('betaTesters/2 1', ascError({ kind: 'not_found', status: 404 }));
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    expect(await ids('betaTesters')).toHaveLength(7);
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
    expect(await ids('betaTesters', `appId = '1'`)).toHaveLength(7);
    expect(await db.query(`SELECT pages, phase FROM syncScopes WHERE scope = 'betaTesters/1'`)).toEqual([
      { pages: 2, phase: 'running' },
    ]);

    apple.before = () => undefined;
    const asked = new Set(apple.asked);
    apple.asked.length = 0;
    await clock.advance(MINUTE);
    // Even when only what is new was asked for: a pass that was begun is finished first.
    expect(await sync({ mode: 'incremental' })).toMatchObject({ status: 'succeeded', mode: 'full' });
    expect(apple.asked.filter((request) => request.startsWith('betaTesters/1'))).toEqual([
      'betaTesters/1 3',
      'betaTesters/1#t7 1',
    ]);
    expect(apple.asked.filter((request) => asked.has(request)).length).toBeLessThanOrEqual(6);
    expect(await ids('betaTesters', `appId = '1'`)).toEqual(['t1', 't2', 't3', 't4', 't5', 't6']);
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
    expect(await ids('betaTesters', `appId = '1'`)).toHaveLength(7);
  });

  it('closes the run that a killed process left open', async () => {
    await db.write([
      {
        sql: `INSERT INTO syncRuns (id, accountId, mode, status, "trigger", startedAt, updatedAt) VALUES ('left', ?, 'full', 'running', 'start', 1, 5)`,
        params: [ACCOUNT],
      },
    ]);
    await sync();
    expect(await db.query(`SELECT status, finishedAt FROM syncRuns WHERE id = 'left'`)).toEqual([
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
    expect(await account()).toMatchObject({
      status: 'unauthorized',
      statusDetail: expect.stringContaining('refused'),
    });
    expect(await ids('betaTesters', `appId = '1'`)).toEqual(['t1', 't2']);

    apple.before = () => undefined;
    expect(await later(MINUTE)).toMatchObject({ status: 'succeeded' });
    expect(apple.asked).not.toContain('betaTesters/1 1');
    expect(await account()).toEqual({ status: 'ok', statusDetail: null });
    expect(await ids('betaTesters', `appId = '1'`)).toHaveLength(7);
  });

  it('tells a missing agreement from a refused key', async () => {
    failing('apps 1', ascError({ kind: 'agreement_missing', status: 403 }));
    expect(await sync()).toMatchObject({ status: 'failed' });
    expect(await account()).toMatchObject({ status: 'agreement_missing' });
    // Three lists begin at once; one of them asked for its second page before the refusal was known.
    expect(apple.asked.length).toBeLessThanOrEqual(4);
  });

  it('a role too low for one list is told since when, and does not keep the others back', async () => {
    const since = async () =>
      (await db.query<{ statusAt: number }>('SELECT statusAt FROM "Account"'))[0]?.statusAt;
    failing('builds 1', ascError({ kind: 'forbidden', status: 403, message: 'Not for this role.' }));
    expect(await sync()).toMatchObject({ status: 'failed', isPassing: false });
    expect(await account()).toMatchObject({ status: 'forbidden' });
    expect(await ids('betaTesters')).toHaveLength(8);
    const first = await since();
    failing('builds 1', ascError({ kind: 'forbidden', status: 403, message: 'Still not for this role.' }));
    await later(MINUTE);
    expect(await account()).toMatchObject({ statusDetail: expect.stringContaining('Still not') });
    expect(await since()).toBe(first);
    apple.before = () => undefined;
    expect(await later(MINUTE)).toMatchObject({ status: 'succeeded' });
    expect(await account()).toEqual({ status: 'ok', statusDetail: null });
  });

  it('reads all other lists when one keeps failing, and removes nothing', async () => {
    await sync();
    remove('betaTesters/1', 't7');
    failing('builds 1', ascError({ kind: 'server', status: 500 }));
    const result = await later(MINUTE);
    expect(result).toMatchObject({ status: 'failed', isPassing: true });
    expect(result.error).toContain('server');
    expect(await account()).toMatchObject({ status: 'server' });
    expect(await ids('builds')).toEqual(['b1', 'b2', 'b3']);
    // The testers' list was complete: what it did not show is gone.
    expect(await ids('betaTesters', `appId = '1'`)).toHaveLength(6);
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
    expect(await ids('feedback')).toEqual(['c1', 'c2', 's1', 's2']);
    expect(apple.asked).toContain('builds 1');
    apple.before = () => undefined;
    expect(await later(MINUTE, NEWS)).toMatchObject({ status: 'succeeded', mode: 'incremental' });
    expect(await ids('builds')).toEqual(['b1', 'b2', 'b3']);
  });

  it('reads everything else for a key that may not read feedback, and says what it may not', async () => {
    const refused = ascError({ kind: 'forbidden', status: 403, message: 'Not allowed.' });
    apple.before = (asked) => {
      if (asked.startsWith('betaFeedback')) throw refused;
    };
    const result = await sync();
    expect(result).toMatchObject({ status: 'failed', isPassing: false, isPartial: true });
    expect(result.error).toContain('Not allowed.');
    expect(await account()).toMatchObject({ status: 'forbidden' });
    push('betaGroups', aGroup('g3', '2', {}, 0));
    expect(await later(MINUTE, NEWS)).toMatchObject({ mode: 'incremental', isPartial: true });
    expect(await ids('betaGroups')).toEqual(['g1', 'g2', 'g3']);
  });

  it('reads the testers when nothing but feedback fails, once the client asks again', async () => {
    await sync();
    remove('betaTesters/1', 't7');
    apple.shelves.betaGroups = [aGroup('g1', '1', {}, 6), aGroup('g2', '2', {}, 1)];
    await clock.advance(MINUTE);
    apple.asked.length = 0;
    const retryAt = clock.now() + 10_000;
    apple.before = (asked) => {
      if (asked.startsWith('betaFeedback') && clock.now() < retryAt)
        throw ascError({ kind: 'breaker_open', after: 'timeout', retryAt });
    };
    const running = sync(NEWS);
    await vi.waitFor(() => expect(clock.sleepers()).toContain(retryAt), SOON);
    expect(await ids('betaTesters', `appId = '1'`)).toHaveLength(7);
    await clock.advance(10_000);
    expect(await running).toMatchObject({ status: 'failed', isPassing: true, isPartial: true });
    expect(await ids('betaTesters', `appId = '1'`)).toHaveLength(6);
    expect(await account()).toMatchObject({ status: 'unreachable' });
  });

  it('does not checkpoint a page it cannot read', async () => {
    failing('betaTesters/1 2', ascError({ kind: 'malformed_response', status: 200 }), 1);
    expect(await sync()).toMatchObject({ status: 'failed' });
    expect(await db.query(`SELECT pages, phase FROM syncScopes WHERE scope = 'betaTesters/1'`)).toEqual([
      { pages: 1, phase: 'running' },
    ]);
    expect(await later(MINUTE)).toMatchObject({ status: 'succeeded' });
    expect(await ids('betaTesters', `appId = '1'`)).toHaveLength(7);
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
    await vi.waitFor(() => expect(apple.asked).not.toHaveLength(0), SOON);
    await expect(sync()).rejects.toThrow(SyncBusyError);
    open();
    expect(await first).toMatchObject({ status: 'succeeded' });
  });

  it('writes nothing more once another worker has taken over', async () => {
    let held: string[] = [];
    apple.before = async (asked) => {
      if (asked !== 'betaTesters/1 3') return;
      held = await ids('betaTesters');
      await db.write([
        {
          sql: `UPDATE leases SET owner = 'another', token = token + 1 WHERE name = ?`,
          params: [`sync:${ACCOUNT}`],
        },
      ]);
    };
    const result = await sync();
    expect(result).toMatchObject({ status: 'failed', error: expect.stringContaining('taken over') });
    expect(held.length).toBeLessThan(8);
    expect(await ids('betaTesters')).toEqual(held);
    expect(await db.query('SELECT owner, token FROM leases')).toEqual([{ owner: 'another', token: 2 }]);
    expect(await db.query('SELECT status FROM syncRuns')).toEqual([{ status: 'running' }]);
  });

  it('brings nothing back of an account that was removed meanwhile', async () => {
    apple.before = async (asked) => {
      if (asked !== 'betaTesters/1 3') return;
      expect(await ids('apps')).not.toEqual([]);
      await db.write([endedLease(syncLease(ACCOUNT))]);
      await forgetProgramme(db, ACCOUNT);
    };
    expect(await sync()).toMatchObject({ status: 'failed' });
    for (const table of ['apps', 'betaGroups', 'betaTesters']) expect(await ids(table)).toEqual([]);
  });

  it('takes away what is left of removed accounts, and writes nothing where nothing is', async () => {
    await sync();
    const writes: number[] = [];
    const watched: Store = {
      ...db,
      write: (parts, options) => {
        writes.push(parts.length);
        return db.write(parts, options);
      },
    };
    await forgetRemoved(watched);
    expect(writes).toEqual([]);
    await db.write([{ sql: 'UPDATE Account SET removedAt = 1 WHERE id = ?', params: [ACCOUNT] }]);
    await forgetRemoved(watched);
    expect(writes.length).toBeGreaterThan(0);
    for (const table of ['apps', 'betaGroups', 'betaTesters']) expect(await ids(table)).toEqual([]);
    writes.length = 0;
    await forgetRemoved(watched);
    expect(writes).toEqual([]);
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
    expect(await db.query('SELECT token FROM leases')).toEqual([{ token: 8 }]);
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
    expect(await ids('builds')).toHaveLength(8);
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
    expect(await ids('builds')).toContain('b1');
    expect(await ids('betaTesters')).toContain('t7');
  });

  /** Somebody joins or leaves: the list of app 1 and the size of its group change together. */
  function resize(change: (testers: ResourceObject[]) => ResourceObject[]): void {
    const testers = change(apple.shelves['betaTesters/1'] ?? []);
    apple.shelves['betaTesters/1'] = testers;
    apple.shelves.betaGroups = [aGroup('g1', '1', {}, testers.length), aGroup('g2', '2', {}, 1)];
  }
  const swept = () =>
    new Set(apple.asked.filter((r) => r.startsWith('betaTesters')).map((r) => r.split(' ')[0]));
  const scarce = () => Object.assign(apple, { budget: { ...apple.budget, limit: 3500, remaining: 1000 } });

  it('reads the testers of an app whose groups changed size, also just after a sweep', async () => {
    await sync();
    resize((testers) => [...testers, aTester('new1', {}, ['g1'])]);
    await later(MINUTE, NEWS);
    expect(await ids('betaTesters')).toContain('new1');
    resize((testers) => testers.filter(({ id }) => id !== 't5'));
    await later(MINUTE, NEWS);
    expect(await ids('betaTesters')).not.toContain('t5');
    await later(MINUTE, NEWS);
    expect(swept()).toEqual(new Set());
  });

  it('does not forget what changed while there were no requests to spare', async () => {
    await sync();
    const plenty = apple.budget;
    scarce();
    resize((testers) => testers.filter(({ id }) => id !== 't5'));
    await later(MINUTE, NEWS);
    expect(swept()).toEqual(new Set());
    // The size is known by now and changes no more, but the mark stays.
    await later(MINUTE, NEWS);
    expect(await ids('betaTesters')).toContain('t5');
    Object.assign(apple, { budget: plenty });
    await later(MINUTE, NEWS);
    expect(await ids('betaTesters')).not.toContain('t5');
  });

  it('reads what changed after half an hour even when there are no requests to spare', async () => {
    await sync();
    scarce();
    resize((testers) => testers.filter(({ id }) => id !== 't5'));
    await later(MINUTE, NEWS);
    await later(30 * MINUTE, NEWS);
    expect(await ids('betaTesters')).not.toContain('t5');
  });

  it('sweeps again when the size changed during the sweep', async () => {
    await sync();
    resize((testers) => testers.filter(({ id }) => id !== 't5'));
    apple.before = (asked) => {
      if (asked === 'betaTesters/1 3') resize((testers) => testers.filter(({ id }) => id !== 't1'));
    };
    await later(MINUTE, NEWS);
    apple.before = () => undefined;
    await later(MINUTE, NEWS);
    await later(MINUTE, NEWS);
    expect(await ids('betaTesters', `appId = '1'`)).toEqual(['t2', 't3', 't4', 't6', 't7']);
  });

  it('sweeps an app when a group of it is deleted', async () => {
    await sync();
    remove('betaGroups', 'g2');
    remove('betaTesters/2', 'u1');
    await later(MINUTE, NEWS);
    await later(MINUTE, NEWS);
    expect(await ids('betaTesters')).not.toContain('u1');
  });

  it('asks for those who were invited lately in every cycle, with one request', async () => {
    await sync();
    resize((testers) => [...testers, aTester('new1', { state: 'INVITED' }, ['g1'])]);
    await later(MINUTE, NEWS);
    const testers = apple.shelves['betaTesters/1'] ?? [];
    testers[testers.length - 1] = aTester('new1', { state: 'INSTALLED' }, ['g1']);
    await later(MINUTE, NEWS);
    expect(await db.query(`SELECT state FROM betaTesters WHERE id = 'new1'`)).toEqual([
      { state: 'INSTALLED' },
    ]);
    expect(apple.asked.filter((request) => request.startsWith('betaTesters'))).toEqual([
      'betaTesters/1#new1 1',
    ]);
    expect(await events()).toContainEqual({
      testerId: 'new1',
      kind: 'state',
      before: 'INVITED',
      after: 'INSTALLED',
    });
    // Whoever has installed is not asked for again.
    await later(MINUTE, NEWS);
    expect(swept()).toEqual(new Set());
  });

  it('sweeps apps with a build of today oftener', async () => {
    const [build, ...included] = aBuild('b9', '2', {
      attributes: { uploadedDate: new Date(clock.now()).toISOString() },
    });
    if (build) push('builds', build);
    apple.shelves['included b9'] = included;
    await sync();
    await later(4 * MINUTE, NEWS);
    expect(swept()).toEqual(new Set(['betaTesters/2']));
    await later(25 * 60 * MINUTE, NEWS);
    await later(4 * MINUTE, NEWS);
    expect(swept()).toEqual(new Set());
  });

  it('reads every app’s testers in turn, one at a time, as often as it costs little, and once a day at least', async () => {
    await sync();
    // Four pages and one: twenty minutes after the larger, five after the smaller, whichever was read last.
    const order: string[] = [];
    for (let cycle = 0; cycle < 24; cycle += 1) {
      await later(5 * MINUTE, NEWS);
      order.push([...swept()].join(' '));
    }
    expect(order.filter((one) => one.includes(' '))).toEqual([]);
    expect(new Set(order)).toEqual(new Set(['', 'betaTesters/1', 'betaTesters/2']));
    const pages = order.reduce((sum, one) => sum + (one.endsWith('1') ? 4 : one === '' ? 0 : 1), 0);
    expect(pages).toBeLessThanOrEqual(30);
  });
});

describe('absence', () => {
  const members = async (group: string) =>
    (await db.query('SELECT testerId FROM betaGroupTesters WHERE groupId = ? ORDER BY testerId', [group]))
      .length;
  const untell = (resource: ResourceObject, name: string): ResourceObject => ({
    ...resource,
    relationships: { ...resource.relationships, [name]: { links: {} } },
  });
  const untellAll = (list: string, name: string) => {
    apple.shelves[list] = (apple.shelves[list] ?? []).map((resource) => untell(resource, name));
  };

  it.each<[string, ResourceObject['relationships']]>([
    ['without data and meta', { betaTesters: { links: {} } }],
    ['with an empty list and no total', { betaTesters: { data: [] } }],
    ['with an empty list and a total of none', { betaTesters: { data: [], meta: { paging: { total: 0 } } } }],
    ['with null for a list', { betaTesters: { data: null } }],
    ['with one row and no total', { betaTesters: { data: [{ type: 'betaTesters', id: 't1' }] } }],
    ['without the relationship', {}],
  ])('of a group’s testers, told %s, empties no membership', async (_, relationships) => {
    await sync();
    const group = aGroup('g1', '1');
    apple.shelves.betaGroups = [
      { ...group, relationships: { app: { data: { type: 'apps', id: '1' } }, ...relationships } },
      aGroup('g2', '2', {}, 1),
    ];
    await later(MINUTE, NEWS);
    await later(MINUTE);
    expect(await members('g1')).toBe(7);
    expect(await events()).toEqual([]);
  });

  it.each(['full', 'incremental'] as const)('of testers’ groups empties no membership: %s', async (mode) => {
    await sync();
    const pages = [...(apple.shelves['betaTesters/1'] ?? [])];
    untellAll('betaTesters/1', 'betaGroups');
    apple.shelves['betaGroups/t1'] = [aGroup('g1', '1')];
    for (const { id } of pages) apple.shelves[`betaGroups/${id}`] = [aGroup('g1', '1')];
    await later(60 * MINUTE, { mode });
    expect(await members('g1')).toBe(7);
  });

  it('of a whole page’s relationships is not asked for one by one', async () => {
    const many = Array.from({ length: 40 }, (_, n) => aTester(`m${n}`, {}, ['g2']));
    apple = fakeAsc(
      {
        ...programme(),
        'betaTesters/2': many,
        betaGroups: [aGroup('g1', '1', {}, 7), aGroup('g2', '2', {}, 40)],
      },
      50,
    );
    await sync();
    untellAll('betaTesters/2', 'betaGroups');
    await later(MINUTE);
    expect(apple.asked.filter((request) => request.startsWith('betaGroups/'))).toEqual([]);
    expect(await members('g2')).toBe(40);
  });

  it('of one tester’s groups is asked for, and believed when it is told', async () => {
    await sync();
    const testers = apple.shelves['betaTesters/1'] ?? [];
    testers[2] = untell(aTester('t3', {}, []), 'betaGroups');
    apple.shelves['betaGroups/t3'] = [];
    await later(MINUTE);
    expect(apple.asked).toContain('betaGroups/t3 1');
    expect(await members('g1')).toBe(6);
  });

  it('of a build’s groups and texts is no news', async () => {
    await sync();
    untellAll('builds', 'betaGroups');
    untellAll('builds', 'betaBuildLocalizations');
    for (const id of ['b1', 'b2', 'b3']) {
      apple.shelves[`betaGroups/${id}`] = [aGroup('g1', '1')];
      apple.shelves[`betaBuildLocalizations/${id}`] = [
        { type: 'betaBuildLocalizations', id: `${id}-en`, attributes: {} },
      ];
    }
    const texts = (await ids('betaBuildLocalizations')).length;
    await later(MINUTE);
    expect(await db.query('SELECT buildId FROM buildGroups')).toHaveLength(3);
    expect((await ids('betaBuildLocalizations')).length).toBeGreaterThanOrEqual(texts);
  });

  it('of a row in the place of which another came twice makes nobody leave and join', async () => {
    await sync();
    const testers = [...(apple.shelves['betaTesters/1'] ?? [])];
    const repeat = (missing: number) => {
      apple.shelves['betaTesters/1'] = testers.map((tester, n) =>
        n === missing ? (testers[0] ?? tester) : tester,
      );
    };
    for (const missing of [4, 4, 4, 2]) {
      repeat(missing);
      await later(31 * MINUTE);
      expect(await ids('betaTesters', `appId = '1'`)).toHaveLength(7);
    }
    apple.shelves['betaTesters/1'] = testers;
    await later(31 * MINUTE);
    expect(await events()).toEqual([]);
    expect(await members('g1')).toBe(7);
  });

  it('of a row that is counted but never shown is believed after a day', async () => {
    await sync();
    const { list } = apple;
    remove('betaTesters/1', 't5');
    // Apple goes on counting seven.
    Object.assign(apple, {
      list: async (...args: Parameters<FakeAsc['list']>) => {
        const page = await list(...args);
        return page.document.data[0]?.type === 'betaTesters' ? { ...page, total: 7 } : page;
      },
    });
    await later(MINUTE);
    await later(60 * MINUTE);
    expect(await ids('betaTesters')).toContain('t5');
    await later(24 * 60 * MINUTE);
    expect(await ids('betaTesters')).not.toContain('t5');
  });

  it.each(['betaTesters/1', 'apps', 'betaGroups', 'builds'])(
    'of all rows of %s at once is believed only when it is told twice',
    async (list) => {
      await sync();
      const [table = ''] = list.split('/');
      const before = await ids(table);
      const rows = apple.shelves[list] ?? [];
      apple.shelves[list] = [];
      await later(MINUTE);
      expect(await ids(table)).toEqual(before);
      apple.shelves[list] = rows;
      await later(MINUTE);
      expect(await ids(table)).toEqual(before);
      expect(await events()).toEqual([]);

      apple.shelves[list] = [];
      await later(MINUTE);
      await later(MINUTE);
      expect((await ids(table)).length).toBeLessThan(before.length);
    },
  );

  it('of most rows is believed only when it is told twice', async () => {
    const many = Array.from({ length: 40 }, (_, n) => aTester(`m${n}`, {}, ['g2']));
    apple.shelves['betaTesters/2'] = many;
    await sync();
    apple.shelves['betaTesters/2'] = many.slice(0, 5);
    await later(MINUTE);
    expect(await ids('betaTesters', `appId = '2'`)).toHaveLength(40);
    await later(MINUTE);
    expect(await ids('betaTesters', `appId = '2'`)).toHaveLength(5);
  });
});

describe('a next page that leads nowhere', () => {
  const stuck = async () => (await syncStatus(db, clock.now()))[0]?.stuck;
  const checkpoints = () => db.query('SELECT scope FROM syncScopes WHERE nextUrl IS NOT NULL');
  /** Every answer about testers of app 1 says that it cannot be gone on with. */
  function refuse(isRefused: (next: string | undefined) => boolean = () => true): void {
    const refusedNext = ascError({ kind: 'foreign_host', message: 'The next page lies on another host.' });
    const { list, pageFrom } = apple;
    const spoil = async (answer: Promise<{ next: string | undefined }>) => {
      const page = await answer;
      return page.next?.includes('betaTesters/1') && isRefused(page.next) ? { ...page, refusedNext } : page;
    };
    Object.assign(apple, {
      list: (...args: Parameters<FakeAsc['list']>) => spoil(list(...args)),
      pageFrom: (...args: Parameters<FakeAsc['pageFrom']>) => spoil(pageFrom(...args)),
    });
  }

  it('is not kept, is told with its list and since when, and is over when it is over', async () => {
    const { list, pageFrom } = apple;
    refuse();
    const since = clock.now();
    expect(await sync()).toMatchObject({ status: 'failed', error: expect.stringContaining('another host') });
    expect(await checkpoints()).toEqual([]);
    expect(await account()).toMatchObject({
      status: 'incomplete',
      statusDetail: expect.stringContaining('another host'),
    });
    await later(11 * MINUTE);
    expect(await stuck()).toMatchObject([{ type: 'betaTesters', appName: 'App 1', since }]);
    // What came with the good page is shown all the same.
    expect(await ids('betaTesters', `appId = '1'`)).toEqual(['t1', 't2']);

    Object.assign(apple, { list, pageFrom });
    expect(await later(MINUTE, NEWS)).toMatchObject({ status: 'succeeded' });
    expect(await stuck()).toEqual([]);
    expect(await account()).toMatchObject({ status: 'ok', statusDetail: null });
    expect(await ids('betaTesters', `appId = '1'`)).toHaveLength(7);
  });

  it.each([
    ['on another host', ascError({ kind: 'foreign_host', message: 'elsewhere' })],
    ['that is not found', ascError({ kind: 'not_found', status: 404 })],
    ['that is refused', ascError({ kind: 'invalid_request', status: 400 })],
  ])('and was stored by an older version %s, is dropped at once', async (_, error) => {
    await sync();
    await db.write([
      {
        sql: `UPDATE syncScopes SET phase = 'running', nextUrl = 'https://fake/v1/betaTesters/1?cursor=4', updatedAt = ? WHERE scope = 'betaTesters/1'`,
        params: [clock.now()],
      },
    ]);
    failing('betaTesters/1 3', error, 1);
    expect(await later(MINUTE, NEWS)).toMatchObject({ status: 'succeeded' });
    expect(await ids('betaTesters', `appId = '1'`)).toHaveLength(7);
    expect(await stuck()).toEqual([]);
  });

  it('and goes round in circles, is dropped, and the list begins again', async () => {
    const { pageFrom } = apple;
    Object.assign(apple, {
      pageFrom: async (...args: Parameters<FakeAsc['pageFrom']>) => {
        const page = await pageFrom(...args);
        return args[1].includes('betaTesters/1') ? { ...page, next: args[1] } : page;
      },
    });
    await sync();
    expect(await checkpoints()).toEqual([]);
    expect(await account()).toMatchObject({ status: 'incomplete' });
    Object.assign(apple, { pageFrom });
    expect(await later(MINUTE, NEWS)).toMatchObject({ status: 'succeeded' });
    expect(apple.asked).toContain('betaTesters/1 1');
  });

  it('and keeps failing at the same place, is dropped after the second time', async () => {
    failing('betaTesters/1 3', ascError({ kind: 'malformed_response', status: 200 }));
    await sync();
    await later(MINUTE);
    apple.before = () => undefined;
    await later(MINUTE);
    expect(apple.asked).toContain('betaTesters/1 1');
    expect(await ids('betaTesters', `appId = '1'`)).toHaveLength(7);
  });

  it('and rows of another type are not taken for rows of the list', async () => {
    await sync();
    apple.shelves['betaTesters/2'] = [anApp('9')];
    expect(await later(MINUTE)).toMatchObject({ status: 'failed', error: expect.stringContaining('apps') });
    expect(await ids('betaTesters', `appId = '2'`)).toEqual(['u1']);
  });
});
