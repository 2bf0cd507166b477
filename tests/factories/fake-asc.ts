import type { AscClient } from '@/lib/asc/client-interface';
import { AscError, type AscErrorInit } from '@/lib/asc/errors';
import type { ResourceObject } from '@/lib/mirror/resource';

/** What the fake Apple holds: list name → resources; `betaTesters/1` are the testers of app 1. */
export type Shelves = Record<string, ResourceObject[]>;

export interface FakeAsc extends AscClient {
  readonly shelves: Shelves;
  /** The lists and pages asked for so far, such as `betaTesters/1 2` for its second page. */
  readonly asked: string[];
  /** Called before each answer; may throw, wait or change the shelves. */
  before: (request: string) => void | Promise<void>;
}

const BUDGET: AscClient['budget'] = {
  limit: 3500,
  remaining: 3000,
  resetHint: undefined,
  observedAt: 1,
  blockedUntil: undefined,
  perMinute: undefined,
  perMinuteInBackground: undefined,
  perMinuteAtFirst: undefined,
  atOnceInBackground: undefined,
  waiting: { interactive: 0, write: 0, sync: 0 },
};

/** An App Store Connect in memory that hands out pages of `size` rows; only what the sync calls. */
export function fakeAsc(shelves: Shelves, size = 2): FakeAsc {
  const included = (data: ResourceObject[]): ResourceObject[] =>
    data.flatMap(({ id }) => shelves[`included ${id}`] ?? []);
  /** Rows by their ids: a list of its own for as long as it is asked for. */
  const only = (list: string, ids: readonly string[]): string => {
    const named = `${list}#${ids.join()}`;
    shelves[named] = (shelves[list] ?? []).filter(({ id }) => ids.includes(id));
    return named;
  };
  const page = async (list: string, from: number, signal?: AbortSignal) => {
    const request = `${list} ${from / size + 1}`;
    fake.asked.push(request);
    await fake.before(request);
    // An aborted request is refused like the client refuses it.
    if (signal?.aborted) throw ascError({ kind: 'aborted', message: 'Given up.', attempts: 0 });
    const all = shelves[list] ?? [];
    const data = all.slice(from, from + size);
    const next = from + size < all.length ? `https://fake/v1/${list}?cursor=${from + size}` : undefined;
    return {
      document: { data, included: included(data), links: {}, meta: { paging: { total: all.length } } },
      next,
      total: all.length,
      attempts: 1,
      status: 200,
      requestId: undefined,
      rateLimit: undefined,
    };
  };
  const fake = {
    shelves,
    asked: [] as string[],
    before: () => undefined,
    budget: BUDGET,
    list: (
      type: string,
      query: { filter?: { apps?: string; builds?: string; id?: readonly string[] } } = {},
      options?: { signal?: AbortSignal },
    ) => {
      const of = query.filter?.apps ?? query.filter?.builds;
      const list = of === undefined ? type : `${type}/${of}`;
      return page(query.filter?.id ? only(list, query.filter.id) : list, 0, options?.signal);
    },
    listRelated: (
      _type: string,
      id: string,
      name: string,
      _query: unknown,
      options?: { signal?: AbortSignal },
    ) => page(`${name}/${id}`, 0, options?.signal),
    pages: async function* (
      type: string,
      { filter: { apps, id } }: { filter: { apps: string; id: readonly string[] } },
      options?: { signal?: AbortSignal },
    ) {
      const list = only(`${type}/${apps}`, id);
      for (let from = 0; ; from += size) {
        const one = await page(list, from, options?.signal);
        yield one;
        if (one.next === undefined) return;
      }
    },
    pageFrom: (_type: string, url: string, options?: { signal?: AbortSignal }) => {
      const { pathname, searchParams } = new URL(url);
      return page(pathname.slice('/v1/'.length), Number(searchParams.get('cursor')), options?.signal);
    },
  } as unknown as FakeAsc;
  return fake;
}

/** An error as the client throws it. */
export function ascError(init: Partial<AscErrorInit> & Pick<AscErrorInit, 'kind'>): AscError {
  return new AscError({ message: `a ${init.kind} error`, attempts: 1, ...init });
}
