import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '@/lib/access/policy';
import { entryOf } from '@/lib/asc/catalogue';
import { RESOURCE_TYPES, type ResourceType } from '@/lib/asc/catalogue/types';
import {
  allOperations,
  isOffered,
  isPaged,
  isWrite,
  methodOf,
  type OperationAddress,
  pathOf,
} from '@/lib/asc/operations';
import { isMirrorType } from '@/lib/mirror/query/facts';
import { mirroredRelated } from '@/lib/services/resources/mirrored-related';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';
import { type Attempt, createAttempts } from '@/tests/factories/sandbox-attempts';

let bench: ApiBench;
let attempts: Readonly<Record<string, () => Attempt>>;

beforeAll(async () => {
  bench = await apiBench({ seed: 7, epochMs: Date.parse('2026-06-15T09:00:00Z') });
  attempts = createAttempts(bench.sandbox);
});
afterAll(() => bench.close());

const OPERATIONS = allOperations().map((address) => ({
  address,
  name: `${methodOf(address.operation)} ${pathOf(address, '{id}')}`,
}));
const READS = OPERATIONS.filter(({ address }) => !isWrite(address.operation));
// Whole resources are deleted last: what is asked of them before must still be in the mirror.
const WRITES = OPERATIONS.filter(({ address }) => isWrite(address.operation)).sort(
  (a, b) => Number(a.address.operation === 'delete') - Number(b.address.operation === 'delete'),
);

const addressOf = (address: OperationAddress, id: string) => `/api${pathOf(address, id)}`;
const store = () => bench.sandbox.parts().world.store;
const anyId = (type: ResourceType) => [...store().all(type).values()][0]?.id;
const isLocal = (address: OperationAddress) =>
  (isMirrorType(address.type) && ['list', 'get'].includes(address.operation)) ||
  mirroredRelated(address) !== null;

/** What some reads insist on. */
function neededQuery({ type, operation, name = '' }: OperationAddress): string {
  if (operation === 'list' && type === 'betaAppReviewDetails') return `?filter[app]=${anyId('apps')}`;
  if (operation === 'metrics' && type === 'betaTesters') return `?filter[apps]=${anyId('apps')}`;
  if (operation === 'metrics' && name === 'betaTesterUsages') return '?groupBy=betaTesters&period=P30D';
  return '';
}

describe('without a session', () => {
  it.each(OPERATIONS)('$name answers 401 and asks nobody', async ({ address }) => {
    bench.upstream();
    const answer = await bench.call(methodOf(address.operation), addressOf(address, 'some-id'), {
      as: null,
      ...(isWrite(address.operation) ? { body: {} } : {}),
    });
    expect(answer.status).toBe(401);
    expect(answer.body.errors[0].code).toBe('FLIGHTDECK.SIGNED_OUT');
    expect(bench.upstream()).toBe(0);
  });
});

/** The least role to read and to write, type by type where it is not viewer and manager. */
const SETTINGS: readonly ResourceType[] = [
  'users',
  'webhooks',
  'webhookDeliveries',
  'webhookEvents',
  'webhookPings',
];
const FEEDBACK: readonly ResourceType[] = [
  'betaFeedbackCrashSubmissions',
  'betaFeedbackScreenshotSubmissions',
  'betaCrashLogs',
];

function leastRole({ type, operation, name = '' }: OperationAddress): Role {
  const isSettings = SETTINGS.includes(type) || name === 'webhooks';
  if (isWrite(operation)) return isSettings ? 'admin' : FEEDBACK.includes(type) ? 'triager' : 'manager';
  return isSettings ? 'manager' : 'viewer';
}

describe('the role × operation matrix', () => {
  it.each(OPERATIONS)('$name is for its roles only', async ({ address }) => {
    const least = ROLES.indexOf(leastRole(address));
    for (const [rank, role] of ROLES.entries()) {
      bench.upstream();
      const answer = await bench.call(methodOf(address.operation), addressOf(address, 'no-such-id'), {
        as: role,
        ...(isWrite(address.operation) && address.operation !== 'delete' ? { body: {} } : {}),
      });
      const permission = answer.body?.errors?.[0]?.meta?.permission;
      const isRefused = answer.status === 403 && permission !== 'apple:read';
      expect([role, isRefused]).toEqual([role, rank < least]);
      if (role === 'viewer') expect(bench.upstream()).toBe(0);
    }
  });
});

describe('what Apple does not offer', () => {
  const kinds = ['list', 'create', 'get', 'update', 'delete'] as const;
  const missing = RESOURCE_TYPES.flatMap((type) =>
    kinds
      .filter((operation) => !isOffered({ type, operation }))
      // Lists and details of what the mirror keeps are Flightdeck's own, whether Apple has them or not.
      .filter((operation) => !(isMirrorType(type) && ['list', 'get'].includes(operation)))
      .map((operation) => ({ name: `${operation} ${type}`, address: { type, operation } })),
  );
  it.each(missing)('$name answers 405', async ({ address }) => {
    const method = methodOf(address.operation);
    const answer = await bench.call(method, addressOf(address, 'x'), method === 'GET' ? {} : { body: {} });
    expect([answer.status, answer.body.errors[0].code]).toEqual([405, 'FLIGHTDECK.NOT_OFFERED']);
  });

  const verbs = ['linkage', 'addLinkage', 'removeLinkage', 'replaceLinkage'] as const;
  const linkages = RESOURCE_TYPES.flatMap((type) =>
    Object.keys(entryOf(type).linkages).flatMap((name) =>
      verbs
        .filter((operation) => !isOffered({ type, operation, name }))
        .map((operation) => ({ name: `${operation} ${type}.${name}`, address: { type, operation, name } })),
    ),
  );
  it.each(linkages)('$name answers 405', async ({ address }) => {
    const method = methodOf(address.operation);
    const answer = await bench.call(
      method,
      addressOf(address, 'x'),
      method === 'GET' ? {} : { body: { data: [] } },
    );
    expect(answer.status).toBe(405);
  });

  it('answers 404 for unknown types, relationships and figures, with every method', async () => {
    for (const path of ['/api/v1/inAppPurchases', '/api/v1/__proto__', '/api/v1/constructor/1']) {
      for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) {
        const answer = await bench.call(method, path, method === 'GET' ? {} : { body: {} });
        if (answer.body) expect([path, answer.status]).toEqual([path, 404]);
        expect([404, 405]).toContain(answer.status);
      }
    }
    for (const path of [
      'apps/1/nothing',
      'apps/1/relationships/nothing',
      'apps/1/metrics/nothing',
      'apps/1/__proto__',
    ]) {
      expect([path, (await bench.call('GET', `/api/v1/${path}`)).status]).toEqual([path, 404]);
    }
  });
});

describe('wrong requests', () => {
  it.each(READS)('$name names the parameter that is wrong', async ({ address }) => {
    bench.upstream();
    const id = anyId(address.type) ?? 'some-id';
    const answer = await bench.call('GET', `${addressOf(address, id)}?bogus=1`);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { source: unknown }) => error.source)).toContainEqual({
      parameter: 'bogus',
    });
    expect(bench.upstream()).toBe(0);
  });

  it.each(READS.filter(({ address }) => address.operation === 'list'))(
    '$name refuses unknown filters, sorts, includes and fields',
    async ({ address }) => {
      for (const parameter of ['filter[bogus]', 'sort', 'include', 'fields[bogus]']) {
        const answer = await bench.call('GET', `${addressOf(address, '')}?${parameter}=bogus`);
        expect([parameter, answer.status]).toEqual([parameter, 400]);
        const named = answer.body.errors.map(
          (error: { source: { parameter: string } }) => error.source.parameter,
        );
        expect(named).toContain(parameter);
      }
    },
  );

  it.each(WRITES.filter(({ address }) => address.operation !== 'delete'))(
    '$name refuses another form and extra keys, and sends nothing',
    async ({ address }) => {
      const audited = await countAudit();
      bench.upstream();
      const method = methodOf(address.operation);
      const path = addressOf(address, 'some-id');
      const bodies = [
        {},
        { data: null },
        { data: { type: address.type, surprise: 1 } },
        [],
        'text',
        { data: {}, extra: 1 },
      ];
      for (const body of bodies) {
        const answer = await bench.call(method, path, { body: JSON.stringify(body) });
        expect([JSON.stringify(body), [400, 409].includes(answer.status)]).toEqual([
          JSON.stringify(body),
          true,
        ]);
        expect(answer.body.errors[0].source.pointer).toMatch(/^(\/|$)/);
      }
      const broken = await bench.call(method, path, { body: '{"data":' });
      expect(broken.status).toBe(400);
      const form = await bench.call(method, path, { body: 'a=1', headers: { 'content-type': 'text/plain' } });
      expect(form.status).toBe(415);
      expect([bench.upstream(), await countAudit()]).toEqual([0, audited]);
    },
  );
});

/** What the small programme does not have: types without a member, and to-one relationships that are empty. */
const ABSENT = new Set([
  'betaCrashLogs',
  'betaGroups/betaRecruitmentCriteria',
  'buildBundles/appClipDomainCacheStatus',
  'buildBundles/appClipDomainDebugStatus',
  'builds/appEncryptionDeclaration',
  'builds/appStoreVersion',
  'webhooks',
  'webhooks/deliveries',
]);

describe('reads', () => {
  it.each(READS)('$name answers', async ({ address }) => {
    const id = anyId(address.type) ?? 'no-such-id';
    const answer = await bench.call('GET', addressOf(address, id) + neededQuery(address));
    if (ABSENT.has([address.type, address.name].filter(Boolean).join('/'))) {
      expect(answer.status).toBe(404);
      return expect(answer.body.errors[0]).toMatchObject({ code: 'NOT_FOUND', meta: { apple: true } });
    }
    expect([answer.status, answer.text.slice(0, 300)]).toEqual([200, answer.text.slice(0, 300)]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body.meta.source).toBe(isLocal(address) ? 'mirror' : 'apple');
    if (isPaged(address) && address.operation !== 'report') {
      expect(answer.body.data).toBeInstanceOf(Array);
      expect(decodeURIComponent(answer.body.links.self)).toBe(addressOf(address, id) + neededQuery(address));
    }
  });

  it.each(READS.filter(({ address }) => !isLocal(address)))(
    '$name hands on the request limit as 429 with the time to wait',
    async ({ address }) => {
      await forget();
      const id = anyId(address.type) ?? 'some-id';
      bench.sandbox.parts().faults.add({ kind: 'status', status: 429, retryAfter: 600, count: 1 });
      const answer = await bench.call('GET', addressOf(address, id) + neededQuery(address));
      bench.sandbox.parts().faults.remove(null);
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(300);
      // Other processes learn of it too, soon after the answer.
      const blocked = () => bench.db.query('SELECT scope FROM keyBudgets WHERE blockedUntil IS NOT NULL');
      await expect.poll(async () => (await blocked()).length).toBe(1);
    },
  );
});

it('leads through a list page by page, from the mirror and through Apple alike, each row once', async () => {
  await forget();
  const lists = [
    '/api/v1/betaTesters?limit=7',
    `/api/v1/betaGroups/${anyId('betaGroups')}/relationships/betaTesters?limit=3`,
  ];
  for (const first of lists) {
    const seen: string[] = [];
    let total = 0;
    for (let next: string | undefined = first; next !== undefined; ) {
      const { status, body } = await bench.call('GET', next);
      expect([next, status]).toEqual([next, 200]);
      seen.push(...body.data.map((one: { id: string }) => one.id));
      total = body.meta.total;
      next = body.links.next;
    }
    expect([new Set(seen).size, seen.length]).toEqual([total, total]);
    expect(total).toBeGreaterThan(3);
  }
});

/** New clients, no kept answers, no limit remembered: what earlier tests met must not matter. */
async function forget(): Promise<void> {
  // The sandbox is set back, so what an earlier test removed is there again.
  await bench.db.write([
    { sql: 'DELETE FROM documents', params: [] },
    { sql: 'DELETE FROM tombstones', params: [] },
    { sql: 'DELETE FROM keyBudgets', params: [] },
    { sql: 'DELETE FROM keySpending', params: [] },
  ]);
  await bench.restart();
}

interface AuditRow {
  readonly action: string;
  readonly type: string;
  readonly status: string;
  readonly actorEmail: string;
  readonly resourceId: string | null;
  readonly accountId: string;
}

const newestAudit = async () =>
  (await bench.db.query<AuditRow>('SELECT * FROM auditEntries ORDER BY seq DESC LIMIT 1'))[0];
const countAudit = async () =>
  (await bench.db.query<{ n: number }>('SELECT count(*) AS n FROM auditEntries'))[0]?.n;

/** Carries out a write; what is deleted for good has its name typed. */
async function perform(address: OperationAddress, { id = '', body }: Partial<Attempt>) {
  const confirmed = address.operation === 'delete' ? entryOf(address.type).confirmDelete : undefined;
  const column = address.type === 'betaTesters' ? 'email' : 'name';
  const [row] =
    typeof confirmed === 'string'
      ? [{ name: confirmed }]
      : confirmed
        ? await bench.db.query<{ name: string }>(
            `SELECT "${column}" AS name FROM "${address.type}" WHERE id = ?`,
            [id],
          )
        : [];
  return bench.call(methodOf(address.operation), addressOf(address, id), {
    ...(body === undefined ? {} : { body }),
    headers: row ? { 'flightdeck-confirm': encodeURIComponent(row.name) } : {},
  });
}

describe('writes', () => {
  beforeEach(async () => {
    bench.sandbox.reset();
    await forget();
  });

  it.each(
    WRITES.filter(({ address }) => address.operation === 'delete' && entryOf(address.type).confirmDelete),
  )('$name wants it typed, and asks Apple nothing before', async ({ name, address }) => {
    const before = await countAudit();
    const target = addressOf(address, attempts[name]?.().id ?? '');
    const headers = { 'flightdeck-confirm': 'something else' };
    for (const more of [{}, { headers }]) {
      const answer = await bench.call('DELETE', target, more);
      expect([answer.status, answer.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.CONFIRM']);
    }
    // No intent in the trail, no call.
    expect(await countAudit()).toBe(before);
  });

  it.each(WRITES)('$name reaches Apple, the mirror and the trail', async ({ name, address }) => {
    const attempt = attempts[name]?.() ?? {};
    const before = store().changes;
    const answer = await perform(address, attempt);
    expect([answer.status < 300, answer.text.slice(0, 400)]).toEqual([true, answer.text.slice(0, 400)]);
    if (name !== 'POST /v1/buildBetaNotifications') expect(store().changes).toBeGreaterThan(before);
    expect(await newestAudit()).toMatchObject({
      action: address.operation,
      type: address.type,
      status: 'succeeded',
      actorEmail: 'admin@example.com',
      resourceId: address.operation === 'create' ? null : attempt.id,
      accountId: ACCOUNT,
    });
    await expectMirrored(address, attempt, answer.body.data?.id ?? attempt.id);
  });

  it.each(WRITES)('$name keeps Apple’s refusal as it came', async ({ name, address }) => {
    const attempt = attempts[name]?.() ?? {};
    bench.sandbox.parts().faults.add({
      kind: 'status',
      status: 409,
      code: 'STATE_ERROR.SOME_REASON',
      title: 'Some title',
      detail: 'Some reason of Apple’s.',
      method: methodOf(address.operation),
      count: 1,
    });
    const before = store().changes;
    const answer = await perform(address, attempt);
    expect(answer.status).toBe(409);
    expect(answer.body.errors[0]).toMatchObject({
      code: 'STATE_ERROR.SOME_REASON',
      title: 'Some title',
      detail: 'Some reason of Apple’s.',
      meta: { apple: true },
    });
    expect(store().changes).toBe(before);
    expect(await newestAudit()).toMatchObject({
      action: address.operation,
      type: address.type,
      status: 'failed',
    });
  });

  it.each(WRITES)('$name hands on the request limit as 429', async ({ name, address }) => {
    const attempt = attempts[name]?.() ?? {};
    bench.sandbox
      .parts()
      .faults.add({ kind: 'status', status: 429, retryAfter: 600, method: methodOf(address.operation) });
    const answer = await perform(address, attempt);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(300);
    expect(await newestAudit()).toMatchObject({ status: 'failed', type: address.type });
  });
});

/** Where a linkage lies in the mirror: table, column of the owner, column of the other side. */
const MEMBERSHIPS: Readonly<Record<string, readonly [table: string, owner: string, other: string]>> = {
  'betaGroups.betaTesters': ['betaGroupTesters', 'groupId', 'testerId'],
  'betaTesters.betaGroups': ['betaGroupTesters', 'testerId', 'groupId'],
  'betaGroups.builds': ['buildGroups', 'groupId', 'buildId'],
  'builds.betaGroups': ['buildGroups', 'buildId', 'groupId'],
  'builds.individualTesters': ['buildTesters', 'buildId', 'testerId'],
  'betaTesters.builds': ['buildTesters', 'testerId', 'buildId'],
};

async function expectMirrored(
  { type, operation, name = '' }: OperationAddress,
  attempt: Attempt,
  id: string,
): Promise<void> {
  const { data } = (attempt.body ?? {}) as {
    data?: { attributes?: Record<string, unknown> } | { id: string }[];
  };
  const membership = MEMBERSHIPS[`${type}.${name}`];
  if (membership && Array.isArray(data)) {
    const [table, owner, other] = membership;
    for (const target of data) {
      const rows = await bench.db.query(`SELECT 1 FROM "${table}" WHERE "${owner}" = ? AND "${other}" = ?`, [
        id,
        target.id,
      ]);
      expect(rows).toHaveLength(operation === 'addLinkage' ? 1 : 0);
    }
  }
  if (!isMirrorType(type) || name !== '') return;
  if (operation === 'delete') {
    const isFeedback = FEEDBACK.includes(type);
    const rows = await bench.db.query(
      `SELECT 1 FROM "${isFeedback ? 'feedback' : type}" WHERE id = ?${isFeedback ? ' AND goneAt IS NULL' : ''}`,
      [id],
    );
    return expect(rows).toHaveLength(0);
  }
  const read = await bench.call('GET', `/api/v1/${type}/${encodeURIComponent(id)}`, { as: 'viewer' });
  expect([read.status, read.text.slice(0, 200)]).toEqual([200, read.text.slice(0, 200)]);
  const { email: _, ...attributes } = Array.isArray(data) ? {} : (data?.attributes ?? {});
  expect(read.body.data.attributes).toMatchObject(attributes as object);
}
