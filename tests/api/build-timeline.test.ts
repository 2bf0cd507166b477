import { afterEach, beforeEach, expect, it } from 'vitest';
import { type BuildMoment, buildTimeline } from '@/lib/services/builds/timeline';
import { RefusedError } from '@/lib/services/errors';
import { updateResource } from '@/lib/services/resources/write';
import { type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

let bench: PeopleBench;
beforeEach(async () => {
  bench = await peopleBench();
});
afterEach(() => bench.close());

/** A build that testers have. */
async function aBuild() {
  const [build] = await bench.db.query<{ id: string; detail: string; isOn: number | boolean }>(
    `SELECT id, buildBetaDetailId AS detail, autoNotifyEnabled AS isOn FROM builds
      WHERE appId = ? AND expired = ? AND processingState = 'VALID' ORDER BY id LIMIT 1`,
    [bench.appId, 0],
  );
  if (!build) throw new Error('The programme has no build.');
  return { ...build, isOn: Boolean(build.isOn) };
}

const whats = (moments: readonly BuildMoment[]) => moments.map(({ what }) => what);

it('tells Apple’s dates, what was seen, and what was done here by whom, newest first', async () => {
  const { id, detail, isOn } = await aBuild();
  const before = await buildTimeline(bench.ctx, { id });
  expect(whats(before)).toContain('uploaded');
  // The last day of testing is yet to come.
  expect(whats(before)).not.toContain('expires');
  const later = { ...bench.ctx, shiftMs: () => 400 * 86_400_000 };
  expect(whats(await buildTimeline(later, { id }))[0]).toBe('expires');
  expect(whats(before)).not.toContain('done');

  const attributes = { autoNotifyEnabled: !isOn };
  await updateResource(bench.ctx, {
    type: 'buildBetaDetails',
    id: detail,
    body: { data: { type: 'buildBetaDetails', id: detail, attributes } },
  });
  const after = await buildTimeline(bench.ctx, { id });
  const instants = after.map(({ at }) => Date.parse(at));
  expect(instants).toEqual(instants.toSorted((one, other) => other - one));
  expect(after.filter(({ what }) => what === 'done')).toMatchObject([{ status: 'succeeded' }]);
  // It was seen as well, and is told once.
  expect(whats(after)).not.toContain('seen');

  // Who may not read the trail is told what was seen, and not by whom it was done.
  const seen = await buildTimeline(bench.ctxAs('viewer'), { id });
  expect(seen.filter(({ what }) => what === 'seen')).toMatchObject([
    { kind: 'autoNotifyEnabled', before: String(Number(isOn)), after: String(Number(!isOn)) },
  ]);
  expect(whats(seen)).not.toContain('done');
  expect(JSON.stringify(seen)).not.toContain('admin');
});

it('is not told of a build that is not there', async () => {
  await expect(buildTimeline(bench.ctx, { id: 'nothing' })).rejects.toThrow(RefusedError);
});
