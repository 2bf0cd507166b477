import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUERY_FACTS } from '@/lib/mirror/query/facts';
import { searchedText } from '@/lib/store/text';
import { type ApiBench, apiBench } from '@/tests/factories/context';
import { ROUTES } from '@/tests/factories/routes';

let bench: ApiBench;
let appId: string;
let groupId: string;
/** A person whose address tells more than the name, and one whose name is an address. */
const SECRET = 'quokka.vexillum@example.com';
const NAMED = 'zzyzx.mirabel@example.net';
const WRITTEN = `Write to ${SECRET}!`;

beforeAll(async () => {
  bench = await apiBench({ seed: 3 });
  const [member] = await bench.db.query<{ testerId: string; appId: string; groupId: string }>(
    'SELECT testerId, appId, groupId FROM betaGroupTesters ORDER BY testerId LIMIT 1',
  );
  appId = member?.appId ?? '';
  groupId = member?.groupId ?? '';
  const others = await bench.db.query<{ id: string }>(
    'SELECT id FROM betaTesters WHERE appId = ? AND id <> ? LIMIT 1',
    [appId, member?.testerId ?? ''],
  );
  await bench.db.write([
    rename(member?.testerId ?? '', { firstName: 'Ann', lastName: 'Bee', email: SECRET }),
    rename(others[0]?.id ?? '', { firstName: NAMED, lastName: 'Cee', email: 'other@example.org' }),
    {
      sql: `UPDATE feedback SET comment = ?, commentWords = ?, mayHoldAddress = true, email = ?, document = json_set(document, '$.comment', ?, '$.email', ?)`,
      params: [WRITTEN, searchedText(WRITTEN), SECRET, WRITTEN, SECRET],
    },
    {
      sql: `INSERT INTO savedViews (id, page, name, query, shared, ownerId, createdAt, updatedAt) VALUES ('v', 'testers', 'Mine', ?, ?, ?, 0, 0)`,
      params: [`q=${encodeURIComponent(SECRET)}`, 1, bench.users.admin.id],
    },
  ]);
});
afterAll(() => bench.close());

function rename(id: string, person: { firstName: string; lastName: string; email: string }) {
  const { firstName, lastName, email } = person;
  return {
    sql: `UPDATE betaTesters SET firstName = ?, lastName = ?, email = ?, emailLower = ?, nameLower = ?,
          document = json_set(document, '$.firstName', ?, '$.lastName', ?, '$.email', ?) WHERE id = ?`,
    params: [
      firstName,
      lastName,
      email,
      email,
      `${lastName} ${firstName}`.toLowerCase(),
      firstName,
      lastName,
      email,
      id,
    ],
  };
}

const GETS = ROUTES.filter(
  ([pattern, module]) => module.GET && !pattern.includes('auth') && !pattern.includes('metrics'),
);

/** Every address a viewer may ask, with lists of every type that can be listed. */
const addresses = (): string[] => [
  ...Object.keys(QUERY_FACTS).map((type) => `/api/v1/${type}`),
  ...['betaGroups', 'builds', 'betaFeedbackCrashSubmissions', 'betaFeedbackScreenshotSubmissions'].map(
    (name) => `/api/v1/apps/${appId}/${name}`,
  ),
  `/api/v1/betaGroups/${groupId}/betaTesters`,
  ...GETS.map(([pattern]) => pattern)
    .filter((pattern) => !pattern.startsWith('/api/v1/'))
    .map((pattern) =>
      pattern.replace(':appId', appId).replace(':groupId', groupId).replace(/:\w+/g, 'some-id'),
    ),
];

/** What an answer tells, without the id of its request, its links and its times. */
const told = ({ status, text }: { status: number; text: string }) => {
  const body = text.startsWith('{') ? JSON.parse(text) : {};
  const { data, included, errors = [], meta = {} } = body;
  const reasons = errors.map(({ code }: { code: string }) => code);
  return JSON.stringify([status, data, included, reasons, meta.total, meta.paging?.total]).replace(
    /\d{4}-\d\d-\d\dT[\d:.]+Z/g,
    '',
  );
};

describe('who sees addresses masked cannot ask by them', () => {
  const PARTS = [
    SECRET,
    SECRET.slice(0, 7),
    SECRET.slice(3, 12),
    'qu',
    '.vex',
    'llum@exa',
    NAMED,
    'zzyzx',
    'zz',
  ];
  const PARAMETERS = [
    'search',
    'q',
    'filter[email]',
    'filter[firstName]',
    'filter[lastName]',
    'filter[name]',
    'filter[comment]',
    'filter[id]',
  ];

  it('nothing differs between a part of an address and words that nobody has', async () => {
    const wrong: string[] = [];
    bench.upstream();
    for (const address of addresses()) {
      for (const parameter of PARAMETERS) {
        const ask = (value: string) =>
          bench.call('GET', `${address}?${new URLSearchParams({ [parameter]: value })}`, { as: 'viewer' });
        for (const part of PARTS) {
          // Of the same length and with the same signs, so that nothing but a match could tell them apart.
          const nobody = part.replace(/[a-z]/g, 'w');
          const [real, other] = [await ask(part), await ask(nobody)];
          const plain = (answer: { status: number; text: string }) =>
            told(answer).replaceAll(part, '').replaceAll(nobody, '');
          if (plain(real) !== plain(other)) wrong.push(`${address}?${parameter}=${part}`);
          if (real.text.includes('quokka') && part !== SECRET && !part.startsWith('quokka'))
            wrong.push(`${address} tells it`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(bench.upstream()).toBe(0);
  }, 300_000);

  it.each([
    'sort=email',
    'sort=-email',
    'sort=state,email',
    `filter[email]=${SECRET}`,
    'filter[email]=x',
    `filter[firstName]=${encodeURIComponent(NAMED)}`,
    'filter[email]=x&include=icons',
  ])('%s is 403 with the reason for a viewer, and works for a triager', async (query) => {
    for (const path of ['/api/v1/betaTesters', `/api/v1/betaGroups/${groupId}/betaTesters`]) {
      const answer = await bench.call('GET', `${path}?${query}`, { as: 'viewer' });
      expect([answer.status, answer.body.errors[0].meta.permission]).toEqual([403, 'testers:identify']);
      expect(answer.body.errors[0].detail).toMatch(/masked/);
      const known = await bench.call('GET', `${path}?${query}`, { as: 'triager' });
      expect(known.status).toBe(query.includes('icons') ? 400 : 200);
    }
  });

  it('names are still searched, filtered and sorted', async () => {
    for (const query of [
      'search=bee',
      'search=be',
      'filter[firstName]=Ann',
      `search=bee&filter[apps]=${appId}`,
    ]) {
      const answer = await bench.call('GET', `/api/v1/betaTesters?${query}`, { as: 'viewer' });
      expect([
        query,
        answer.body.data.some(
          (one: { attributes: { email: string } }) => one.attributes.email === 'q•••@example.com',
        ),
      ]).toEqual([query, true]);
    }
    const palette = await bench.call('GET', '/api/search?q=bee%20ann', { as: 'viewer' });
    expect(palette.body.data.testers.map(({ detail }: { detail: string }) => detail)).toContain(
      'q•••@example.com',
    );
    for (const as of ['triager', 'admin'] as const) {
      const found = await bench.call('GET', `/api/v1/betaTesters?search=kka.vex`, { as });
      expect(found.body.meta.total).toBe(1);
    }
  });

  it('no cursor of any order tells an address, and each leads on to the end', async () => {
    for (const [type, facts] of Object.entries(QUERY_FACTS)) {
      for (const sort of [...Object.keys(facts.sort), '']
        .filter((one) => one !== 'email')
        .flatMap((one) => (one ? [one, `-${one}`] : ['']))) {
        const seen: string[] = [];
        let total = 0;
        const first = `/api/v1/${type}?limit=9${sort ? `&sort=${sort}` : ''}`;
        for (let next: string | undefined = first; next !== undefined; ) {
          const answer = await bench.call('GET', next, { as: 'viewer' });
          expect([next, answer.status]).toEqual([next, 200]);
          const { nextCursor } = answer.body.meta.paging;
          for (const text of [answer.text, Buffer.from(nextCursor ?? '', 'base64url').toString()])
            expect([first, /quokka|zzyzx|[\w.]@/.exec(text)?.[0]]).toEqual([first, undefined]);
          seen.push(
            ...answer.body.data.map(
              ({ id, meta }: { id: string; meta: { appId: string } }) => `${meta.appId} ${id}`,
            ),
          );
          total = answer.body.meta.total;
          next = answer.body.links.next;
        }
        expect([first, new Set(seen).size, seen.length]).toEqual([first, total, total]);
      }
    }
  });

  it('a view of somebody who searched for an address is not listed', async () => {
    expect((await bench.call('GET', '/api/views', { as: 'viewer' })).body.data).toEqual([]);
    expect((await bench.call('GET', '/api/views', { as: 'triager' })).body.data).toHaveLength(1);
  });
});
