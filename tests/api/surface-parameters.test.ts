import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryOf, isResourceType } from '@/lib/asc/catalogue';
import { relationshipOf } from '@/lib/asc/operations';
import { loadSpec, type Operation, type ParameterFact } from '@/lib/sandbox/checks/spec';
import { unlinked } from '@/lib/services/resources/shape';
import { mint } from '@/tests/contract/sandbox-client';
import { type ApiBench, apiBench } from '@/tests/factories/context';
import { sandboxClient, syncOnce } from '@/tests/factories/synced';

interface Row {
  readonly type: string;
  readonly id: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, { readonly data?: unknown }>>;
}
interface Told {
  readonly status: number;
  readonly body: {
    readonly data?: Row | Row[] | null;
    readonly included?: Row[];
    readonly links?: { readonly next?: string };
    readonly meta?: { readonly source?: string };
    readonly errors?: { readonly source?: { readonly parameter?: string } }[];
  };
}

let bench: ApiBench;
let token: string;

beforeAll(async () => {
  bench = await apiBench({ isMirrored: false, seed: 7, epochMs: Date.parse('2026-06-15T09:00:00Z') });
  await syncOnce(bench.db, sandboxClient(bench.sandbox));
  token = await mint(bench.sandbox);
});
afterAll(() => bench.close());

/** What Apple publishes, read from the document itself and not from our catalogue. */
const READS: readonly { path: string; operation: Operation }[] = Object.entries(loadSpec().paths).flatMap(
  ([path, methods]) => (methods.get ? [{ path, operation: methods.get }] : []),
);

const appOf = () => [...store().all('apps').keys()][0] ?? '';
const store = () => bench.sandbox.parts().world.store;

async function apple(address: string): Promise<Told> {
  const response = await fetch(bench.sandbox.baseUrl + address, {
    headers: { authorization: `Bearer ${token}` },
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
}

const ours = (address: string): Promise<Told> => bench.call('GET', `/api${address}`);

/** The type a path answers with. */
function answerType(path: string): string {
  const [, , type = '', , name] = path.split('/');
  return name && isResourceType(type) ? (relationshipOf(type, name)?.target ?? type) : type;
}

/** Values of a filter that the programme knows; one that nothing has where it knows none. */
function valuesOf(type: string, name: string): string[] {
  const [first = '', ...rest] = name.split('.');
  const rows = [...store().all(type).values()];
  const held = rows.flatMap(({ attributes }) => {
    const value = attributes[first];
    const inner = value && typeof value === 'object' && !Array.isArray(value) ? Object(value)[first] : value;
    return [inner].flat().filter((one) => ['string', 'number', 'boolean'].includes(typeof one));
  });
  if (name === 'id') return pick(rows.map(({ id }) => id));
  if (held.length > 0) return pick(held.map(String));
  const target = isResourceType(type) ? relationshipOf(type, first)?.target : undefined;
  if (target === undefined) return ['nothing-has-this'];
  return rest.length > 0
    ? valuesOf(target, rest.join('.'))
    : pick([...store().all(target).values()].map(({ id }) => id));
}

const pick = (values: readonly string[]) => {
  const plain = [...new Set(values)].filter((value) => value !== '' && !value.includes(','));
  const some = [plain[0], plain[1], plain.at(-1)].filter((value) => value !== undefined);
  return some.length > 0 ? [...new Set([...some, some.slice(0, 2).join(',')])] : ['nothing-has-this'];
};

function attempts(path: string, name: string, fact: ParameterFact): string[] {
  const inner = /\[(.*)\]$/.exec(name)?.[1] ?? '';
  if (fact.type === 'integer')
    return name === 'limit' ? ['1', '3', String(fact.maximum ?? 200)] : ['1', String(fact.maximum ?? 50)];
  if (fact.type === 'boolean') return ['true', 'false'];
  if (name.startsWith('fields[') && fact.enum) return [fact.enum[0] ?? '', fact.enum.join(',')];
  if (fact.enum)
    return [
      ...fact.enum,
      ...(fact.type === 'array' && fact.enum.length > 1 && name !== 'sort' ? [fact.enum.join(',')] : []),
    ];
  return valuesOf(answerType(path), inner);
}

/** What an operation insists on, and a page as long as may be. */
function base(operation: Operation, id: string, without: string): URLSearchParams {
  const parameters = new URLSearchParams();
  const needed: Record<string, string | undefined> = {
    'filter[app]': appOf(),
    'filter[apps]': store().get('betaTesters', id)?.appId ?? appOf(),
    'filter[build]': String([...store().all('betaAppReviewSubmissions').values()][0]?.relationships.build),
    groupBy: 'betaTesters',
  };
  for (const [name, fact] of Object.entries(operation.query)) {
    if (name === without) continue;
    if (fact.required && needed[name]) parameters.set(name, needed[name] ?? '');
    if (name.startsWith('limit') && fact.maximum) parameters.set(name, String(fact.maximum));
  }
  return parameters;
}

const addressOf = (path: string, id: string, query: URLSearchParams) =>
  `${path.replace('{id}', encodeURIComponent(id))}?${query}`;

/** An instance whose answer holds something. */
async function instanceOf(path: string, operation: Operation): Promise<string> {
  if (!path.includes('{id}')) return '';
  const type = path.split('/')[2] ?? '';
  const ids = [
    ...store()
      .all(type === 'betaCrashLogs' ? 'betaFeedbackCrashSubmissions' : type)
      .keys(),
  ];
  for (const id of ids.slice(0, 60)) {
    const { status, body } = await apple(addressOf(path, id, base(operation, id, '')));
    const isFilled = Array.isArray(body.data) ? body.data.length > 0 : status === 200;
    if (isFilled) return id;
  }
  return ids[0] ?? 'no-such-id';
}

const keyOf = ({ type, id }: Row) => `${type} ${id}`;
const rowsOf = ({ body }: Told) => [body.data ?? []].flat();

/** What a row is sorted by; rows without it may stand at either end, and equal ones in any order. */
function sortKey(row: Row, sort: string): string[] {
  const name = sort.replace('-', '');
  const related = store().get(row.type, row.id)?.relationships[name];
  const value =
    typeof related === 'string'
      ? store().get('preReleaseVersions', related)?.attributes.version
      : row.attributes?.[name];
  return value === null || value === undefined
    ? []
    : [String(value).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()];
}

/** How our answer differs from Apple's; an empty list when it does not. */
function differences(name: string, sort: string, mine: Told, theirs: Told): string[] {
  if (mine.status !== theirs.status)
    return [`${mine.status} instead of ${theirs.status}: ${JSON.stringify(mine.body).slice(0, 300)}`];
  if (theirs.status !== 200 || !('data' in theirs.body)) return [];
  const found: string[] = [];
  const compare = (what: string, given: string[], wanted: string[]) => {
    const missing = wanted.filter((one) => !given.includes(one));
    const more = given.filter((one) => !wanted.includes(one));
    if (missing.length + more.length > 0)
      found.push(
        `${what}: ${missing.length} missing (${missing.slice(0, 2)}), ${more.length} too many (${more.slice(0, 2)}), source ${mine.body.meta?.source}`,
      );
  };
  const isCut = theirs.body.links?.next !== undefined;
  const mineRows = rowsOf(mine);
  const theirRows = rowsOf(theirs);
  if (isCut) {
    if (mineRows.length !== theirRows.length)
      found.push(`${mineRows.length} rows instead of ${theirRows.length}`);
    return found;
  }
  if (theirRows.some((row) => row.id !== undefined))
    compare('data', mineRows.map(keyOf), theirRows.map(keyOf));
  const mineIncluded = (mine.body.included ?? []).map(keyOf);
  const theirIncluded = (theirs.body.included ?? []).map(keyOf);
  const relation = /^limit\[(.*)\]$/.exec(name)?.[1];
  // Which of many are inlined is not promised, how many is.
  if (relation === undefined) compare('included', mineIncluded, theirIncluded);
  else {
    const sizes = (rows: readonly Row[]) =>
      rows.map((row) => `${row.id} ${[row.relationships?.[relation]?.data ?? []].flat().length}`).sort();
    compare('inlined', sizes(mineRows), sizes(theirRows));
    if (theirIncluded.length > 0 && mineIncluded.length === 0) found.push('nothing included');
  }
  if (name.startsWith('fields[')) {
    const told = new Map([...mineRows, ...(mine.body.included ?? [])].map((row) => [keyOf(row), row]));
    for (const row of [...theirRows, ...(theirs.body.included ?? [])]) {
      const given = told.get(keyOf(row))?.attributes ?? {};
      const secret = isResourceType(row.type) ? (entryOf(row.type).secret ?? []) : [];
      for (const attribute of secret)
        if (attribute in given) found.push(`${keyOf(row)} ${attribute}: a secret is told`);
      for (const [attribute, value] of Object.entries(unlinked(row.attributes ?? {}) as object))
        if (
          !secret.includes(attribute) &&
          value !== null &&
          JSON.stringify(given[attribute]) !== JSON.stringify(value)
        )
          found.push(
            `${keyOf(row)} ${attribute}: ${JSON.stringify(given[attribute])} instead of ${JSON.stringify(value)}`.slice(
              0,
              200,
            ),
          );
    }
  }
  if (name === 'sort') {
    const [given, wanted] = [mineRows, theirRows].map((rows) => rows.flatMap((row) => sortKey(row, sort)));
    if (String(given) !== String(wanted))
      found.push(`another order: ${given?.slice(0, 30)} instead of ${wanted?.slice(0, 30)}`);
  }
  return found;
}

describe('every documented parameter of every read', () => {
  it('is published', () => {
    const count = READS.reduce((sum, { operation }) => sum + Object.keys(operation.query).length, 0);
    expect([READS.length > 90, count > 550]).toEqual([true, true]);
  });

  it.each(READS)('GET $path answers as Apple does', async ({ path, operation }) => {
    const id = await instanceOf(path, operation);
    const wrong: string[] = [];
    for (const [name, fact] of Object.entries(operation.query)) {
      for (const value of attempts(path, name, fact)) {
        const query = base(operation, id, name);
        query.set(name, value);
        // What is included is looked at where a parameter speaks of it.
        const inner = /^(?:limit|fields)\[(.*)\]$/.exec(name)?.[1];
        const type = answerType(path);
        const included = (operation.query.include?.enum ?? []).filter(
          (one) => one === inner || (isResourceType(type) && relationshipOf(type, one)?.target === inner),
        );
        if (included.length > 0) query.set('include', included.join(','));
        // A tester's state is a fact of one app.
        if (name === 'sort' && path === '/v1/betaTesters') query.set('filter[apps]', appOf());
        const address = addressOf(path, id, query);
        const [mine, theirs] = [await ours(address), await apple(address)];
        wrong.push(
          ...differences(name, value, mine, theirs).map(
            (one) => `${decodeURIComponent(address).slice(0, 160)} → ${one}`,
          ),
        );
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('a value that Apple refuses', () => {
  it.each(READS)('GET $path is 400 and names the parameter', async ({ path, operation }) => {
    const id = await instanceOf(path, operation);
    const wrong: string[] = [];
    const judge = async (name: string, query: URLSearchParams) => {
      const address = addressOf(path, id, query);
      const [mine, theirs] = [await ours(address), await apple(address)];
      const named = (told: Told) => (told.body.errors ?? []).some(({ source }) => source?.parameter === name);
      if (mine.status !== 400 || theirs.status !== 400 || !named(mine) || !named(theirs))
        wrong.push(
          `${address} → ${mine.status}, ${theirs.status}: ${JSON.stringify(mine.body).slice(0, 200)}`,
        );
    };
    for (const [name, fact] of Object.entries(operation.query)) {
      const isFreeText = !fact.enum && !['integer', 'boolean'].includes(fact.type ?? '');
      for (const value of [
        '',
        ...(isFreeText ? [] : ['BOGUS', '__proto__']),
        ...(fact.type === 'integer' ? ['0', '-1', '1.5', '1000000'] : []),
      ]) {
        const query = base(operation, id, name);
        query.set(name, value);
        await judge(name, query);
      }
      const twice = base(operation, id, name);
      const [value = ''] = attempts(path, name, fact);
      twice.append(name, value);
      twice.append(name, value);
      await judge(name, twice);
    }
    for (const name of [
      'bogus',
      'filter[bogus]',
      'fields[bogus]',
      'exists[bogus]',
      'limit[bogus]',
      'filter[__proto__]',
      'fields[constructor]',
      'limit[toString]',
      'exists[hasOwnProperty]',
    ]) {
      const query = base(operation, id, '');
      query.set(name, 'x');
      await judge(name, query);
    }
    expect(wrong).toEqual([]);
  });
});

describe('what the mirror holds together with what it does not', () => {
  const LIVE = 'include=icons,betaGroups,buildBundles&fields[builds]=version,icons,betaGroups';

  it('is Apple’s to answer, page by page', async () => {
    const filter = `filter[app]=${appOf()}&sort=-uploadedDate&filter[expired]=false`;
    const wanted = await apple(`/v1/builds?${filter}&${LIVE}&limit=200`);
    const rows: Row[] = [];
    const included = new Set<string>();
    for (let next: string | undefined = `/v1/builds?${filter}&${LIVE}&limit=2`; next !== undefined; ) {
      const page: Told = await ours(next);
      expect([next, page.status, page.body.meta?.source]).toEqual([next, 200, 'apple']);
      rows.push(...rowsOf(page));
      for (const one of page.body.included ?? []) included.add(keyOf(one));
      next = page.body.links?.next?.replace(/^\/api/, '');
    }
    expect(rows.map(keyOf)).toEqual(rowsOf(wanted).map(keyOf));
    expect(rows.length).toBeGreaterThan(2);
    expect([...included].sort()).toEqual((wanted.body.included ?? []).map(keyOf).sort());
    expect([...included].some((key) => key.startsWith('buildIcons '))).toBe(true);
  });

  it.each([
    'search=1',
    'offset=2',
    'filter[platform]=IOS',
    'filter[externalBuildState]=IN_BETA_TESTING',
    'sort=expirationDate',
  ])('is refused by name with %s, which only the mirror knows', async (own) => {
    bench.upstream();
    const answer = await bench.call('GET', `/api/v1/builds?include=icons&${own}`);
    const known = own.startsWith('filter[platform]') ? 'filter[platform]' : 'include';
    expect([answer.status, answer.body.errors[0].source.parameter, bench.upstream()]).toEqual([
      400,
      known,
      0,
    ]);
  });

  it('a viewer is told why it is not shown, and nobody is asked', async () => {
    const address = `/api/v1/apps?include=appInfos&limit=7`;
    bench.upstream();
    const refused = await bench.call('GET', address, { as: 'viewer' });
    expect([refused.status, refused.body.errors[0].meta.permission, bench.upstream()]).toEqual([
      403,
      'apple:read',
      0,
    ]);
    expect(refused.body.errors[0].detail).toContain('Ask a colleague');
    expect((await bench.call('GET', address, { as: 'triager' })).body.meta.source).toBe('apple');
    bench.upstream();
    const later = await bench.call('GET', address, { as: 'viewer' });
    expect([later.status, later.body.meta.source, bench.upstream()]).toEqual([200, 'apple', 0]);
  });

  it('asks Apple for what a row points at and the mirror has lost; a viewer is told that it is missing', async () => {
    const [row] = await bench.db.query<{ testerId: string; appId: string }>(
      'SELECT testerId, appId FROM feedback WHERE testerId IS NOT NULL LIMIT 1',
    );
    const [lost] = await bench.db.query<Record<string, string | number | null>>(
      'SELECT * FROM betaTesters WHERE id = ?',
      [row?.testerId ?? ''],
    );
    const columns = Object.keys(lost ?? {});
    await bench.db.write([{ sql: 'DELETE FROM betaTesters WHERE id = ?', params: [row?.testerId ?? ''] }]);
    const address = `/api/v1/apps/${row?.appId}/betaFeedbackCrashSubmissions?include=tester&limit=200`;
    const shots = address.replace('Crash', 'Screenshot');
    const told = await Promise.all([address, shots].map((one) => bench.call('GET', one)));
    const ids = told.flatMap(({ body }) => body.included.map(({ id }: Row) => id));
    expect(ids).toContain(row?.testerId);
    const viewer = await Promise.all([address, shots].map((one) => bench.call('GET', one, { as: 'viewer' })));
    expect(viewer.map(({ body }) => body.meta.isIncomplete)).toContain(true);
    await bench.db.write([
      {
        sql: `INSERT INTO betaTesters (${columns.map((name) => `"${name}"`).join()}) VALUES (${columns.map(() => '?').join()})`,
        params: columns.map((name) => lost?.[name] ?? null),
      },
    ]);
  });

  it.each([
    'include=betaGroups.app',
    'include=app.betaGroups,icons',
    'include=__proto__',
    'include=toString',
  ])('%s is no relationship', async (query) => {
    const answer = await bench.call('GET', `/api/v1/builds?${query}`);
    expect([answer.status, answer.body.errors[0].source.parameter]).toEqual([400, 'include']);
  });

  it('answers 404 for lists of owners that do not exist', async () => {
    for (const path of [
      'apps/1/builds',
      'betaGroups/x/betaTesters',
      'builds/x/buildBetaDetail',
      'preReleaseVersions/x/builds',
    ])
      expect([path, (await bench.call('GET', `/api/v1/${path}`)).status]).toEqual([path, 404]);
  });
});
