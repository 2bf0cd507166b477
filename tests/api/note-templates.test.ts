import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';

let bench: ApiBench;
let appId: string;
beforeAll(async () => {
  bench = await apiBench({ seed: 9 });
  const [row] = await bench.db.query<{ appId: string }>('SELECT appId FROM builds ORDER BY appId LIMIT 1');
  appId = row?.appId ?? '';
});
afterAll(() => bench.close());

const BODY = { name: 'Weekly', texts: { 'en-US': 'New in {version}', 'de-DE': 'Neu in {version}' } };
type Role = 'viewer' | 'triager' | 'manager';
const path = (app = appId) => `/api/note-templates?app=${app}`;
const call = (method: string, to: string, body?: unknown, as: Role = 'manager') =>
  bench.call(method, to, { as, ...(body === undefined ? {} : { body }) });
const sentences = async () => {
  const { body } = await bench.call('GET', `/api/activity?app=${appId}`);
  const plain = (part: unknown) => (typeof part === 'string' ? part : (part as { name: string }).name);
  return body.data.map(({ sentence }: { sentence: unknown[] }) => sentence.map(plain).join(''));
};

describe('templates of What to Test', () => {
  it('are kept for an app by who may write for it, changed as they were seen, and told in the trail', async () => {
    expect((await call('POST', path(), BODY, 'triager')).status).toBe(403);
    const made = await call('POST', path(), BODY);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect((await sentences())[0]).toMatch(/^created a template of What to Test Weekly in /);
    const one = `/api/note-templates/${made.body.data.id}`;
    const changed = { ...BODY, name: 'Nightly', version: 1 };
    expect((await call('PUT', one, changed, 'viewer')).status).toBe(403);
    expect((await call('PUT', one, changed)).status).toBe(200);
    const stale = await call('PUT', one, changed);
    expect([stale.status, stale.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.STALE']);
    expect((await call('GET', path(), undefined, 'viewer')).body.data).toEqual([
      { id: made.body.data.id, name: 'Nightly', texts: BODY.texts, version: 2 },
    ]);
    expect((await call('DELETE', one, undefined, 'viewer')).status).toBe(403);
    expect((await call('DELETE', one)).status).toBe(204);
    expect((await call('DELETE', one)).status).toBe(404);
    expect((await sentences())[0]).toMatch(/^deleted the template of What to Test Nightly/);
    expect((await call('GET', path())).body.data).toEqual([]);
  });

  it('belong to their app alone', async () => {
    const [other] = await bench.db.query<{ id: string }>('SELECT id FROM apps WHERE id <> ? LIMIT 1', [
      appId,
    ]);
    const { body } = await call('POST', path(), BODY);
    expect((await call('GET', path(other?.id))).body.data).toEqual([]);
    expect((await call('GET', path('no-such-app'))).status).toBe(404);
    await call('DELETE', `/api/note-templates/${body.data.id}`);
  });

  it.each([
    [{ ...BODY, name: ' ' }, '/name'],
    [{ ...BODY, texts: {} }, '/texts'],
    [{ ...BODY, texts: { 'en-US': ' \n ' } }, '/texts/en-US'],
    [{ ...BODY, texts: { 'en-US': 'x'.repeat(4001) } }, '/texts/en-US'],
    [{ ...BODY, more: true }, ''],
  ])('are refused where something is wrong, and say where: %#', async (body, pointer) => {
    const answer = await call('POST', path(), body);
    expect([answer.status, answer.body.errors[0].source.pointer]).toEqual([
      400,
      expect.stringContaining(pointer),
    ]);
  });
});

describe('what the variables are for a build', () => {
  it('names the build before it of the same platform, or none', async () => {
    const rows = await bench.db.query<{ id: string; version: string; trainVersion: string }>(
      `SELECT id, version, trainVersion FROM builds
        WHERE appId = ? AND platform = 'IOS' AND processingState = 'VALID' ORDER BY uploadedDate`,
      [appId],
    );
    const values = async (id = '') =>
      (await call('GET', `/api/programme/builds/${id}/note-values`, undefined, 'viewer')).body.data;
    const [first, second] = rows;
    expect(await values(second?.id)).toMatchObject({
      ...{ version: second?.trainVersion, build: second?.version },
      previous: `${first?.trainVersion} (${first?.version})`,
    });
    expect((await values(first?.id)).previous).toBeNull();
    await bench.db.write([
      {
        sql: `UPDATE builds SET platform = 'MAC_OS' WHERE accountId = ? AND id = ?`,
        params: [ACCOUNT, first?.id ?? ''],
      },
    ]);
    expect((await values(second?.id)).previous).toBeNull();
    expect((await call('GET', '/api/programme/builds/none/note-values')).status).toBe(404);
  });
});
