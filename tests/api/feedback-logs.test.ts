import { rmSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import type { AscFetch } from '@/lib/asc/transport/types';
import { systemClock } from '@/lib/clock';
import { claimNextLog, keptLog, storeLog } from '@/lib/feedback/logs';
import { collectLogs, readBacklog, takeInFeedback } from '@/lib/services/feedback/collect';
import { fetchLogNow } from '@/lib/services/feedback/log';
import { runSync } from '@/lib/sync/run';
import { ACCOUNT, type ApiBench, apiBench, type BenchOptions } from '@/tests/factories/context';
import { ipsFile } from '@/tests/factories/crash-files';
import { peopleBench } from '@/tests/factories/people-bench';
import { bundleEntry, startJobWorker } from '@/tests/factories/worker-process';

let bench: ApiBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

const never = new AbortController().signal;
const asked = ({ sandbox }: Pick<ApiBench, 'sandbox'>) =>
  sandbox
    .parts()
    .requests.entries()
    .flatMap(({ url }) => /\/betaFeedbackCrashSubmissions\/([^/]+)\/crashLog/.exec(url)?.[1] ?? []);

interface Row {
  id: string;
  logState: string | null;
  logTrouble: string | null;
  logAfter: number | null;
  logTries: number;
  issueHash: string | null;
  issueId: string | null;
}

async function open(options: BenchOptions = {}) {
  const opened = await apiBench(options);
  bench = opened;
  const ctx = opened.app.ctx({ kind: 'system', name: 'worker' }, 'test');
  await takeInFeedback(ctx, ACCOUNT);
  const rows = (where = '1 = 1') =>
    opened.db.query<Row>(
      `SELECT id, logState, logTrouble, logAfter, logTries, issueHash, issueId FROM feedback
       WHERE type = 'betaFeedbackCrashSubmissions' AND ${where} ORDER BY createdDate DESC, id`,
    );
  /** Leaves only so many wanted, the newest. */
  const keepWanted = async (most: number) => {
    const all = await rows();
    const left = all.slice(0, most).map(({ id }) => id);
    await opened.db.write([
      {
        sql: `UPDATE feedback SET logState = NULL WHERE logState = 'wanted' AND id NOT IN (${left.map(() => '?').join()})`,
        params: left,
      },
    ]);
    return left;
  };
  return { ...opened, ctx, rows, keepWanted };
}

it('asks for each log once, the newest first, and puts like crashes together', async () => {
  const { ctx, rows, db, ...at } = await open();
  const crashes = await rows();
  expect(crashes.length).toBeGreaterThan(10);
  expect(await readBacklog(ctx)).toMatchObject({ wanted: crashes.length, putOff: 0 });
  // A second process with clients and connections of its own.
  await at.restart();
  const other = at.app.ctx({ kind: 'system', name: 'worker' }, 'other');
  expect(await Promise.all([collectLogs(ctx, ACCOUNT, never), collectLogs(other, ACCOUNT, never)])).toEqual([
    null,
    null,
  ]);
  const all = asked(at);
  expect(all.length).toBe(crashes.length);
  expect(new Set(all).size).toBe(all.length);
  expect(all[0] === crashes[0]?.id || all[1] === crashes[0]?.id).toBe(true);
  const after = await rows();
  expect(after.filter(({ logState }) => logState !== 'stored' && logState !== 'absent')).toEqual([]);
  const stored = after.filter(({ logState }) => logState === 'stored');
  const logs = await db.query<{ feedbackId: string }>('SELECT feedbackId FROM crashLogs');
  expect(logs.map(({ feedbackId }) => feedbackId).sort()).toEqual(stored.map(({ id }) => id).sort());
  const grouped = stored.filter(({ issueHash }) => issueHash !== null);
  expect(grouped.length).toBeGreaterThan(stored.length * 0.8);
  const issues = new Set(grouped.map(({ issueId }) => issueId));
  expect(issues.size).toBe(new Set(grouped.map(({ issueHash }) => issueHash)).size);
  expect(issues.size).toBeLessThan(grouped.length);
  const counted = await db.query<{ n: number }>('SELECT SUM(reportCount) AS n FROM issues');
  expect(Number(counted[0]?.n)).toBe((await db.query('SELECT id FROM feedback')).length);
  await collectLogs(ctx, ACCOUNT, never);
  expect(asked(at).length).toBe(all.length);
});

it('leaves the rest of the quota to syncs and people', async () => {
  // As Apple says it: of 3,600 requests an hour a fifth is left after the fourth log.
  let left = 724;
  const limited: AscFetch = async (url, init) => {
    const answer = await fetch(url, init as RequestInit);
    const headers = new Headers(answer.headers);
    if (url.includes('/crashLog')) left -= 1;
    headers.set('x-rate-limit', `user-hour-lim:3600;user-hour-rem:${left};`);
    return new Response(answer.body, { status: answer.status, headers });
  };
  const { ctx, rows, ...at } = await open({ fetch: limited });
  const waiting = (await rows()).length;
  expect(await collectLogs(ctx, ACCOUNT, never)).toBeGreaterThan(Date.now());
  expect(asked(at).length).toBe(5);
  expect((await rows("logState = 'wanted'")).length).toBe(waiting - 5);
  expect(await readBacklog(ctx)).toMatchObject({ wanted: waiting - 5, perHour: 2880 });
});

/** Answers in Apple's place for some of the logs. */
function answering(answers: Map<string, () => Response | Promise<Response>>): AscFetch {
  return async (url, init) => {
    const id = /\/betaFeedbackCrashSubmissions\/([^/]+)\/crashLog/.exec(String(url))?.[1] ?? '';
    return answers.get(id)?.() ?? (fetch(url, init as RequestInit) as Promise<Response>);
  };
}
const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
const logOf = (logText: unknown) =>
  json(200, { data: { type: 'betaCrashLogs', id: 'x', attributes: { logText } }, links: { self: '' } });
const refusal = (status: number, code: string) =>
  json(status, { errors: [{ status: String(status), code, title: 'No', detail: 'Not this one.' }] });

it('believes what Apple says plainly, tries again what may pass, and says what it does not read', async () => {
  const answers = new Map<string, () => Response>();
  const { ctx, rows, keepWanted, db } = await open({ fetch: answering(answers) });
  const ids = await keepWanted(9);
  await db.write([
    {
      sql: "UPDATE feedback SET createdDate = '2026-01-01T00:00:00.000Z' WHERE logState = 'wanted'",
      params: [],
    },
  ]);
  const [
    gone = '',
    page = '',
    broken = '',
    empty = '',
    none = '',
    big = '',
    jetsam = '',
    bare = '',
    good = '',
  ] = ids;
  const html = { status: 404, headers: { 'content-type': 'text/html' } };
  const crash = ipsFile({ stack: [['Harbour', 'Harbour.save()', 40]] });
  answers.set(gone, () => refusal(404, 'NOT_FOUND'));
  answers.set(page, () => new Response('<html>Nothing here</html>', html));
  answers.set(broken, () => json(200, 'what?'));
  answers.set(empty, () => logOf(''));
  answers.set(none, () => logOf(undefined));
  answers.set(big, () => logOf('x'.repeat(30 * 1024 * 1024)));
  answers.set(jetsam, () =>
    logOf(`{"bug_type":"298","timestamp":"2026-01-01","os_version":"iOS"}\n{"processes":[{"name":"a"}]}`),
  );
  answers.set(bare, () => logOf(`${crash}${' '.repeat(11 * 1024 * 1024)}`));
  answers.set(good, () => logOf(crash));
  await collectLogs(ctx, ACCOUNT, never);
  const told = async () => new Map((await rows()).map((row) => [row.id, row]));
  let all = await told();
  expect(all.get(gone)).toMatchObject({ logState: 'absent', logTrouble: 'Apple has no log of this crash.' });
  expect(all.get(empty)).toMatchObject({
    logState: 'absent',
    logTrouble: 'The log that Apple has is empty.',
  });
  expect(all.get(none)).toMatchObject({ logState: 'absent' });
  expect(all.get(big)).toMatchObject({
    logState: 'failed',
    logTrouble: 'The log is more than the 10 MB that Flightdeck reads.',
  });
  expect(all.get(bare)).toMatchObject({
    logState: 'failed',
    logTrouble: 'The log has 12 MB, which is more than the 10 MB that Flightdeck reads.',
  });
  expect(all.get(jetsam)).toMatchObject({ logState: 'stored', issueHash: null });
  expect(all.get(good)).toMatchObject({ logState: 'stored' });
  expect(all.get(good)?.issueHash).not.toBeNull();
  const passing = [page, broken].map((id) => all.get(id));
  for (const row of passing) {
    expect(row).toMatchObject({ logState: 'wanted' });
    expect(row?.logTrouble === null).toBe(row?.logTries === 0);
  }
  // Later the same logs are there.
  answers.delete(page);
  answers.delete(broken);
  await db.write([{ sql: "UPDATE feedback SET logAfter = NULL WHERE logState = 'wanted'", params: [] }]);
  await collectLogs(ctx, ACCOUNT, never);
  all = await told();
  for (const id of [page, broken]) expect(['stored', 'absent']).toContain(all.get(id)?.logState);
});

it('waits for a log that is younger than Apple may be slow', async () => {
  const answers = new Map<string, () => Response>();
  const { ctx, rows, keepWanted, db } = await open({ fetch: answering(answers) });
  const [id = ''] = await keepWanted(1);
  await db.write([
    { sql: 'UPDATE feedback SET createdDate = ? WHERE id = ?', params: [new Date().toISOString(), id] },
  ]);
  answers.set(id, () => refusal(404, 'NOT_FOUND'));
  await collectLogs(ctx, ACCOUNT, never);
  const [row] = await rows(`id = '${id}'`);
  expect(row).toMatchObject({ logState: 'wanted', logTries: 1 });
  expect(row?.logAfter).toBeGreaterThan(Date.now());
});

it('stops for all when the key is refused, and blames no log for it', async () => {
  let isRefused = true;
  const answer: AscFetch = async (url, init) =>
    isRefused && String(url).includes('/crashLog')
      ? refusal(403, 'FORBIDDEN_ERROR')
      : (fetch(url, init as RequestInit) as Promise<Response>);
  const { ctx, rows, keepWanted, ...at } = await open({ fetch: answer });
  await keepWanted(5);
  expect(await collectLogs(ctx, ACCOUNT, never)).toBeGreaterThan(Date.now());
  expect((await rows("logState = 'wanted'")).map(({ logTries }) => logTries)).toEqual([0, 0, 0, 0, 0]);
  isRefused = false;
  await collectLogs(ctx, ACCOUNT, never);
  expect(await rows("logState = 'wanted'")).toEqual([]);
  expect(asked(at).length).toBe(5);
});

it('lets the others go first when the answer for one does not come, and blames none for it', async () => {
  const answers = new Map<string, () => Response>();
  const { ctx, rows, keepWanted, ...at } = await open({ fetch: answering(answers) });
  const [newest = '', ...others] = await keepWanted(4);
  answers.set(newest, () => {
    throw new TypeError('terminated');
  });
  // The way itself may be broken: the others wait a little too.
  expect(await collectLogs(ctx, ACCOUNT, never)).toBeGreaterThan(Date.now());
  expect(asked(at)).toEqual([]);
  expect(await collectLogs(ctx, ACCOUNT, never)).toBeNull();
  expect(asked(at).toSorted()).toEqual(others.toSorted());
  expect(await rows("logState = 'wanted'")).toMatchObject([{ id: newest, logTries: 0, logTrouble: null }]);
});

it('opens a log out of turn, asks for none on behalf of viewers, and masks addresses for them', async () => {
  const answers = new Map<string, () => Response>();
  const { app, users, rows, ...at } = await open({ fetch: answering(answers) });
  const as = (role: 'viewer' | 'triager') =>
    app.ctx({ kind: 'user', sessionId: 's', ...users[role], role }, role);
  const [, , , row] = await rows();
  const id = row?.id ?? '';
  answers.set(id, () =>
    logOf(`${ipsFile({ stack: [['Harbour', 'Harbour.save()', 40]] })}\nto mara@example.com`),
  );
  expect(await fetchLogNow(as('viewer'), { id })).toMatchObject({ state: 'wanted', text: null });
  expect(asked(at)).toEqual([]);
  const [mine, twice] = await Promise.all([
    fetchLogNow(as('triager'), { id }),
    fetchLogNow(as('triager'), { id }),
  ]);
  expect([mine.state, twice.state]).toContain('stored');
  expect((await fetchLogNow(as('triager'), { id })).text).toContain('mara@example.com');
  const shown = await fetchLogNow(as('viewer'), { id });
  expect(shown.text).toContain('m•••@example.com');
  expect(shown.text).not.toContain('mara@');
  await expect(fetchLogNow(as('viewer'), { id: 'unknown' })).rejects.toMatchObject({ status: 404 });
});

it('asks nobody while another holds the claim, and again when that one is gone', async () => {
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead, sleep: systemClock.sleep };
  const { ctx, rows, keepWanted, db, ...at } = await open({ clock });
  const [id = ''] = await keepWanted(1);
  const claim = await claimNextLog(db, ACCOUNT, clock.now());
  expect(claim?.id).toBe(id);
  await collectLogs(ctx, ACCOUNT, never);
  expect(asked(at)).toEqual([]);
  ahead = 181_000;
  await collectLogs(ctx, ACCOUNT, never);
  expect(asked(at)).toEqual([id]);
  const before = await rows(`id = '${id}'`);
  // Whoever was away for so long changes nothing any more.
  if (claim) expect(await storeLog(db, claim, 'late', { now: clock.now(), team: {} })).toBe(false);
  expect(await rows(`id = '${id}'`)).toEqual(before);
});

it('keeps nothing of a log when the write of it fails', async () => {
  const { rows, keepWanted, db } = await open();
  const [id = ''] = await keepWanted(1);
  const claim = await claimNextLog(db, ACCOUNT, Date.now());
  const before = await rows();
  const full = { ...db, write: () => Promise.reject(new Error('The disk is full.')) };
  const text = ipsFile({ stack: [['Harbour', 'Harbour.save()', 40]] });
  if (claim) await expect(storeLog(full, claim, text, { now: 1, team: {} })).rejects.toThrow('full');
  expect(await rows()).toEqual(before);
  expect(await keptLog(db, { accountId: ACCOUNT, id })).toBeNull();
  if (claim) expect(await storeLog(db, claim, text, { now: 1, team: {} })).toBe(true);
  expect((await keptLog(db, { accountId: ACCOUNT, id }))?.text).toBe(text);
});

it('survives kill -9 of the worker: nothing half, nothing twice, nothing lost', {
  timeout: 300_000,
}, async () => {
  const worker = await bundleEntry('tests/factories/collect-worker.ts', 'collect-worker');
  const people = await peopleBench({ latencyMs: 3 });
  try {
    const { db, app, ctx } = people;
    const asc = await ctx.ascFor(ACCOUNT, 'sync');
    const given = { db, asc, accountId: ACCOUNT, clock: systemClock, log: app.log };
    await runSync({ ...given, mode: 'full', trigger: 'shell' });
    const count = async (sql: string) => Number((await db.query<{ n: number }>(sql))[0]?.n);
    const crashes = await count(
      "SELECT COUNT(*) AS n FROM feedback WHERE type = 'betaFeedbackCrashSubmissions'",
    );
    const settled = () => count("SELECT COUNT(*) AS n FROM feedback WHERE logState IN ('stored', 'absent')");
    const until = async (goal: number) => {
      while ((await settled()) < goal) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    const kills = 4;
    for (let kill = 1; kill <= kills; kill += 1) {
      const process = startJobWorker(worker, people);
      await process.ready;
      await until(Math.floor((crashes * kill) / (kills + 2)));
      await process.end('SIGKILL');
      // What was claimed is free again, as it is after a while.
      await db.write([
        { sql: "UPDATE feedback SET logAfter = NULL WHERE logState = 'wanted' AND logTries = 0", params: [] },
      ]);
    }
    const last = startJobWorker(worker, people);
    await last.ready;
    await until(crashes);
    expect(await last.end('SIGTERM')).toBe(0);
    expect(await count('SELECT COUNT(*) AS n FROM crashLogs')).toBe(
      await count("SELECT COUNT(*) AS n FROM feedback WHERE logState = 'stored'"),
    );
    expect(asked(people).length).toBeLessThanOrEqual(crashes + kills);
    const wrong = await db.query(
      `SELECT i.id FROM issues AS i WHERE i.reportCount <>
         (SELECT COUNT(*) FROM feedback AS f WHERE f.issueId = i.id)
       UNION SELECT id FROM feedback WHERE issueId IS NULL OR (logState = 'stored' AND rule IS NULL)`,
    );
    expect(wrong).toEqual([]);
    const groups = await count(
      'SELECT COUNT(DISTINCT issueId) AS n FROM feedback WHERE issueHash IS NOT NULL',
    );
    expect(groups).toBe(
      await count(
        "SELECT COUNT(DISTINCT appId || ' ' || issueHash) AS n FROM feedback WHERE issueHash IS NOT NULL",
      ),
    );
  } finally {
    await people.close();
    rmSync(worker, { force: true });
  }
});
