import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RefusedError } from '@/lib/services/errors';
import { readTable } from '@/lib/services/imports/csv/read-table';
import { importOptions } from '@/lib/services/imports/prepare';
import { previewImport } from '@/lib/services/imports/service';
import { listTotal } from '@/lib/services/lists';
import { type ExportRequest, exportList } from '@/lib/services/testers/export';
import { ACCOUNT, type PeopleBench, peopleBench } from '@/tests/factories/people-bench';
import { textOf } from '@/tests/factories/text-of';

let bench: PeopleBench;
beforeEach(async () => {
  bench = await peopleBench();
});
afterEach(() => bench.close());

const request = (over: Partial<ExportRequest> = {}): ExportRequest => ({
  type: 'betaTesters',
  format: 'csv',
  filter: { apps: [bench.appId] },
  ...over,
});
/** Starts an export and types what is asked for. */
async function confirmed(over: Partial<ExportRequest> = {}): Promise<AsyncGenerator<string>> {
  try {
    return await exportList(bench.ctx, request(over));
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    expect(error.problems[0]?.code).toBe('FLIGHTDECK.CONFIRM');
    return exportList(bench.ctx, request({ ...over, confirm: Number(error.problems[0]?.meta?.expected) }));
  }
}
async function text(over: Partial<ExportRequest> = {}): Promise<string> {
  return textOf(await confirmed(over));
}

it('holds every tester with all columns, also people from public links, and stands in the trail', async () => {
  const table = await readTable(new TextEncoder().encode(await text()));
  const [header, ...rows] = table.rows;
  expect(header?.cells.slice(0, 6)).toEqual([
    'First Name',
    'Last Name',
    'Email',
    'Groups',
    'State',
    'Invite Type',
  ]);
  const [count] = await bench.db.query<{ n: number; links: number }>(
    "SELECT count(*) AS n, sum(CASE inviteType WHEN 'PUBLIC_LINK' THEN 1 ELSE 0 END) AS links FROM betaTesters WHERE appId = ?",
    [bench.appId],
  );
  expect(rows.length).toBe(count?.n);
  expect(rows.filter((row) => row.cells[5] === 'PUBLIC_LINK')).toHaveLength(count?.links ?? 0);
  expect(await bench.db.query("SELECT actorEmail, status FROM auditEntries WHERE action = 'export'")).toEqual(
    [{ actorEmail: 'admin@example.com', status: 'succeeded' }],
  );
});

it('makes formulas harmless, and reads back as it was', async () => {
  const nasty = [
    '=HYPERLINK("http://x")',
    '+1',
    '-1',
    '@SUM(A1)',
    '\tx',
    '＝1',
    "'=quoted",
    'plain "quoted", and\nbroken',
  ];
  await bench.db.write(
    nasty.map((name, index) => ({
      sql: `INSERT INTO betaTesters (accountId, appId, id, firstName, email, emailLower, document, generation, fetchedAt)
        VALUES (?, ?, ?, ?, ?, ?, '{}', 0, 0)`,
      params: [ACCOUNT, bench.appId, `nasty-${index}`, name, `n${index}@x.com`, `n${index}@x.com`],
    })),
  );
  const file = await text();
  for (const line of file.split('\r\n')) expect(line).not.toMatch(/(^|,)"?[=+\-@\t＝]/);
  const table = await readTable(new TextEncoder().encode(file));
  const back = new Map(table.rows.map((row) => [row.cells[2], row.cells[0]]));
  expect(nasty.map((_, index) => back.get(`n${index}@x.com`))).toEqual(nasty.map((name) => name.trim()));
});

it('as JSON and for filtered, searched and other lists', async () => {
  const all = JSON.parse(await text({ format: 'json' })) as { Email: string | null; State: string | null }[];
  const installed = JSON.parse(
    await text({ format: 'json', filter: { apps: [bench.appId], state: ['INSTALLED'] } }),
  ) as unknown[];
  expect(installed.length).toBe(all.filter((row) => row.State === 'INSTALLED').length);
  expect(installed.length).toBeGreaterThan(0);
  const groups = JSON.parse(
    await text({ type: 'betaGroups', format: 'json', filter: { app: [bench.appId] } }),
  ) as { name: string }[];
  expect(groups.length).toBe(
    (await bench.db.query('SELECT 1 FROM betaGroups WHERE appId = ?', [bench.appId])).length,
  );
  expect(JSON.parse(await text({ format: 'json', filter: { apps: ['none'] } }))).toEqual([]);
});

it('reads back filtered and searched as it does whole', async () => {
  const [whole = '', ...all] = (await text()).split('\r\n');
  const one = all.map((line) => line.split(',')).find(([first, , email]) => first && email?.includes('@'));
  const searched = String(one?.[2]);
  for (const over of [
    { filter: { apps: [bench.appId], state: ['INSTALLED'] } },
    { search: searched },
    { filter: {}, search: searched },
  ]) {
    const file = await text(over);
    const [header, ...lines] = file.split('\r\n').filter((line) => line !== '');
    expect(header).toBe(whole);
    expect(lines.length).toBeGreaterThan(0);
    expect(all).toEqual(expect.arrayContaining(lines.filter((line) => line.includes(bench.appId))));
    const options = importOptions.parse({ appId: bench.appId });
    const preview = await previewImport(bench.ctx, new TextEncoder().encode(file), options, {
      offset: 0,
      limit: 1000,
    });
    expect(preview.mapping).toMatchObject({ firstName: 0, lastName: 1, email: 2, groups: 3, groupIds: 19 });
  }
});

it('has the same columns for every group and build, and no machine’s notation in a cell', async () => {
  await bench.db.write([
    {
      sql: `INSERT INTO betaBuildLocalizations (accountId, appId, id, buildId, locale, document, generation, fetchedAt)
        SELECT accountId, appId, 'text-1', id, 'en-US', '{}', 0, 0 FROM builds WHERE appId = ? LIMIT 1`,
      params: [bench.appId],
    },
  ]);
  for (const type of ['betaGroups', 'builds'] as const) {
    const filter = { app: [bench.appId] };
    const table = await readTable(new TextEncoder().encode(await text({ type, filter })));
    const none = await text({ type, filter: { app: ['none'] } });
    expect(none.replace('\ufeff', '').trim().split(',')).toEqual(table.rows[0]?.cells);
    expect(table.rows.length).toBeGreaterThan(1);
    expect(table.rows.flatMap(({ cells }) => cells).filter((cell) => /[{}[\]]/.test(cell))).toEqual([]);
  }
  const rows = JSON.parse(await text({ type: 'builds', format: 'json', filter: { app: [bench.appId] } }));
  const builds: { groups: string | null; locales: string | null }[] = rows;
  expect(builds.some(({ groups }) => groups)).toBe(true);
  expect(builds.some(({ locales }) => locales?.includes('en-US'))).toBe(true);
});

it('of testers leaves, and stands in the trail, only once their number was typed; other lists at once', async () => {
  const trail = async () =>
    (await bench.db.query("SELECT 1 FROM auditEntries WHERE action = 'export'")).length;
  await expect(exportList(bench.ctx, request())).rejects.toMatchObject({ status: 409 });
  await expect(exportList(bench.ctx, request({ confirm: 1 }))).rejects.toMatchObject({ status: 409 });
  expect(await trail()).toBe(0);
  await exportList(bench.ctx, request({ type: 'builds', filter: { app: [bench.appId] } }));
  expect(await trail()).toBe(1);
});

it('of a search over all apps asks for the true number, also where the list stops counting', async () => {
  const insert = `INSERT INTO betaTesters (accountId, appId, id, email, emailLower, document, generation, fetchedAt)
    WITH RECURSIVE numbers(value) AS (SELECT CAST(? AS INTEGER) UNION ALL SELECT value + 1 FROM numbers WHERE value < ?)
    SELECT '${ACCOUNT}', '${bench.appId}', 'many-' || value, 'many' || value || '@example.com', 'many' || value || '@example.com', '{}', 0, 0 FROM numbers`;
  await bench.db.write([{ sql: insert, params: [1, 5_100] }]);
  await bench.db.write([
    {
      sql: `INSERT INTO apps (accountId, id, document, generation, fetchedAt) VALUES ('${ACCOUNT}', 'another', '{}', 0, 0)`,
      params: [],
    },
  ]);
  const parameters = new URLSearchParams({ search: 'many' });
  expect(await listTotal(bench.ctx, { type: 'betaTesters', parameters })).toBe(5_100);
  const over = { filter: {}, search: 'many', format: 'json' } as const;
  await expect(exportList(bench.ctx, request({ ...over, confirm: 5_000 }))).rejects.toMatchObject({
    problems: [{ meta: { expected: 5_100 } }],
  });
  expect(JSON.parse(await text(over))).toHaveLength(5_100);
});

it('is not for everybody', async () => {
  await expect(exportList(bench.ctxAs('triager'), request())).rejects.toThrow(/manager/);
  expect(await bench.db.query("SELECT 1 FROM auditEntries WHERE action = 'export'")).toEqual([]);
});

it('of 60,000 testers streams piece by piece', { timeout: 60_000 }, async () => {
  const sql = `INSERT INTO betaTesters (accountId, appId, id, firstName, lastName, email, emailLower, state, document, generation, fetchedAt)
    WITH RECURSIVE numbers(value) AS (SELECT CAST(? AS INTEGER) UNION ALL SELECT value + 1 FROM numbers WHERE value < ?)
    SELECT '${ACCOUNT}', '${bench.appId}', 'bulk-' || value, 'First' || value, 'Last' || value, 'bulk' || value || '@example.com',
      'bulk' || value || '@example.com', 'INVITED', '{}', 0, 0 FROM numbers`;
  for (let from = 0; from < 60_000; from += 1_000) {
    await bench.db.write([{ sql, params: [from, from + 999] }]);
  }
  const before = liveBytes();
  const started = performance.now();
  const parts = await confirmed();
  let rows = 0;
  let longest = 0;
  let highest = 0;
  for (let next = await parts.next(); !next.done; next = await parts.next()) {
    if (rows % 10_000 < 500) highest = Math.max(highest, liveBytes());
    rows += next.value.split('\r\n').length - 1;
    longest = Math.max(longest, next.value.length);
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(`export: ${Math.round(rows / seconds).toLocaleString('en')} rows/s`);
  expect(rows).toBeGreaterThan(60_000);
  expect(longest).toBeLessThan(200_000);
  expect(highest - before).toBeLessThan(50 * 1024 * 1024);
});

/** What is in use, of which the answers that the store remembers are the most; how much rubbish lies beside it is each Node's own affair. */
function liveBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

it('reads back exactly where two groups have one name, and where a name holds a separator', async () => {
  const groups = await bench.db.query<{ id: string }>(
    'SELECT id FROM betaGroups WHERE appId = ? AND isInternalGroup = 0 ORDER BY id LIMIT 2',
    [bench.appId],
  );
  await bench.db.write(
    groups.map(({ id }) => ({ sql: "UPDATE betaGroups SET name = 'Twin; one' WHERE id = ?", params: [id] })),
  );
  const file = new TextEncoder().encode(await text());
  const options = importOptions.parse({ appId: bench.appId });
  const preview = await previewImport(bench.ctx, file, options, { offset: 0, limit: 1000 });
  expect(preview.mapping).toMatchObject({ firstName: 0, lastName: 1, email: 2, groups: 3, groupIds: 19 });
  const reasons = new Set(preview.rows.flatMap(({ reason }) => reason?.code ?? []));
  expect([...reasons].filter((code) => /AMBIGUOUS|UNKNOWN|MALFORMED/.test(code))).toEqual([]);
  const members = await bench.db.query<{ n: number }>(
    `SELECT count(DISTINCT t.id) AS n FROM betaTesters AS t JOIN betaGroupTesters AS m ON m.testerId = t.id AND m.appId = t.appId
     WHERE t.appId = ? AND t.email IS NOT NULL AND t.state IS DISTINCT FROM 'REVOKED'`,
    [bench.appId],
  );
  expect(preview.counts).toMatchObject({ addToGroup: 0, alreadyThere: members[0]?.n });
});
