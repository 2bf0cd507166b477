import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimJob } from '@/lib/jobs/claim';
import { readItems, readJob } from '@/lib/jobs/rows';
import { importOptions } from '@/lib/services/imports/prepare';
import { startImport } from '@/lib/services/imports/service';
import { changeJob, getJob, listJobs } from '@/lib/services/jobs/views';
import {
  previewPrune,
  previewRestore,
  pruneBody,
  restoreTesters,
  startPrune,
} from '@/lib/services/prune/service';
import { type BulkBody, bulkBody, previewBulk, startBulk } from '@/lib/services/testers/bulk';
import { ACCOUNT, type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

let bench: PeopleBench;
beforeEach(async () => {
  bench = await peopleBench();
});
afterEach(() => bench.close());

const sandboxGroup = (groupId: string) => {
  const { store } = bench.sandbox.parts().world;
  const group = store.get('betaGroups', groupId);
  return new Set(group ? store.relatedIds(group, 'betaTesters') : []);
};
const members = async () =>
  (
    await bench.db.query<{ testerId: string }>(
      'SELECT testerId FROM betaGroupTesters WHERE groupId = ? ORDER BY testerId',
      [bench.groupId],
    )
  ).map((row) => row.testerId);
const strangers = async () =>
  (
    await bench.db.query<{ id: string }>(
      `SELECT id FROM betaTesters WHERE appId = ? AND email IS NOT NULL AND id NOT IN
       (SELECT testerId FROM betaGroupTesters WHERE groupId = ?) ORDER BY id`,
      [bench.appId, bench.groupId],
    )
  ).map((row) => row.id);
const body = async (over: Partial<BulkBody>): Promise<BulkBody> =>
  bulkBody.parse({
    kind: 'remove-from-group',
    appId: bench.appId,
    groupId: bench.groupId,
    testers: { ids: await members() },
    ...over,
  });
async function run(given: BulkBody): Promise<string> {
  const { jobId } = await startBulk(bench.ctx, given);
  await bench.run(jobId);
  expect((await readJob(bench.db, jobId))?.status).toBe('done');
  return jobId;
}

describe('many testers at a time', () => {
  it('leave a group in calls of fifty, said before, seen in the sandbox, the mirror and the trail', async () => {
    const ids = (await members()).slice(0, 15);
    const given = await body({ testers: { ids } });
    const preview = await previewBulk(bench.ctx, given);
    expect(preview).toMatchObject({ count: 15, confirmWord: null, kind: 'remove-from-group' });
    expect(preview.takesAway[0]).toMatch(/^15 testers lose the builds they get through/);
    bench.sandbox.parts().requests.reset();
    const jobId = await run(given);
    // The change, and the look whether it is so.
    expect(bench.sandbox.parts().requests.count).toBe(2);
    expect(ids.filter((id) => sandboxGroup(bench.groupId).has(id))).toEqual([]);
    expect((await members()).filter((id) => ids.includes(id))).toEqual([]);
    const trail = await bench.db.query<{ n: number }>(
      "SELECT count(*) AS n FROM auditEntries WHERE jobId = ? AND status = 'succeeded' AND action = 'removeLinkage'",
      [jobId],
    );
    expect(trail[0]?.n).toBe(15);
  });

  it('join a group; who is there already is skipped and takes nobody along', async () => {
    const [known] = await members();
    const ids = [...(await strangers()).slice(0, 3), known ?? ''];
    const jobId = await run(await body({ kind: 'add-to-group', testers: { ids } }));
    expect(await readJob(bench.db, jobId)).toMatchObject({ done: 3, skipped: 1, failed: 0 });
    for (const id of ids) expect(sandboxGroup(bench.groupId)).toContain(id);
    expect(await members()).toEqual(expect.arrayContaining(ids));
  });

  it('an answer that is lost is read back, not repeated', async () => {
    bench.sandbox.parts().faults.add({
      kind: 'drop',
      method: 'POST',
      route: '/v1/betaGroups/{id}/relationships/betaTesters',
      when: 'after',
      count: 1,
    });
    const ids = (await strangers()).slice(0, 4);
    const jobId = await run(await body({ kind: 'add-to-group', testers: { ids } }));
    const items = await readItems(bench.db, jobId, { limit: 10 });
    expect(items.map((item) => [item.status, item.reconciledAt !== null])).toEqual(
      Array(4).fill(['done', true]),
    );
  });

  it('leave the app and come back into the same groups', async () => {
    const chosen = await bench.db.query<{ id: string; emailLower: string }>(
      `SELECT id, emailLower FROM betaTesters WHERE appId = ? AND email IS NOT NULL
         AND id IN (SELECT testerId FROM betaGroupTesters WHERE groupId = ?) ORDER BY id LIMIT 5`,
      [bench.appId, bench.groupId],
    );
    const before = new Map(
      chosen.map(({ emailLower }) => [emailLower, bench.testers().get(emailLower)?.groupIds]),
    );
    const jobId = await run(
      await body({ kind: 'remove-from-app', testers: { ids: chosen.map(({ id }) => id) } }),
    );
    for (const { emailLower } of chosen) expect(bench.testers().has(emailLower)).toBe(false);
    expect(chosen.length).toBeGreaterThan(1);
    expect(await bench.db.query('SELECT 1 FROM testerEvents WHERE kind = ?', ['removed'])).toHaveLength(
      chosen.length,
    );
    const restored = await restoreTesters(bench.ctx, { jobId });
    expect(restored.count).toBe(chosen.length);
    await bench.run(restored.jobId);
    for (const [email, groupIds] of before) {
      expect(new Set(bench.testers().get(email)?.groupIds)).toEqual(new Set(groupIds));
    }
  });

  it('come back with the builds they had one by one, with or without groups', async () => {
    const { store } = bench.sandbox.parts().world;
    const [build] = await bench.db.query<{ id: string }>(
      "SELECT id FROM builds WHERE appId = ? AND expired = 0 AND externalBuildState = 'IN_BETA_TESTING' LIMIT 1",
      [bench.appId],
    );
    const buildId = build?.id ?? '';
    const chosen = await bench.db.query<{ id: string; emailLower: string }>(
      `SELECT id, emailLower FROM betaTesters WHERE appId = ? AND email IS NOT NULL
         AND id IN (SELECT testerId FROM betaGroupTesters WHERE groupId = ?) ORDER BY id LIMIT 2`,
      [bench.appId, bench.groupId],
    );
    const ids = chosen.map(({ id }) => id);
    await run(await body({ kind: 'add-build', buildId, testers: { ids } }));
    expect(
      (await previewBulk(bench.ctx, await body({ kind: 'add-build', buildId, testers: { ids } }))).warnings,
    ).toContain('2 testers have this build as a single assignment already.');
    const [single] = ids;
    const groups = bench.testers().get(chosen[0]?.emailLower ?? '')?.groupIds ?? [];
    for (const groupId of groups) {
      await run(await body({ kind: 'remove-from-group', groupId, testers: { ids: [single ?? ''] } }));
    }
    const before = chosen.map(({ emailLower }) => bench.testers().get(emailLower)?.groupIds);
    expect(before[0]).toEqual([]);
    const jobId = await run(await body({ kind: 'remove-from-app', testers: { ids } }));
    const restored = await restoreTesters(bench.ctx, { jobId });
    await bench.run(restored.jobId);
    expect(await readJob(bench.db, restored.jobId)).toMatchObject({ done: 2, failed: 0 });
    for (const [index, { emailLower }] of chosen.entries()) {
      const tester = bench.testers().get(emailLower);
      const held = store.get('betaTesters', tester?.id ?? '');
      expect(new Set(tester?.groupIds)).toEqual(new Set(before[index]));
      expect(held && [...store.relatedIds(held, 'builds')]).toEqual([buildId]);
    }
    expect(
      await bench.db.query('SELECT 1 FROM auditEntries WHERE jobId = ? AND status <> ?', [
        restored.jobId,
        'succeeded',
      ]),
    ).toEqual([]);
  });

  it('are deleted from the team, also who is gone already', async () => {
    const ids = (await strangers()).slice(0, 2);
    const { store } = bench.sandbox.parts().world;
    const gone = store.get('betaTesters', ids[0] ?? '');
    if (gone) store.remove(gone);
    const jobId = await run(await body({ kind: 'delete-testers', testers: { ids }, confirm: 2 }));
    expect(await readJob(bench.db, jobId)).toMatchObject({ done: 1, skipped: 1 });
    expect(ids.map((id) => store.get('betaTesters', id))).toEqual([undefined, undefined]);
  });

  it('get invitations again; who accepted is skipped; an uncertain one is never repeated', async () => {
    const rows = await bench.db.query<{ id: string; state: string; emailLower: string }>(
      `SELECT id, state, emailLower FROM betaTesters WHERE appId = ? AND email IS NOT NULL AND id IN
       (SELECT testerId FROM betaGroupTesters WHERE groupId = ?) ORDER BY id`,
      [bench.appId, bench.groupId],
    );
    const invited = rows.filter((row) => row.state === 'INVITED').slice(0, 2);
    const settled = rows.filter((row) => row.state === 'INSTALLED').slice(0, 1);
    bench.sandbox.parts().world.mail.reset();
    const jobId = await run(
      await body({
        kind: 'resend-invitations',
        testers: { ids: [...invited, ...settled].map(({ id }) => id) },
      }),
    );
    expect(await readJob(bench.db, jobId)).toMatchObject({ done: invited.length, skipped: settled.length });
    for (const { emailLower } of invited) expect(bench.invitations()[emailLower]).toBe(1);

    bench.sandbox.parts().faults.add({
      kind: 'drop',
      method: 'POST',
      route: '/v1/betaTesterInvitations',
      when: 'after',
      count: 1,
    });
    const again = await run(
      await body({ kind: 'resend-invitations', testers: { ids: invited.slice(0, 1).map(({ id }) => id) } }),
    );
    expect((await readItems(bench.db, again, { limit: 1 }))[0]).toMatchObject({
      status: 'failed',
      errorCode: 'FLIGHTDECK.OUTCOME_UNKNOWN',
    });
    expect(bench.invitations()[invited[0]?.emailLower ?? '']).toBe(2);
  });

  it('are chosen by what a list matches, but for some', async () => {
    const all = await members();
    const testers = { matching: { filter: { betaGroups: [bench.groupId] } }, except: all.slice(0, 1) };
    const { count } = await previewBulk(bench.ctx, await body({ testers }));
    expect(count).toBe(all.length - 1);
  });

  it('more than fifty removals want their number typed', async () => {
    const ids = (
      await bench.db.query<{ id: string }>('SELECT id FROM betaTesters WHERE appId = ?', [bench.appId])
    ).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(20);
    const many = Array.from({ length: 60 }, (_, i) => ({ id: `x${i}` }));
    await bench.db.write(
      many.map(({ id }) => ({
        sql: `INSERT INTO betaTesters (accountId, appId, id, email, emailLower, document, generation, fetchedAt)
          VALUES (?, ?, ?, ?, ?, '{}', 0, 0)`,
        params: [ACCOUNT, bench.appId, id, `${id}@example.com`, `${id}@example.com`],
      })),
    );
    const given = await body({ kind: 'remove-from-app', testers: { ids: many.map(({ id }) => id) } });
    await expect(startBulk(bench.ctx, given)).rejects.toMatchObject({
      status: 409,
      problems: [{ code: 'FLIGHTDECK.CONFIRM', meta: { expected: 60 } }],
    });
    await expect(startBulk(bench.ctx, { ...given, confirm: 59 })).rejects.toMatchObject({ status: 409 });
    await expect(startBulk(bench.ctx, { ...given, confirm: 60 })).resolves.toMatchObject({ count: 60 });
  });

  it('are deleted only once it has been typed who, or how many', async () => {
    const [first, second] = await strangers();
    const one = await body({ kind: 'delete-testers', testers: { ids: [first ?? ''] } });
    const { confirmWord } = await previewBulk(bench.ctx, one);
    expect(confirmWord).toMatch(/@/);
    await expect(startBulk(bench.ctx, one)).rejects.toMatchObject({
      status: 409,
      problems: [{ code: 'FLIGHTDECK.CONFIRM', meta: { expected: confirmWord } }],
    });
    await expect(startBulk(bench.ctx, { ...one, confirm: 1 })).rejects.toMatchObject({ status: 409 });
    const two = await body({ kind: 'delete-testers', testers: { ids: [first ?? '', second ?? ''] } });
    expect((await previewBulk(bench.ctx, two)).confirmWord).toBe(2);
    await expect(startBulk(bench.ctx, { ...two, confirm: String(confirmWord) })).rejects.toMatchObject({
      status: 409,
    });
    await expect(startBulk(bench.ctx, { ...two, confirm: '2' })).resolves.toMatchObject({ count: 2 });
  });

  it('are refused for who may not, and for what does not exist', async () => {
    await expect(startBulk(bench.ctxAs('triager'), await body({}))).rejects.toThrow(/manager/);
    await expect(startBulk(bench.ctx, await body({ groupId: 'nope' }))).rejects.toMatchObject({
      status: 400,
    });
    await expect(startBulk(bench.ctx, await body({ testers: { ids: ['nope'] } }))).rejects.toMatchObject({
      status: 400,
    });
    await expect(startBulk(bench.ctx, await body({ appId: 'nope' }))).rejects.toMatchObject({ status: 404 });
  });
});

describe('jobs', () => {
  it('are listed newest first, and change only as their status allows', async () => {
    const first = await startBulk(bench.ctx, await body({}));
    const second = await startBulk(bench.ctx, await body({ kind: 'resend-invitations' }));
    const { jobs, total } = await listJobs(bench.ctx, { limit: 10 });
    expect(total).toBe(2);
    expect(new Set(jobs.map((job) => job.id))).toEqual(new Set([first.jobId, second.jobId]));
    expect((await changeJob(bench.ctx, first.jobId, 'pause')).status).toBe('paused');
    expect((await changeJob(bench.ctx, first.jobId, 'cancel')).status).toBe('cancelled');
    await expect(changeJob(bench.ctx, first.jobId, 'resume')).rejects.toMatchObject({ status: 409 });
    await expect(changeJob(bench.ctx, 'nope', 'pause')).rejects.toMatchObject({ status: 404 });
    await expect(() => listJobs(bench.ctxAs('viewer'), { limit: 1 })).rejects.toThrow(/triager/);
  });
});

describe('a job on its way', () => {
  const ROWS = 40;
  const addresses = Array.from({ length: ROWS }, (_, n) => `way${n}@example.com`);
  const begin = async () => {
    const options = importOptions.parse({ appId: bench.appId, groupIds: [bench.groupId] });
    const file = new TextEncoder().encode(['Email', ...addresses].join('\n'));
    return (await startImport(bench.ctx, file, options)).jobId;
  };
  const there = () => addresses.filter((address) => bench.testers().has(address)).length;
  const someSent = async () => {
    while (there() < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const invitedOnce = () => addresses.every((address) => (bench.invitations()[address] ?? 0) <= 1);

  it('is paused between two rows, sends nothing meanwhile, and goes on with each address once', async () => {
    bench.sandbox.parts().world.settings.latencyMs = 20;
    const jobId = await begin();
    const running = bench.run(jobId);
    await someSent();
    expect((await changeJob(bench.ctx, jobId, 'pause')).status).toBe('paused');
    await running;
    const before = there();
    const { counts } = await getJob(bench.ctx, jobId);
    expect([counts.done, counts.pending, counts.ambiguous]).toEqual([before, ROWS - before, 0]);
    expect(before).toBeLessThan(ROWS);
    await run(await body({}));
    expect(there()).toBe(before);
    expect((await changeJob(bench.ctx, jobId, 'resume')).status).toBe('queued');
    await bench.run(jobId);
    expect([(await getJob(bench.ctx, jobId)).status, there(), invitedOnce()]).toEqual(['done', ROWS, true]);
  });

  it('is cancelled: what was not sent stays unsent, and cannot be taken up again', async () => {
    bench.sandbox.parts().world.settings.latencyMs = 20;
    const jobId = await begin();
    const running = bench.run(jobId);
    await someSent();
    expect((await changeJob(bench.ctx, jobId, 'cancel')).status).toBe('cancelled');
    await running;
    const before = there();
    expect(before).toBeLessThan(ROWS);
    await run(await body({}));
    expect([there(), (await getJob(bench.ctx, jobId)).counts.done]).toEqual([before, before]);
    await expect(changeJob(bench.ctx, jobId, 'resume')).rejects.toMatchObject({ status: 409 });
    const trail = await bench.db.query('SELECT 1 FROM auditEntries WHERE jobId = ? AND status = ?', [
      jobId,
      'succeeded',
    ]);
    expect(trail).toHaveLength(before);
  });

  it('is parked after three crashes without a row done, says so, and runs once a person resumes it', async () => {
    const jobId = await begin();
    let now = Date.now();
    for (const owner of ['a/1/x', 'b/1/x', 'c/1/x']) {
      // Taken, and then the worker is gone without a word.
      expect((await claimJob(bench.db, owner, now))?.job.id).toBe(jobId);
      now += 31_000;
    }
    expect(await claimJob(bench.db, 'd/1/x', now)).toBeNull();
    const parked = await getJob(bench.ctx, jobId);
    expect(parked).toMatchObject({ status: 'parked', actions: ['resume', 'cancel'] });
    expect(parked.error).toContain('ended 3 times in a row');
    expect(there()).toBe(0);
    expect((await changeJob(bench.ctx, jobId, 'resume')).status).toBe('queued');
    await bench.run(jobId);
    expect([(await getJob(bench.ctx, jobId)).status, there(), invitedOnce()]).toEqual(['done', ROWS, true]);
  });
});

describe('pruning', () => {
  const old = async () => {
    const at = Date.now() - 60 * 86_400_000;
    await bench.db.write([
      {
        sql: `INSERT INTO testerEvents (accountId, appId, testerId, at, kind)
          SELECT accountId, appId, id, CAST(? AS BIGINT), 'joined' FROM betaTesters WHERE appId = ?`,
        params: [at, bench.appId],
      },
    ]);
  };
  const rules = { noSessionDays: 30, noFeedbackEver: true, invitedBeforeDays: 30 };
  const parse = (over: object = {}) => pruneBody.parse({ appId: bench.appId, rules, ...over });

  it('lists who and why, keeps the protected and who was taken out, removes the rest, and brings them back', async () => {
    await old();
    const preview = await previewPrune(bench.ctx, { appId: bench.appId, rules });
    expect(preview.source).toBe('apple');
    expect(preview.candidates.length).toBeGreaterThan(2);
    for (const { reasons } of preview.candidates) {
      expect(reasons).toEqual(['No session in 30 days', 'No feedback ever']);
    }
    const [guarded, taken, ...rest] = preview.candidates;
    await bench.db.write([
      {
        sql: 'INSERT INTO testerNotes (accountId, appId, testerId, protected, updatedAt) VALUES (?, ?, ?, ?, 0)',
        params: [ACCOUNT, bench.appId, guarded?.testerId ?? '', 1],
      },
    ]);
    const body = parse({ except: [taken?.testerId ?? ''], confirm: rest.length });
    const { jobId, count } = await startPrune(bench.ctx, body);
    expect(count).toBe(rest.length);
    await bench.run(jobId);
    const { store } = bench.sandbox.parts().world;
    const left = (id: string | undefined) => store.get('betaTesters', id ?? '') !== undefined;
    expect([left(guarded?.testerId), left(taken?.testerId)]).toEqual([true, true]);
    expect(rest.filter(({ testerId }) => left(testerId))).toEqual([]);

    const reachable = rest.filter(({ email }) => email !== null);
    const plan = await previewRestore(bench.ctx, { jobId });
    const restored = await restoreTesters(bench.ctx, { jobId });
    expect(plan.count).toBe(restored.count);
    expect(plan.count + plan.others.reduce((sum, other) => sum + other.count, 0)).toBe(rest.length);
    await bench.run(restored.jobId);
    for (const { email, groupIds } of reachable) {
      if (groupIds.length > 0)
        expect(bench.testers().get(email?.toLowerCase() ?? '')?.groupIds.length).toBeGreaterThan(0);
    }
  });

  it('names nobody who was invited lately, sorts by reason and age, and tells since when people are here', async () => {
    await old();
    const everybody = { states: ['INVITED', 'ACCEPTED', 'INSTALLED', 'NOT_INVITED'] };
    const { candidates } = await previewPrune(bench.ctx, { appId: bench.appId, rules: everybody });
    const [first, second, third] = candidates;
    if (!first || !second || !third) throw new Error('Three testers are needed.');
    const day = 86_400_000;
    const event = (id: string, kind: string, daysAgo: number) => ({
      sql: 'INSERT INTO testerEvents (accountId, appId, testerId, at, kind) VALUES (?, ?, ?, ?, ?)',
      params: [ACCOUNT, bench.appId, id, Date.now() - daysAgo * day, kind],
    });
    await bench.db.write([
      event(first.testerId, 'invited', 3),
      event(second.testerId, 'invited', 40),
      { sql: 'DELETE FROM testerEvents WHERE testerId = ?', params: [third.testerId] },
      {
        sql: 'INSERT INTO testerDays (accountId, appId, testerId, day, sessionCount) VALUES (?, ?, ?, ?, 2)',
        params: [
          ACCOUNT,
          bench.appId,
          third.testerId,
          new Date(Date.now() - 90 * day).toISOString().slice(0, 10),
        ],
      },
    ]);
    const preview = await previewPrune(bench.ctx, { appId: bench.appId, rules: everybody });
    const ids = preview.candidates.map(({ testerId }) => testerId);
    expect(ids).not.toContain(first.testerId);
    expect(preview.kept['Invited within the last 30 days']).toBe(1);
    const order = preview.candidates.map(({ reasons, invitedAt }) => `${reasons.join()} ${invitedAt ?? ''}`);
    expect(order).toEqual([...order].sort());
    expect(new Set(order).size).toBeGreaterThan(2);
    const before = preview.candidates.find(({ testerId }) => testerId === third.testerId);
    expect(before?.invitedAt).toBeNull();
    expect(before?.presentBy?.slice(0, 10)).toBe(before?.lastSeenAt?.slice(0, 10));
    expect(before?.lastSeenAt?.slice(0, 10)).toBe(new Date(Date.now() - 90 * day).toISOString().slice(0, 10));
  });

  it('keeps whoever was here before Flightdeck was, unless they are asked for', async () => {
    const rules = { states: ['INVITED'] };
    const preview = await previewPrune(bench.ctx, { appId: bench.appId, rules });
    expect(preview.keptBeforeCount).toBeGreaterThan(0);
    expect(preview.candidates.every(({ presentBy }) => presentBy !== null)).toBe(true);
    const all = await previewPrune(bench.ctx, {
      appId: bench.appId,
      rules: { ...rules, unknownInvitation: 'prune' },
    });
    expect(all.candidates.length).toBe(preview.candidates.length + preview.keptBeforeCount);
  });

  /** A pruning of whoever is invited that writes to them first. */
  const gently = async () => {
    await old();
    const body = parse({ rules: { states: ['INVITED'] }, resendFirst: { graceDays: 7 }, confirm: 0 });
    const { candidates } = await previewPrune(bench.ctx, body);
    return { candidates, ...(await startPrune(bench.ctx, { ...body, confirm: candidates.length })) };
  };
  /** Runs it as if its days were over. */
  const afterGrace = async (jobId: string) => {
    const params = [Date.now(), jobId];
    await bench.db.write([{ sql: 'UPDATE jobs SET scheduledAt = ? WHERE id = ?', params }]);
    await bench.run(jobId);
    return readItems(bench.db, jobId, { limit: 100 });
  };
  const atApple = (id: string | undefined) => bench.sandbox.parts().world.store.get('betaTesters', id ?? '');

  it('with a grace period writes first, and keeps who came back, though our copy was not told', async () => {
    const { candidates, jobId, resendJobId } = await gently();
    const scheduled = await readJob(bench.db, jobId);
    expect((scheduled?.scheduledAt ?? 0) - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    await bench.run(resendJobId ?? '');
    expect((await readJob(bench.db, resendJobId ?? ''))?.status).toBe('done');
    expect((await readJob(bench.db, jobId))?.status).toBe('queued');
    const [back, active] = candidates;
    await fetch(`${bench.sandbox.baseUrl}/sandbox/events`, {
      method: 'POST',
      body: JSON.stringify({ kind: 'use', testerId: active?.testerId, sessionCount: 2 }),
    });
    const accepted = atApple(back?.testerId);
    if (accepted) bench.sandbox.parts().world.store.update(accepted, { state: 'ACCEPTED' });
    const items = await afterGrace(jobId);
    expect(items[0]).toMatchObject({ status: 'skipped', errorDetail: 'Accepted the invitation meanwhile.' });
    expect(atApple(back?.testerId)).toBeDefined();
    expect(items[1]).toMatchObject({ status: 'skipped', errorDetail: 'Used the app meanwhile.' });
    expect(atApple(active?.testerId)).toBeDefined();
    expect(items.filter((item) => item.status === 'done').length).toBe(candidates.length - 2);
  });

  it('writes to nobody who has accepted, and judges them after the same days', async () => {
    await old();
    const rules = { states: ['INVITED', 'INSTALLED'], noSessionDays: 7 };
    const all = await previewPrune(bench.ctx, parse({ rules }));
    const installed = all.candidates.filter(({ state, email }) => state === 'INSTALLED' && email !== null);
    const invited = all.candidates.filter(({ state, email }) => state === 'INVITED' && email !== null);
    expect([installed.length > 0, invited.length > 0]).toEqual([true, true]);
    const [one, other] = [installed[0], invited[0]];
    const except = all.candidates
      .filter((each) => each !== one && each !== other)
      .map((each) => each.testerId);
    const body = { rules, except, resendFirst: { graceDays: 7 } };
    const { jobId, resendJobId } = await startPrune(bench.ctx, { ...parse(body), confirm: 2 });
    await bench.run(resendJobId ?? '');
    const letters = await readItems(bench.db, resendJobId ?? '', { limit: 100 });
    expect(letters.map(({ payload }) => (payload as { testerId: string }).testerId)).toEqual([
      other?.testerId,
    ]);
    const items = await afterGrace(jobId);
    expect(items.map(({ status, errorDetail }) => [status, errorDetail])).toEqual([
      ['done', null],
      ['done', null],
    ]);
    expect([atApple(one?.testerId), atApple(other?.testerId)]).toEqual([undefined, undefined]);
  });

  it('removes nobody after a grace period who was not written to', async () => {
    const { candidates, jobId, resendJobId } = await gently();
    // The job that writes is stopped before it has begun.
    await changeJob(bench.ctx, resendJobId ?? '', 'cancel');
    const [late, refused, unknown, ...others] = candidates.filter(({ email }) => email !== null);
    const became = (tester: { testerId: string } | undefined, values: string, ...params: number[]) => ({
      sql: `UPDATE jobItems SET ${values} WHERE jobId = ? AND payload LIKE ?`,
      params: [...params, resendJobId ?? '', `%${tester?.testerId}%`],
    });
    await bench.db.write([
      {
        sql: 'UPDATE jobs SET params = ? WHERE id = ?',
        params: [
          JSON.stringify({ graceDays: 7, resendJobId, decidedAt: Date.now() - 7 * 86_400_000 }),
          jobId,
        ],
      },
      became(late, "status = 'done', finishedAt = ?", Date.now() - 86_400_000),
      became(refused, "status = 'failed', errorCode = 'X', errorDetail = 'No mail today.'"),
      became(
        unknown,
        "status = 'failed', errorCode = 'FLIGHTDECK.OUTCOME_UNKNOWN', errorDetail = 'No answer.'",
      ),
    ]);
    const items = await afterGrace(jobId);
    const told = new Map(
      items.map(({ payload, status, errorDetail }) => [
        (payload as { testerId: string }).testerId,
        `${status}: ${errorDetail}`,
      ]),
    );
    expect([late, refused, unknown].map((one) => told.get(one?.testerId ?? ''))).toEqual([
      'skipped: Was written to later than planned: the days to come back are not over.',
      'skipped: Was not written to first: No mail today.',
      'skipped: May not have been written to first: No answer.',
    ]);
    expect(others.length).toBeGreaterThan(0);
    expect(new Set(others.map(({ testerId }) => told.get(testerId)))).toEqual(
      new Set(['skipped: Was not written to first: the job that writes has not come to it.']),
    );
    for (const { testerId, email } of candidates)
      expect([testerId, atApple(testerId) !== undefined]).toEqual([testerId, email !== null]);
  });
});
