import { describe, expect, it, vi } from 'vitest';
import { ApiError, api } from '@/lib/browser/api';
import { makeQueryClient } from '@/lib/browser/client';
import { stalePrefixes } from '@/lib/browser/keys';
import { type ListSpec, listQuery, listState, nextCursor, rowsQuery } from '@/lib/browser/lists';

const SPEC: ListSpec = {
  type: 'betaTesters',
  filters: [{ param: 'state', values: ['INVITED', 'ACCEPTED'] }, { param: 'betaGroups' }],
  sorts: ['lastName', 'email'],
  defaultSort: 'lastName',
};
const GRAPH = { betaGroups: ['betaTesters', 'builds'], betaTesters: ['betaGroups'], builds: [] } as const;

describe('list queries', () => {
  it('reads the address bar and writes the same query again, whatever the order', () => {
    const one = listState(SPEC, { state: 'INVITED,ACCEPTED', q: ' ada ', sort: '-email' });
    const two = listState(SPEC, { sort: '-email', q: 'ada', state: ['INVITED,ACCEPTED', 'ignored'] });
    expect(listQuery(SPEC, one, { apps: '7' })).toBe(listQuery(SPEC, two, { apps: '7' }));
    expect(new URLSearchParams(listQuery(SPEC, one, { apps: '7' })).get('filter[state]')).toBe(
      'INVITED,ACCEPTED',
    );
  });

  it('takes no sort the API does not offer and no filter that would undo the scope', () => {
    const state = listState(SPEC, { sort: 'password', betaGroups: 'other' });
    expect(state.sort).toBe('lastName');
    expect(
      new URLSearchParams(listQuery(SPEC, state, { betaGroups: 'g1' })).getAll('filter[betaGroups]'),
    ).toEqual(['g1']);
  });

  it('stands in groups by the sorts that say so, unless somebody chose otherwise', () => {
    const spec: ListSpec = { ...SPEC, grouping: { by: 'train', unasked: ['lastName'] } };
    const isGrouped = (params: Record<string, string>) => listState(spec, params).isGrouped;
    expect([isGrouped({}), isGrouped({ sort: '-lastName' }), isGrouped({ sort: 'email' })]).toEqual([
      ...[true, true, false],
    ]);
    expect(isGrouped({ group: 'none' })).toBe(false);
    expect(isGrouped({ group: 'train', sort: 'email' })).toBe(true);
    expect(listState(SPEC, { group: 'train' }).isGrouped).toBe(false);
  });

  it('asks for fewer rows where groups are closed, of a list that is the same', () => {
    const spec: ListSpec = { ...SPEC, grouping: { by: 'train', unasked: ['lastName'] } };
    const state = listState(spec, { closed: 'a,b' });
    const query = listQuery(spec, state, {});
    expect(new URLSearchParams(query).get('group')).toBe('train');
    expect(query).toBe(listQuery(spec, listState(spec, {}), {}));
    expect(new URLSearchParams(rowsQuery(query, state)).get('closed')).toBe('a,b');
    expect(rowsQuery(query, { ...state, isGrouped: false })).toBe(query);
  });

  it('stops when there is no cursor', () => {
    expect(nextCursor({ data: [], meta: { paging: { nextCursor: null } } })).toBeUndefined();
    expect(nextCursor({ data: [] })).toBeUndefined();
    expect(nextCursor({ data: [], meta: { paging: { nextCursor: 'c' } } })).toBe('c');
  });
});

describe('what a write makes stale', () => {
  it('follows the graph one step and touches what is made of resources', () => {
    expect(stalePrefixes(['betaGroups'], GRAPH)).toEqual([
      ['v1', 'betaGroups'],
      ['v1', 'betaTesters'],
      ['v1', 'builds'],
      ['own', 'overview'],
      ['own', 'activity'],
      ['own', 'search'],
      ['own', 'people'],
    ]);
    expect(stalePrefixes(['sync'], GRAPH)).toEqual([['own', 'sync']]);
  });

  it('is done by the mutation cache after success and after refusal', async () => {
    const client = makeQueryClient(GRAPH);
    client.setQueryData(['v1', 'builds', 'list', ''], 1);
    client.setQueryData(['v1', 'apps', 'list', ''], 1);
    const mutation = client.getMutationCache().build(client, {
      mutationFn: () => Promise.reject(new Error('refused')),
      meta: { stale: ['betaGroups'] },
    });
    await expect(mutation.execute(undefined)).rejects.toThrow('refused');
    expect(client.getQueryState(['v1', 'builds', 'list', ''])?.isInvalidated).toBe(true);
    expect(client.getQueryState(['v1', 'apps', 'list', ''])?.isInvalidated).toBe(false);
  });
});

describe('api', () => {
  it("keeps Apple's errors, the pointer and the time to wait", async () => {
    vi.stubGlobal('fetch', async () =>
      Response.json(
        {
          errors: [
            {
              code: 'ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_LONG',
              detail: 'Name is too long.',
              source: { pointer: '/data/attributes/name' },
              meta: { apple: true },
            },
          ],
        },
        { status: 409, headers: { 'retry-after': '7' } },
      ),
    );
    const error = await api('/api/v1/betaGroups').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    const refused = error as ApiError;
    expect([refused.status, refused.isApple, refused.retryAfter, refused.message]).toEqual([
      409,
      true,
      7,
      'Name is too long.',
    ]);
    expect(refused.detailFor('name')).toBe('Name is too long.');
    expect(refused.detailFor('email')).toBeUndefined();
  });

  it('gives words for an answer that is no JSON and for none at all', async () => {
    vi.stubGlobal('fetch', async () => new Response('<html>', { status: 502 }));
    await expect(api('/x')).rejects.toMatchObject({ status: 502, code: 'HTTP.502' });
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('fetch failed');
    });
    await expect(api('/x')).rejects.toMatchObject({ status: 0, code: 'FLIGHTDECK.UNREACHABLE' });
  });
});
