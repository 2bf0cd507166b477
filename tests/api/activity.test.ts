import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyChain } from '@/lib/audit/verify';
import { claimJob } from '@/lib/jobs/claim';
import { readItems, readJob } from '@/lib/jobs/rows';
import { runJob } from '@/lib/jobs/run-job';
import { listActivity, previewUndoOf, undoActivity } from '@/lib/services/activity';
import { appOf } from '@/lib/services/app-facts';
import { RefusedError } from '@/lib/services/errors';
import type { Part } from '@/lib/services/history/parts';
import { importOptions } from '@/lib/services/imports/prepare';
import { startImport } from '@/lib/services/imports/service';
import { jobRunner } from '@/lib/services/jobs/runner';
import { getJob } from '@/lib/services/jobs/views';
import { deleteResource, updateResource } from '@/lib/services/resources/write';
import { previewBulk, startBulk } from '@/lib/services/testers/bulk';
import { changeRecords, recordsBody, recordsOf } from '@/lib/services/testers/records';
import { type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

let bench: PeopleBench;
let outsiders: string[];
let members: string[];
beforeEach(async () => {
  bench = await peopleBench();
  const all = [...bench.testers().values()];
  members = all.filter(({ groupIds }) => groupIds.includes(bench.groupId)).map(({ id }) => id);
  outsiders = all.filter(({ groupIds }) => !groupIds.includes(bench.groupId)).map(({ id }) => id);
});
afterEach(() => bench.close());

const list = (query = '', ctx = bench.ctx) => listActivity(ctx, new URLSearchParams(`by=act&${query}`));
const said = (parts: readonly Part[] = []) =>
  parts.map((part) => (typeof part === 'string' ? part : part.name)).join('');
const inGroup = () => {
  const { store } = bench.sandbox.parts().world;
  const group = store.get('betaGroups', bench.groupId);
  return new Set(group ? store.relatedIds(group, 'betaTesters') : []);
};
const groupName = async () =>
  (await bench.db.query<{ name: string }>('SELECT name FROM betaGroups WHERE id = ?', [bench.groupId]))[0]
    ?.name ?? '';

/** Adds some who are new and some who are in already, as one job. */
async function addMany(): Promise<{ jobId: string; joining: string[]; already: string[] }> {
  const joining = outsiders.slice(0, 3);
  const already = members.slice(0, 2);
  const body = {
    kind: 'add-to-group' as const,
    appId: bench.appId,
    groupId: bench.groupId,
    testers: { ids: [...joining, ...already] },
  };
  expect((await previewBulk(bench.ctx, body)).warnings).toContain('2 testers are in the group already.');
  const { jobId } = await startBulk(bench.ctx, body);
  await bench.run(jobId);
  return { jobId, joining, already };
}

const rename = (name: string) =>
  updateResource(bench.ctx, {
    type: 'betaGroups',
    id: bench.groupId,
    body: { data: { type: 'betaGroups', id: bench.groupId, attributes: { name } } },
  });

describe('activity', () => {
  it('tells a job as one entry, with counts that add up in the entry, the job and its items', async () => {
    const { jobId } = await addMany();
    const { data, meta } = await list();
    expect(meta.total).toBe(1);
    expect(data[0]).toMatchObject({
      id: jobId,
      status: 'succeeded',
      rest: '2 were in already',
      canUndo: true,
    });
    expect(said(data[0]?.sentence)).toBe(`added 3 testers to ${await groupName()}`);
    expect(data[0]?.job).toEqual({ id: jobId, isEnded: true });
    const job = await getJob(bench.ctx, jobId);
    expect(job.counts).toMatchObject({ total: 5, done: 3, skipped: 2, failed: 0, pending: 0 });
    expect(job.title).toContain('Add 5 testers');
    expect([said(job.sentence), job.rest, job.made?.label]).toEqual([
      said(data[0]?.sentence),
      '2 were in already',
      'See the group',
    ]);
    const rows = await listActivity(bench.ctx, new URLSearchParams(`job=${jobId}&limit=2`));
    expect(rows.meta.total).toBeGreaterThanOrEqual(5);
    expect(rows.data).toHaveLength(2);
    expect(said(rows.data[0]?.sentence)).toMatch(/^(added|tried to add) .+@.+ to /);
  });

  it('takes a whole job back, but leaves those who were in before it', async () => {
    const before = inGroup();
    const { jobId, joining, already } = await addMany();
    for (const id of joining) expect(inGroup()).toContain(id);
    const undone = await undoActivity(bench.ctx, jobId);
    const undoId = 'jobId' in undone ? undone.jobId : '';
    await bench.run(undoId);
    expect(await readJob(bench.db, undoId)).toMatchObject({
      kind: 'remove-from-group',
      status: 'done',
      total: 3,
    });
    expect(inGroup()).toEqual(before);
    for (const id of already) expect(inGroup()).toContain(id);
    const { data } = await list();
    expect(data.map(({ sentence }) => said(sentence))).toEqual([
      `removed 3 testers from ${await groupName()}, taking a change back`,
      `added 3 testers to ${await groupName()}`,
    ]);
    expect(data[1]).toMatchObject({ canUndo: false, undoneBy: undoId });
    await expect(undoActivity(bench.ctx, jobId)).rejects.toThrow(RefusedError);
    // The undo is a job like any other: it can be taken back too.
    const again = await undoActivity(bench.ctx, undoId);
    await bench.run('jobId' in again ? again.jobId : '');
    for (const id of joining) expect(inGroup()).toContain(id);
  });

  it('waits with a cancelled job until it is known what became of those who were on their way', async () => {
    const { jobId, joining } = await addMany();
    // As if the answer about one of them had been lost, and the job cancelled before anybody looked.
    await bench.db.write([
      {
        sql: "UPDATE jobItems SET status = 'ambiguous' WHERE jobId = ? AND position = (SELECT min(position) FROM jobItems WHERE jobId = ? AND status = 'done')",
        params: [jobId, jobId],
      },
      {
        sql: "UPDATE jobs SET status = 'cancelled', done = done - 1, waitReason = 'The key is refused.' WHERE id = ?",
        params: [jobId],
      },
    ]);
    const words = /^The key is refused\. What was on its way .* Take the job back once its page says/;
    await expect(undoActivity(bench.ctx, jobId)).rejects.toThrow(words);
    await expect(previewUndoOf(bench.ctx, jobId)).rejects.toThrow(words);
    const claim = await claimJob(bench.db, 'host/1/x', Date.now());
    if (!claim) throw new Error('nothing to look up');
    await runJob(jobRunner(bench.app, { callLimitMs: 300 }), claim, new AbortController().signal);
    const undone = await undoActivity(bench.ctx, jobId);
    const undoId = 'jobId' in undone ? undone.jobId : '';
    await bench.run(undoId);
    expect(await readJob(bench.db, undoId)).toMatchObject({ status: 'done', total: 3, done: 3 });
    expect(joining.filter((id) => inGroup().has(id))).toEqual([]);
  });

  it('lets nobody take a job back who may not change testers, nor one that is not over', async () => {
    const body = {
      kind: 'add-to-group' as const,
      appId: bench.appId,
      groupId: bench.groupId,
      testers: { ids: outsiders.slice(0, 2) },
    };
    const { jobId } = await startBulk(bench.ctx, body);
    await expect(undoActivity(bench.ctx, jobId)).rejects.toThrow('not over yet');
    await bench.run(jobId);
    await expect(undoActivity(bench.ctxAs('triager'), jobId)).rejects.toThrow('role');
    expect((await list('', bench.ctxAs('triager'))).data[0]?.canUndo).toBe(false);
    await expect(() => list('', bench.ctxAs('viewer'))).rejects.toThrow('role');
  });

  it('takes an import back: those it brought in leave exactly the groups it put them into', async () => {
    const [second] = await bench.db.query<{ id: string; name: string }>(
      'SELECT id, name FROM betaGroups WHERE appId = ? AND isInternalGroup = 0 AND id <> ? ORDER BY id LIMIT 1',
      [bench.appId, bench.groupId],
    );
    if (!second) throw new Error('only one external group');
    const emailOf = (id = '') => [...bench.testers()].find(([, one]) => one.id === id)?.[0] ?? '';
    const known = [...bench.testers()].find(
      ([, { groupIds }]) => groupIds.includes(bench.groupId) && !groupIds.includes(second.id),
    );
    if (!known) throw new Error('nobody is in the first group alone');
    const [knownEmail, { id: knownId }] = known;
    const stays = emailOf(members.find((id) => id !== knownId));
    const groupsOf = () =>
      new Map([...bench.testers()].map(([email, { groupIds }]) => [email, [...groupIds].sort()]));
    const before = groupsOf();
    const text = [
      'First Name,Last Name,Email,Groups',
      `New,One,new1@example.com,${await groupName()};${second.name}`,
      `New,Two,new2@example.com,${await groupName()}`,
      `Old,One,${knownEmail},${await groupName()};${second.name}`,
      `Old,Two,${stays},${await groupName()}`,
      'Bad,Mail,nobody,',
    ].join('\n');
    const options = importOptions.parse({ appId: bench.appId, groupIds: [] });
    const { jobId } = await startImport(bench.ctx, new TextEncoder().encode(text), options);
    await bench.run(jobId);
    const preview = await previewUndoOf(bench.ctx, jobId);
    expect([preview.count, preview.title]).toEqual([
      3,
      expect.stringMatching(/^Remove 3 testers from .+ and .+/),
    ]);
    expect(preview.takesAway.join(' ')).toContain(`get through “${second.name}”`);
    expect(preview.warnings).toContain('2 rows of the job changed nothing that could be taken back.');
    await expect(() => previewUndoOf(bench.ctxAs('triager'), jobId)).rejects.toThrow('role');
    expect((await list()).data[0]).toMatchObject({ id: jobId, canUndo: true, undoAsks: true });

    const undone = await undoActivity(bench.ctx, jobId);
    const undoId = 'jobId' in undone ? undone.jobId : '';
    await bench.run(undoId);
    expect(await readJob(bench.db, undoId)).toMatchObject({ status: 'done', total: 3, done: 3, noEffect: 0 });
    const after = groupsOf();
    for (const email of ['new1@example.com', 'new2@example.com']) {
      expect(after.get(email) ?? [], email).toEqual([]);
    }
    for (const [email, groupIds] of before) expect(after.get(email), email).toEqual(groupIds);
    const [latest] = (await list()).data;
    expect(said(latest?.sentence)).toMatch(/^removed 3 testers from .+ and .+, taking a change back$/);
    await expect(undoActivity(bench.ctx, jobId)).rejects.toThrow('taken back already');
  });

  it('takes tags, notes and protection back, for exactly those it changed', async () => {
    const [one = '', two = ''] = outsiders;
    const change = (over: object) =>
      changeRecords(bench.ctx, recordsBody.parse({ appId: bench.appId, ...over }));
    const kept = async (id: string) => recordsOf(bench.ctx, await appOf(bench.ctx, bench.appId), id);
    const back = async (auditId: string | null) => undoActivity(bench.ctx, auditId ?? '');
    await change({ testers: { ids: [one] }, addTags: ['old'], note: 'first' });
    const single = await change({ testers: { ids: [one] }, addTags: ['new'], note: 'second' });
    expect((await list()).data[0]?.canUndo).toBe(true);
    expect((await list('', bench.ctxAs('triager'))).data[0]?.canUndo).toBe(false);
    await back(single.auditId);
    expect(await kept(one)).toEqual({ tags: 'old', note: 'first', protected: false });
    expect(said((await list()).data[0]?.sentence)).toContain('taking a change back');

    // Of two, one had one of the tags before: that one stays.
    const both = await change({ testers: { ids: [one, two] }, addTags: ['old', 'both'] });
    await back(both.auditId);
    expect([(await kept(one)).tags, (await kept(two)).tags]).toEqual(['old', '']);
    await expect(back(both.auditId)).rejects.toThrow('taken back already');

    // What somebody changed since is not overwritten.
    const noted = await change({ testers: { ids: [one] }, note: 'third' });
    await change({ testers: { ids: [one] }, note: 'fourth' });
    await expect(back(noted.auditId)).rejects.toThrow('changed it again since');
    expect((await kept(one)).note).toBe('fourth');
    expect(await verifyChain(bench.db)).toMatchObject({ isWhole: true });
  });

  it('keeps the names of what is gone, and a chain that can be verified', async () => {
    await rename('Hackathon');
    await addMany();
    await deleteResource(bench.ctx, { type: 'betaGroups', id: bench.groupId, typed: 'Hackathon' });
    expect(await bench.db.query('SELECT 1 FROM betaGroups WHERE id = ?', [bench.groupId])).toEqual([]);
    const [deleted, added, renamed] = (await list()).data.map(({ sentence }) => said(sentence));
    expect(deleted).toMatch(/^deleted Hackathon in /);
    expect(added).toBe('added 3 testers to Hackathon');
    expect(renamed).toMatch(/ to Hackathon$/);
    expect(await verifyChain(bench.db)).toMatchObject({ isWhole: true });
    await expect(
      bench.db.write([{ sql: "UPDATE auditEntries SET names = '{}' WHERE names IS NOT NULL", params: [] }]),
    ).rejects.toThrow('append-only');
  });

  it('is searched by what it says, and narrowed to people, apps, kinds and outcomes, page by page', async () => {
    await rename('Hackathon');
    const { jobId } = await addMany();
    await rename('Night shift');
    await expect(rename('')).rejects.toThrow();
    const found = async (query: string) => (await list(query)).data.map(({ sentence }) => said(sentence));
    expect(await found('q=hackathon')).toHaveLength(3);
    expect(await found('q=night')).toEqual(['renamed Hackathon to Night shift']);
    const [tester] = await readItems(bench.db, jobId, { limit: 1 });
    expect(await found(`q=${encodeURIComponent(tester?.label ?? '')}`)).toEqual([
      'added 3 testers to Hackathon',
    ]);
    expect(await found('q=100%25')).toEqual([]);
    expect(await found('about=testers')).toEqual(['added 3 testers to Hackathon']);
    expect(await found('about=keys')).toEqual([]);
    expect(await found(`app=${bench.appId}`)).toHaveLength(3);
    expect(await found('actor=u-admin')).toHaveLength(3);
    expect(await found('actor=u-viewer')).toEqual([]);
    await expect(() => list('about=everything')).rejects.toThrow(RefusedError);
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await list(`limit=1${cursor ? `&cursor=${cursor}` : ''}`);
      expect(page.meta.total).toBe(3);
      seen.push(...page.data.map(({ sentence }) => said(sentence)));
      cursor = page.meta.paging.nextCursor ?? '';
      if (cursor === '') break;
    }
    expect(seen).toEqual(await found(''));
  });
});
