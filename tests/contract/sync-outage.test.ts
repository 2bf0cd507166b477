import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AscWriter } from '@/lib/asc/client-interface';
import type { AscFetch } from '@/lib/asc/transport/types';
import type { Sandbox } from '@/lib/sandbox/server';
import type { SyncMode } from '@/lib/sync/run';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { addAccount, quietSandbox, sandboxClient, syncOnce } from '@/tests/factories/synced';
import { type VirtualTime, virtualTime } from '@/tests/factories/virtual-time';

const SECOND = 1_000;
const MINUTE = 60_000;

let sandbox: Sandbox;
let db: TestDatabase;
let time: VirtualTime;
/** One for all runs, as in the worker: it remembers what went wrong. */
let asc: AscWriter;
let asked: string[];
/** What becomes of a request instead of an answer. */
let instead: (path: string) => Response | Promise<Response> | undefined;

beforeEach(async () => {
  sandbox = await quietSandbox();
  db = await testDatabase();
  await addAccount(db);
  time = virtualTime();
  time.lead(sandbox);
  asked = [];
  instead = () => undefined;
  const fetch: AscFetch = async (url, init) => {
    const { pathname, search } = new URL(url);
    asked.push(pathname + search);
    return (await instead(pathname + search)) ?? time.fetch(url, init);
  };
  const sleep = (ms: number, signal?: AbortSignal) => time.clock.sleep(ms, signal);
  asc = sandboxClient(sandbox, { fetch, clock: time.clock.now, sleep, random: () => 0.5 });
});
afterEach(async () => {
  await db.close();
  await sandbox.close();
});

const failure = () =>
  Response.json({ errors: [{ status: '500', code: 'UNEXPECTED_ERROR', title: 'No.' }] }, { status: 500 });
const cutOff = () => Promise.reject(new TypeError('terminated', { cause: { code: 'UND_ERR_SOCKET' } }));
const refusedConnection = () =>
  Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }));

function sync(mode: SyncMode = 'incremental', scopes: string[] = []) {
  asked.length = 0;
  return time.drive(syncOnce(db, asc, { mode, scopes, clock: time.clock }));
}
const later = async (ms: number) => {
  await time.drive(time.clock.sleep(ms));
  return sync();
};
const account = async () =>
  (
    await db.query<{ status: string; statusDetail: string | null }>(
      'SELECT status, statusDetail FROM "Account"',
    )
  )[0];
const apps = () => [...sandbox.parts().world.store.all('apps').keys()];
const feedbackOf = (id: string) => `/v1/apps/${id}/betaFeedback`;
const testersOf = (id: string) => `/v1/betaTesters?filter[apps]=${id}`;
const readAt = async (scope: string) =>
  (await db.query<{ at: number }>('SELECT completedAt AS at FROM syncScopes WHERE scope = ?', [scope]))[0]
    ?.at;

describe('an outage', () => {
  it.each(['incremental', 'full'] as const)('is over within a minute of its end: %s', async (mode) => {
    if (mode === 'incremental') await sync('full');
    instead = failure;
    expect(await sync()).toMatchObject({ status: 'failed', isPassing: true, isPartial: false });
    for (let run = 0; run < 4; run += 1) expect(await later(30 * SECOND)).toMatchObject({ status: 'failed' });
    expect(await account()).toMatchObject({ status: 'server' });
    instead = () => undefined;
    const results = [await later(30 * SECOND), await later(30 * SECOND)];
    expect(results.map(({ status }) => status)).toContain('succeeded');
    expect(await account()).toEqual({ status: 'ok', statusDetail: null });
  });

  it('of the way to Apple is told as such, soon and with the reason', async () => {
    await sync('full');
    instead = refusedConnection;
    const since = time.clock.now();
    expect(await sync()).toMatchObject({ status: 'failed', isPassing: true, isPartial: false });
    expect(time.clock.now() - since).toBeLessThan(30 * SECOND);
    expect(asked.length).toBeLessThanOrEqual(12);
    expect(await account()).toMatchObject({
      status: 'unreachable',
      statusDetail: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('lists that always fail', () => {
  it('keep a full pass open for ten minutes, and nothing from being renewed after that', async () => {
    const [app = ''] = apps();
    instead = (path) => (path.startsWith(feedbackOf(app)) ? failure() : undefined);
    expect(await sync('full')).toMatchObject({ status: 'failed', mode: 'full', isPartial: true });
    for (let run = 0; run < 20; run += 1) expect(await later(30 * SECOND)).toMatchObject({ mode: 'full' });
    await later(MINUTE);
    const renewed = await readAt('apps');
    expect(await later(MINUTE)).toMatchObject({ mode: 'incremental', status: 'failed' });
    expect(await readAt('apps')).toBeGreaterThan(renewed ?? 0);
    instead = () => undefined;
    await later(MINUTE);
    expect(await later(MINUTE)).toMatchObject({ mode: 'incremental', status: 'succeeded' });
    expect(await readAt(`betaFeedbackCrashSubmissions/${app}`)).toBeGreaterThan(renewed ?? 0);
  });

  it.each(['full', 'incremental'] as const)('because they are cut off end nothing else: %s', async (mode) => {
    const [app = ''] = apps();
    if (mode === 'incremental') await sync('full');
    instead = (path) => (path.startsWith(feedbackOf(app)) ? cutOff() : undefined);
    await time.drive(time.clock.sleep(30 * MINUTE));
    expect(await sync(mode)).toMatchObject({ status: 'failed', mode, isPassing: true, isPartial: true });
    expect(await account()).toMatchObject({ status: 'unreachable' });
    expect(decodeURIComponent(asked.join('\n'))).toContain('/v1/betaTesters?');
  });
});

describe('what a person looks at', () => {
  it('is read though an older pass is still open, and only once', async () => {
    const [app = '', other = ''] = apps();
    instead = (path) => (path.startsWith(feedbackOf(app)) ? cutOff() : undefined);
    await sync('full');
    await time.drive(time.clock.sleep(MINUTE));
    await sync('scoped', [`betaTesters/${other}`, `feedback/${app}`]);
    const shown = decodeURIComponent(asked.join('\n'));
    expect(shown).toContain(testersOf(other));
    expect(shown).not.toContain(testersOf(app));
    expect(asked.filter((path) => path.startsWith(feedbackOf(app))).length).toBeLessThanOrEqual(6);
    instead = () => undefined;
    await time.drive(time.clock.sleep(MINUTE));
    expect(await sync('scoped', [`feedback/${app}`, 'builds'])).toMatchObject({ status: 'succeeded' });
    expect(asked.filter((path) => path.startsWith(feedbackOf(app)))).toHaveLength(2);
    expect(asked.filter((path) => path.startsWith('/v1/builds'))).toHaveLength(1);
  });
});
