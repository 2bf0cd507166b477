import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReviewMeta } from '@/lib/mirror/query/review-additions';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';
import { addSecondAccount, SECOND } from '@/tests/factories/second-account';

const HOUR = 3_600_000;
const NOW = Date.now();
const iso = (hoursAgo: number) => new Date(NOW - hoursAgo * HOUR).toISOString();

let bench: ApiBench;
let appId: string;
/** Builds of one app and platform, oldest first. */
let ids: string[];

beforeEach(async () => {
  bench = await apiBench({ seed: 11 });
  const [app] = await bench.db.query<{ appId: string }>(
    'SELECT appId FROM builds GROUP BY appId ORDER BY COUNT(*) DESC LIMIT 1',
  );
  appId = app?.appId ?? '';
  const rows = await bench.db.query<{ id: string }>(
    'SELECT id FROM builds WHERE appId = ? ORDER BY uploadedDate DESC LIMIT 6',
    [appId],
  );
  ids = rows.map(({ id }) => id).toReversed();
  expect(ids).toHaveLength(6);
  // Nothing else is with review, and nothing was seen of any.
  await run("UPDATE builds SET externalBuildState = 'READY_FOR_BETA_SUBMISSION', betaReviewState = NULL");
  await run('DELETE FROM buildEvents');
  for (const id of ids)
    await run("UPDATE builds SET platform = 'IOS', expired = ?, processingState = 'VALID' WHERE id = ?", [
      0,
      id,
    ]);
});
afterEach(() => bench.close());

const run = (sql: string, params: (string | number)[] = []) => bench.db.write([{ sql, params }]);

/** A build as it stands with review, submitted so many hours ago. */
async function stands(n: number, external: string, review: string, hoursAgo: number): Promise<void> {
  await run('UPDATE builds SET externalBuildState = ?, betaReviewState = ?, submittedDate = ? WHERE id = ?', [
    ...[external, review, iso(hoursAgo)],
    ids[n] ?? '',
  ]);
  // The database has noted the change by itself; what is seen here is told by `decided` alone.
  await run('DELETE FROM buildEvents WHERE buildId = ?', [ids[n] ?? '']);
}

/** A decision that was seen between two readings ten minutes apart. */
async function decided(n: number, after: string, hoursAgo: number, accountId = ACCOUNT): Promise<void> {
  const at = NOW - hoursAgo * HOUR;
  await run(
    `INSERT INTO buildEvents (accountId, appId, buildId, kind, "before", "after", since, at)
      VALUES (?, ?, ?, 'betaReviewState', 'IN_REVIEW', ?, ?, ?)`,
    [accountId, appId, ids[n] ?? '', after, at - 300_000, at + 300_000],
  );
}

interface Row {
  readonly id: string;
  readonly meta: { readonly review?: ReviewMeta; readonly accountId: string };
}
const queue = async (query = ''): Promise<Row[]> => {
  const answer = await bench.call(
    'GET',
    `/api/v1/builds?filter[isInReviewQueue]=true&sort=review&limit=200${query}`,
    { as: 'viewer' },
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.data;
};

describe('the queue of beta review', () => {
  it('holds what was rejected, then what is in review, what waits longest, and what was approved last', async () => {
    await stands(0, 'IN_BETA_TESTING', 'APPROVED', 30);
    await stands(1, 'IN_BETA_TESTING', 'APPROVED', 20);
    await stands(2, 'WAITING_FOR_BETA_REVIEW', 'WAITING_FOR_REVIEW', 3);
    await stands(3, 'WAITING_FOR_BETA_REVIEW', 'WAITING_FOR_REVIEW', 9);
    await stands(4, 'IN_BETA_REVIEW', 'IN_REVIEW', 1);
    await stands(5, 'BETA_REJECTED', 'REJECTED', 50);
    const order = [5, 4, 3, 2, 1, 0].map((n) => ids[n]);
    expect((await queue()).map(({ id }) => id)).toEqual(order);
    expect((await queue('&filter[review]=REJECTED,IN_REVIEW')).map(({ id }) => id)).toEqual(
      order.slice(0, 2),
    );
    const facet = await bench.call('GET', '/api/lists/builds/facets/review?filter[isInReviewQueue]=true', {
      as: 'viewer',
    });
    expect(facet.body.data.values).toContainEqual(expect.objectContaining({ value: 'APPROVED', count: 2 }));
  });

  it('leaves out what expired, which keeps the state of its submission, and what was approved long ago', async () => {
    await stands(0, 'EXPIRED', 'WAITING_FOR_REVIEW', 3);
    await run('UPDATE builds SET expired = ? WHERE id = ?', [1, ids[0] ?? '']);
    await stands(1, 'IN_BETA_TESTING', 'APPROVED', 24 * 31);
    await stands(2, 'IN_BETA_TESTING', 'APPROVED', 24 * 40);
    await decided(2, 'APPROVED', 24);
    expect((await queue()).map(({ id }) => id)).toEqual([ids[2]]);
  });

  it('tells how long past reviews of the app took, or that they are too few', async () => {
    await stands(5, 'WAITING_FOR_BETA_REVIEW', 'WAITING_FOR_REVIEW', 2);
    await stands(0, 'IN_BETA_TESTING', 'APPROVED', 30);
    await decided(0, 'APPROVED', 28);
    await stands(1, 'BETA_REJECTED', 'REJECTED', 30);
    await decided(1, 'REJECTED', 26);
    const usual = async () => (await queue()).find(({ id }) => id === ids[5])?.meta.review?.usual;
    expect(await usual()).toEqual({ count: 2, medianMs: null });
    await stands(2, 'IN_BETA_TESTING', 'APPROVED', 30);
    await decided(2, 'APPROVED', 20);
    expect(await usual()).toEqual({ count: 3, medianMs: 4 * HOUR });
  });

  it('tells when a decision was seen, and which build came after a rejected one', async () => {
    await stands(2, 'BETA_REJECTED', 'REJECTED', 30);
    await decided(2, 'REJECTED', 26);
    const review = async () => (await queue('&filter[review]=REJECTED'))[0]?.meta.review;
    expect(await review()).toMatchObject({
      state: 'REJECTED',
      decided: { at: new Date(NOW - 26 * HOUR + 300_000).toISOString() },
      next: { id: ids[5], externalBuildState: 'READY_FOR_BETA_SUBMISSION' },
    });
    // One of another platform, or that is over, does not come in its place.
    await run("UPDATE builds SET platform = 'MAC_OS' WHERE id IN (?, ?)", [ids[5] ?? '', ids[4] ?? '']);
    await run('UPDATE builds SET expired = ? WHERE id = ?', [1, ids[3] ?? '']);
    expect((await review())?.next).toBeNull();
  });

  it('keeps accounts apart that have the same app', async () => {
    await stands(5, 'WAITING_FOR_BETA_REVIEW', 'WAITING_FOR_REVIEW', 2);
    for (const n of [0, 1, 2]) {
      await stands(n, 'IN_BETA_TESTING', 'APPROVED', 30);
      await decided(n, 'APPROVED', 29);
    }
    await addSecondAccount(bench);
    const waiting = (await queue()).filter(({ id }) => id === ids[5]);
    expect(new Map(waiting.map(({ meta }) => [meta.accountId, meta.review?.usual]))).toEqual(
      new Map([
        [ACCOUNT, { count: 3, medianMs: HOUR }],
        [SECOND, { count: 0, medianMs: null }],
      ]),
    );
  });
});
