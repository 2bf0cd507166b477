import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { entryOf } from '@/lib/asc/catalogue';
import { createAscClient, requestOf } from '@/lib/asc/client';
import { allOperations, methodOf, type OperationAddress, pathOf, queryRules } from '@/lib/asc/operations';
import { anyQuery } from '../factories/any-query';
import { CREDENTIAL } from '../unit/asc/fake-apple';
import { WRITABLE } from './client-bodies';
import { PublishedSurface } from './client-published';

const surface = new PublishedSurface();
const operations = allOperations().map((address) => [nameOf(address), address] as const);

function nameOf(address: OperationAddress): string {
  return `${methodOf(address.operation)} ${pathOf(address, '{id}')}`;
}

/** Inputs our own schemas accept, for every operation that takes a body. */
function inputsOf({ type, operation }: OperationAddress): unknown[] {
  if (operation === 'addLinkage' || operation === 'removeLinkage') return [['1', '2'], ['1']];
  if (operation === 'replaceLinkage') return ['1'];
  if (operation === 'create' || operation === 'update') return WRITABLE[type]?.[operation] ?? [];
  return [undefined];
}

describe('every request the client can build', () => {
  it.each(operations)('%s has a query that is as published', (_name, address) => {
    const published = surface.operation(methodOf(address.operation), pathOf(address, '{id}'));
    const rules = queryRules(address);
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (chance) => {
        const query = anyQuery(rules, () => chance.next().value ?? 0);
        const input = inputsOf(address)[0];
        const request = requestOf({ ...address, id: '1', query, input });
        expect(surface.judgeQuery(published, request.query ?? '')).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it.each(operations)('%s has a body that is as published', (_name, address) => {
    const published = surface.operation(methodOf(address.operation), pathOf(address, '{id}'));
    const inputs = inputsOf(address);
    expect(inputs.length).toBeGreaterThan(0);
    const filter = Object.fromEntries(queryRules(address).required.map((name) => [name, '1']));
    for (const input of inputs) {
      const { body } = requestOf({ ...address, id: '1', input, query: { filter } });
      expect(surface.judgeBody(published, body)).toEqual([]);
    }
  });

  it.each(operations.filter(([, { operation }]) => operation === 'create' || operation === 'update'))(
    '%s is accepted by our own schema too',
    (_name, { type, operation }) => {
      const schema = entryOf(type)[operation as 'create' | 'update'] as z.ZodType;
      for (const input of inputsOf({ type, operation })) {
        const { included, ...parts } = input as { included?: unknown[] };
        expect(schema.safeParse(parts).error?.issues ?? []).toEqual([]);
        for (const one of included ?? [])
          expect(entryOf(type).inlineCreate?.safeParse(one).success).toBe(true);
      }
    },
  );

  it('and what is wrong is noticed: this judge can say no', () => {
    const list = surface.operation('GET', '/v1/betaGroups');
    expect(surface.judgeQuery(list, 'filter[nickname]=x&limit=500&sort=state')).toHaveLength(3);
    const create = surface.operation('POST', '/v1/betaGroups');
    expect(
      surface.judgeBody(create, { data: { type: 'betaGroups', attributes: {} } }).length,
    ).toBeGreaterThan(0);
    const update = surface.operation('PATCH', '/v1/betaGroups/{id}');
    const strange = { data: { type: 'betaGroups', id: '1', attributes: { isInternalGroup: true } } };
    expect(surface.judgeBody(update, strange)).toHaveLength(1);
  });
});

describe('the typed methods', () => {
  const sent: string[] = [];
  const client = createAscClient({
    baseUrl: 'https://apple.test',
    credential: CREDENTIAL,
    fetch: async (url, init) => {
      sent.push(`${init.method} ${url.replace('https://apple.test', '')} ${init.body ?? ''}`.trim());
      const data = /\/(apps|betaTesters|betaTesterUsages)(\?|$)/.test(url) ? [] : { type: 'x', id: '1' };
      const isEmpty = init.method === 'DELETE' || url.includes('/relationships/betaTesters');
      return isEmpty ? new Response(null, { status: 204 }) : Response.json({ data, links: {} });
    },
  });

  it('lead to the operations they are named after', async () => {
    await client.list('apps', { limit: { page: 1 } });
    await client.get('builds', 'b/1');
    await client.create('betaTesterInvitations', {
      relationships: { app: { data: { type: 'apps', id: '1' } } },
    });
    await client.update('betaGroups', 'g', { attributes: { name: 'N' } });
    await client.delete('betaGroups', 'g');
    await client.listRelated('betaGroups', 'g', 'betaTesters', { limit: { page: 200 } });
    await client.getRelated('betaGroups', 'g', 'app');
    await client.getLinkage('betaGroups', 'g', 'app');
    await client.addLinkage('betaGroups', 'g', 'betaTesters', ['t', 'u']);
    await client.removeLinkage('betaGroups', 'g', 'betaTesters', ['t']);
    await client.replaceLinkage('builds', 'b', 'appEncryptionDeclaration', 'd');
    await client.metrics('betaTesters', 't', 'betaTesterUsages', { filter: { apps: '1' }, period: 'P7D' });
    await client.report('builds', 'b', 'perfPowerMetrics', { filter: { metricType: ['HANG'] } });
    expect(sent.map((line) => decodeURIComponent(line))).toEqual([
      'GET /v1/apps?limit=1',
      'GET /v1/builds/b/1',
      'POST /v1/betaTesterInvitations {"data":{"type":"betaTesterInvitations","relationships":{"app":{"data":{"type":"apps","id":"1"}}}}}',
      'PATCH /v1/betaGroups/g {"data":{"type":"betaGroups","id":"g","attributes":{"name":"N"}}}',
      'DELETE /v1/betaGroups/g',
      'GET /v1/betaGroups/g/betaTesters?limit=200',
      'GET /v1/betaGroups/g/app',
      'GET /v1/betaGroups/g/relationships/app',
      'POST /v1/betaGroups/g/relationships/betaTesters {"data":[{"type":"betaTesters","id":"t"},{"type":"betaTesters","id":"u"}]}',
      'DELETE /v1/betaGroups/g/relationships/betaTesters {"data":[{"type":"betaTesters","id":"t"}]}',
      'PATCH /v1/builds/b/relationships/appEncryptionDeclaration {"data":{"type":"appEncryptionDeclarations","id":"d"}}',
      'GET /v1/betaTesters/t/metrics/betaTesterUsages?filter[apps]=1&period=P7D',
      'GET /v1/builds/b/perfPowerMetrics?filter[metricType]=HANG',
    ]);
    expect(sent[1]).toBe('GET /v1/builds/b%2F1');
  });

  it('refuse at run time what slipped past the types, without asking Apple', async () => {
    const before = sent.length;
    const calls = [
      client.perform({ type: 'apps', operation: 'delete', id: '1' }),
      client.perform({ type: 'apps', operation: 'get' }),
      client.perform({ type: 'betaGroups', operation: 'related', id: '1', name: '__proto__' }),
      client.perform({ type: 'betaGroups', operation: 'list', query: { filter: { nickname: 'x' } } }),
    ];
    for (const call of calls) {
      await expect(call).rejects.toMatchObject({ kind: 'invalid_request', isUnsent: true });
    }
    expect(sent).toHaveLength(before);
  });
});
