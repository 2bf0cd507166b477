import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getMirror } from '@/lib/mirror/query/get';
import type { FaultRule } from '@/lib/sandbox/http/faults';
import type { Sandbox } from '@/lib/sandbox/server';
import { syncStatus } from '@/lib/sync/status';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { lockWrites } from '@/tests/factories/lock-holder';
import { ACCOUNT, addAccount, quietSandbox, sandboxClient, syncOnce } from '@/tests/factories/synced';

let sandbox: Sandbox;
let db: TestDatabase;

beforeEach(async () => {
  sandbox = await quietSandbox();
  db = await testDatabase();
  await addAccount(db);
});
afterEach(async () => {
  await db.close();
  await sandbox.close();
});

const fault = (rule: FaultRule) => sandbox.parts().faults.add(rule);
const heal = () => sandbox.parts().faults.remove(null);
const requests = () => sandbox.parts().requests.entries();
const sync = (mode: 'full' | 'incremental' = 'full') => syncOnce(db, sandboxClient(sandbox), { mode });
const count = async (table: string) =>
  (await db.query<{ n: number }>(`SELECT COUNT(*) AS n FROM "${table}"`))[0]?.n;
const account = async () =>
  (await db.query<Record<string, unknown>>('SELECT status, statusDetail, statusAt FROM "Account"'))[0];

const TESTERS = '/v1/betaTesters';

describe('a key revoked in the middle', () => {
  it('makes at most two further calls, says so with the time, and a new key goes on without loss', async () => {
    await sync();
    const whole = { testers: await count('betaTesters'), members: await count('betaGroupTesters') };
    let isRefused = false;
    let further = 0;
    const asc = sandboxClient(sandbox, {
      fetch: async (url, init) => {
        if (isRefused) further += 1;
        const answer = await globalThis.fetch(url, init);
        if (answer.status === 401) isRefused = true;
        return answer;
      },
    });
    let isRevoked = false;
    const result = await syncOnce(db, asc, {
      mode: 'full',
      onProgress: ({ perType }) => {
        if (isRevoked || (perType.betaGroups?.seen ?? 0) === 0) return;
        isRevoked = true;
        sandbox.parts().keys.revoke(sandbox.keyId, 401);
      },
    });
    expect(result).toMatchObject({ status: 'failed', isPassing: false });
    expect(isRefused).toBe(true);
    expect(further).toBeLessThanOrEqual(2);
    expect(await account()).toMatchObject({ status: 'unauthorized', statusAt: expect.any(Number) });
    expect(await count('betaTesters')).toBe(whole.testers);

    sandbox.parts().keys.revoke(sandbox.keyId, null);
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    expect({ testers: await count('betaTesters'), members: await count('betaGroupTesters') }).toEqual(whole);
    expect(await account()).toMatchObject({ status: 'ok', statusDetail: null });
  });
});

describe('a missing agreement', () => {
  it('has a status of its own and causes no storm', async () => {
    const detail = 'A required agreement is missing or has expired.';
    fault({ kind: 'status', status: 403, code: 'FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED', detail });
    expect(await sync()).toMatchObject({ status: 'failed', error: expect.stringContaining(detail) });
    expect(await account()).toMatchObject({ status: 'agreement_missing' });
    expect(requests().length).toBeLessThanOrEqual(6);
  });
});

describe('answers that cannot be used', () => {
  it.each<[FaultRule['kind']]>([['malformed'], ['truncate'], ['missing-data']])(
    'stores nothing of a %s page, keeps the rest, and reads it next time',
    async (kind) => {
      fault({ kind, route: TESTERS, method: 'GET' });
      const result = await sync();
      expect(result).toMatchObject({ status: 'failed' });
      expect(result.error).toMatch(/betaTesters/);
      expect(await count('betaTesters')).toBe(0);
      expect(await count('builds')).toBe(12);
      heal();
      expect(await sync()).toMatchObject({ status: 'succeeded' });
      expect(await count('betaTesters')).toBe(60);
    },
    60_000,
  );

  // Of one app: five pages of HTML in a row are taken for an outage of everything, and how the lists meet is chance.
  it('stores nothing of a page of HTML, keeps the rest, and reads it next time', async () => {
    const [app] = [...sandbox.parts().world.store.all('apps').keys()];
    const asc = sandboxClient(sandbox, {
      fetch: async (url, init) => {
        const { pathname, searchParams } = new URL(String(url));
        const isHit = pathname === TESTERS && searchParams.get('filter[apps]') === app;
        return isHit
          ? new Response('<html><body>Sign in</body></html>', { headers: { 'content-type': 'text/html' } })
          : globalThis.fetch(url, init);
      },
    });
    const result = await syncOnce(db, asc);
    expect(result).toMatchObject({ status: 'failed', error: expect.stringMatching(/betaTesters/) });
    const ofApp = `SELECT COUNT(*) AS n FROM "betaTesters" WHERE "appId" = ?`;
    expect(await db.query(ofApp, [app ?? ''])).toEqual([{ n: 0 }]);
    expect(await count('builds')).toBe(12);
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    expect(await count('betaTesters')).toBe(60);
  }, 60_000);

  it('keeps values Apple has added since, and shows them', async () => {
    fault({ kind: 'unknown-values' });
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    expect(await count('betaTesters')).toBe(60);
  });

  it('keeps rows whose attributes are null', async () => {
    fault({ kind: 'null-attributes', route: TESTERS });
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    expect(await count('betaTesters')).toBe(60);
  });

  it('keeps what an included resource said when it is missing once', async () => {
    await sync();
    const [known] = await db.query<{ id: string }>(
      'SELECT id FROM builds WHERE externalBuildState IS NOT NULL',
    );
    const before = (await getMirror(db, ACCOUNT, 'builds', known?.id ?? ''))?.data.meta;
    fault({ kind: 'without-included', route: '/v1/builds' });
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    const after = (await getMirror(db, ACCOUNT, 'builds', known?.id ?? ''))?.data.meta;
    expect({ ...after, fetchedAt: 0 }).toEqual({ ...before, fetchedAt: 0 });
    expect(
      await db.query('SELECT id FROM builds WHERE internalBuildState IS NULL OR platform IS NULL'),
    ).toEqual([]);
  });
});

describe('an outage', () => {
  it('retries a short one without anybody noticing', async () => {
    fault({ kind: 'status', status: 500, count: 1 });
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    expect(await count('betaTesters')).toBe(60);
  }, 60_000);

  it('gives up on a long one soon, says so, and removes nothing', async () => {
    await sync();
    fault({ kind: 'status', status: 503 });
    const before = requests().length;
    expect(await sync()).toMatchObject({ status: 'failed', isPassing: true });
    expect(requests().length - before).toBeLessThanOrEqual(12);
    expect(await account()).toMatchObject({ status: 'server' });
    expect(await count('betaTesters')).toBe(60);
    heal();
  }, 60_000);
});

describe('a limit of requests', () => {
  it('waits as long as Apple says and tells until when', async () => {
    fault({ kind: 'status', status: 429, code: 'RATE_LIMIT_EXCEEDED', retryAfter: 5, count: 1 });
    let isOver = false;
    const running = sync().finally(() => {
      isOver = true;
    });
    let told: number | null = null;
    const from = Date.now();
    while (!isOver && told === null) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      told = (await syncStatus(db, Date.now()))[0]?.waitingUntil ?? null;
    }
    const result = await running;
    expect(result).toMatchObject({ status: 'succeeded' });
    expect(told).toBeGreaterThan(from);
    const hit = requests().findIndex(({ status }) => status === 429);
    const at = requests()[hit]?.at ?? 0;
    const early = requests().filter((entry) => entry.at > at + 1_500 && entry.at < at + 4_750);
    expect(early).toEqual([]);
    expect((await syncStatus(db, Date.now()))[0]).toMatchObject({ status: 'idle', waitingUntil: null });
  }, 60_000);
});

describe('a locked database', () => {
  it('waits for the lock and loses nothing', async () => {
    let asked = 0;
    let released: Promise<void> | undefined;
    const asc = sandboxClient(sandbox, {
      fetch: async (url, init) => {
        const answer = await globalThis.fetch(url, init);
        asked += 1;
        if (asked === 3) {
          const release = await lockWrites(db);
          released = new Promise((resolve) => setTimeout(resolve, 1500)).then(release);
        }
        return answer;
      },
    });
    const result = await syncOnce(db, asc);
    await released;
    expect(released).toBeDefined();
    expect(result).toMatchObject({ status: 'succeeded', requests: 9 });
    expect(await count('betaTesters')).toBe(60);
  }, 60_000);
});

describe('an address that leads elsewhere', () => {
  it('is not followed', async () => {
    const elsewhere = await quietSandbox();
    sandbox.parts().world.settings.latencyMs = 0;
    fault({ kind: 'next-foreign', route: '/v1/betaGroups', origin: elsewhere.baseUrl });
    const result = await sync();
    expect(result.status).toBe('failed');
    expect(elsewhere.parts().requests.entries()).toEqual([]);
    await elsewhere.close();
  });
});
