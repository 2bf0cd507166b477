import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { type AscWriter, createAscClient } from '@/lib/asc/client';
import { checkCredential } from '@/lib/asc/key';
import { allOperations, isPaged, methodOf, type OperationAddress, pathOf } from '@/lib/asc/operations';
import type { AscQuery } from '@/lib/asc/query-types';
import type { Credential } from '@/lib/asc/transport/token';
import { type Sandbox, startSandbox } from '@/lib/sandbox/server';
import { newPrivateKey } from '../unit/asc/fake-apple';

let sandbox: Sandbox;
let credential: Credential;
let client: AscWriter;

beforeAll(async () => {
  sandbox = await startSandbox({ size: 'small', seed: 7 });
  const { issuerId, keyId, privateKey } = sandbox;
  credential = { kind: 'team', issuerId, keyId, privateKey };
  client = createAscClient({ baseUrl: sandbox.baseUrl, credential });
});

afterAll(() => sandbox?.close());

/** An id of the type in the sandbox's own data. */
async function anyId(type: ResourceType): Promise<string | undefined> {
  const response = await fetch(`${sandbox.baseUrl}/sandbox/resources/${type}`);
  const all = (await response.json()) as readonly { id: string }[];
  return Array.isArray(all) ? all[0]?.id : undefined;
}

const reads = allOperations()
  .filter((address) => methodOf(address.operation) === 'GET')
  .map((address) => [`${methodOf(address.operation)} ${pathOf(address, '{id}')}`, address] as const);

describe('the client and the sandbox', () => {
  it.each(reads)('%s is understood by both', async (_name, address: OperationAddress) => {
    const id = (await anyId(address.type)) ?? 'no-such-id';
    const required: Record<string, AscQuery> = {
      'list betaAppReviewDetails': { filter: { app: await anyId('apps') } },
      'list betaAppReviewSubmissions': { filter: { build: await anyId('builds') } },
      'metrics betaTesters': { filter: { apps: await anyId('apps') } },
    };
    const perTester: AscQuery = { groupBy: ['betaTesters'], period: 'P30D' };
    const isPerTester = address.name === 'betaTesterUsages' && address.type !== 'betaTesters';
    const query = isPerTester ? perTester : (required[`${address.operation} ${address.type}`] ?? {});
    try {
      const answer = await client.perform({ ...address, id, query });
      expect(answer.status).toBe(200);
      if (isPaged(address) && address.operation !== 'report') {
        expect(answer.document).toMatchObject({ data: expect.any(Array) });
      }
    } catch (error) {
      // The type may have no instance in the small programme, or the instance no such related resource.
      expect(error).toMatchObject({ kind: 'not_found' });
    }
  });

  it('read a list to its end over several pages, in step with its total', async () => {
    const ids = new Set<string>();
    let total: number | undefined;
    let count = 0;
    for await (const page of client.pages('betaTesters', { limit: { page: 7 } })) {
      count++;
      total = page.total;
      for (const tester of page.document.data) ids.add(tester.id);
    }
    expect(count).toBeGreaterThan(1);
    expect(ids.size).toBe(total);
    expect(client.budget.remaining).toBeLessThan(3500);
  });

  it('change a group and see it changed, and meet Apple’s words when refused', async () => {
    const { document } = await client.list('betaGroups', { filter: { isInternalGroup: false } });
    const group = document.data[0];
    if (!group) throw new Error('the small programme has an external group');
    await client.update('betaGroups', group.id, { attributes: { name: 'Renamed' } });
    expect((await client.get('betaGroups', group.id)).document.data.attributes?.name).toBe('Renamed');
    await expect(client.get('betaGroups', 'no-such-id')).rejects.toMatchObject({
      kind: 'not_found',
      errors: [{ code: 'NOT_FOUND' }],
    });
  });

  it('part ways with at most two further calls when the key is revoked (R11)', async () => {
    const { keys, requests } = sandbox.parts();
    const extra = keys.create({ roles: ['ADMIN'] });
    const short: Credential = { ...credential, keyId: extra.keyId, privateKey: extra.privateKey };
    const lived = createAscClient({ baseUrl: sandbox.baseUrl, credential: short, lane: 'sync' });
    await lived.list('apps');
    keys.revoke(extra.keyId, 401);
    requests.reset();
    for (let i = 0; i < 10; i++) {
      await expect(lived.list('builds')).rejects.toMatchObject({ kind: 'unauthorized' });
    }
    // The one that was refused, and two further.
    expect(requests.count).toBeLessThanOrEqual(3);
    expect(await checkCredential(short, { baseUrl: sandbox.baseUrl, workedBefore: true })).toMatchObject({
      problem: 'revoked',
    });
  });

  it('agree on what a key may do', async () => {
    const config = { baseUrl: sandbox.baseUrl };
    expect(await checkCredential(credential, config)).toMatchObject({ ok: true, missing: [] });
    expect(await checkCredential({ ...credential, privateKey: newPrivateKey() }, config)).toMatchObject({
      problem: 'not_accepted',
    });
    const weak = sandbox.parts().keys.create({ roles: ['FINANCE'] });
    const finance = { ...credential, keyId: weak.keyId, privateKey: weak.privateKey };
    expect(await checkCredential(finance, config)).toMatchObject({ problem: 'role_too_low' });
    const own = sandbox.parts().keys.create({ kind: 'individual', roles: ['ADMIN'] });
    const mistaken = { ...credential, keyId: own.keyId, privateKey: own.privateKey };
    expect(await checkCredential(mistaken, config)).toMatchObject({ problem: 'is_individual_key' });
    const individual = { kind: 'individual', keyId: own.keyId, privateKey: own.privateKey } as const;
    expect(await checkCredential(individual, config)).toMatchObject({ ok: true });
    const ahead = { ...config, clock: () => Date.now() + 300_000 };
    expect(await checkCredential(credential, ahead)).toMatchObject({ problem: 'clock_skew' });
  });
});
