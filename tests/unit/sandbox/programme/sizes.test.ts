import { describe, expect, test } from 'vitest';
import { createProgramme } from '@/lib/sandbox/programme';
import type { Programme, ProgrammeSize, Seed } from '@/lib/sandbox/programme/types';

const epochMs = Date.parse('2026-03-04T05:06:07.000Z');
const make = (size: ProgrammeSize, seed = 1) => createProgramme({ size, seed, epochMs });
const apps = (programme: Programme) =>
  programme
    .team()
    .filter(({ type }) => type === 'apps')
    .map(({ id }) => id);
const count = (seeds: readonly Seed[], type: string) => seeds.filter((seed) => seed.type === type).length;
const pages = (rows: number) => Math.max(1, Math.ceil(rows / 200));

interface Census {
  builds: number;
  feedback: number;
  /** Requests of a full sync, by the formula that the bench measures against. */
  minimumRequests: number;
}

function censusOf(programme: Programme): Census {
  const ids = apps(programme);
  const seeds = ids.flatMap((id) => programme.app(id));
  const builds = count(seeds, 'builds');
  const census = {
    builds,
    feedback: 0,
    minimumRequests: pages(ids.length) + pages(count(seeds, 'betaGroups')) + pages(builds),
  };
  for (const id of ids) {
    const feedback = programme.feedback(id);
    census.feedback += feedback.length;
    census.minimumRequests += pages(programme.testerCount(id));
    census.minimumRequests += pages(count(feedback, 'betaFeedbackScreenshotSubmissions'));
    census.minimumRequests += pages(count(feedback, 'betaFeedbackCrashSubmissions'));
  }
  return census;
}

describe('sizes', () => {
  test('small: 2 apps, 60 testers, 12 builds, 40 feedback', () => {
    const small = make('small');
    const ids = apps(small);
    expect(ids).toHaveLength(2);
    expect(ids.flatMap((id) => small.testers(id))).toHaveLength(60);
    expect(
      count(
        ids.flatMap((id) => small.app(id)),
        'builds',
      ),
    ).toBe(12);
    expect(ids.flatMap((id) => small.feedback(id))).toHaveLength(40);
  });

  test.each([1, 2, 77])('medium takes 125 requests at least, with seed %i', (seed) => {
    expect(censusOf(make('medium', seed)).minimumRequests).toBe(125);
  });

  test('large takes 2,627 requests at least', () => {
    const large = make('large');
    expect(censusOf(large)).toEqual({ builds: 5_000, feedback: 20_000, minimumRequests: 2_627 });
    expect(large.testers(apps(large)[49] ?? '')).toHaveLength(10_000);
  }, 60_000);

  test('ten apps show every state of a build', () => {
    const medium = make('medium');
    const seeds = apps(medium).flatMap((id) => medium.app(id));
    const seen = (type: string, name: string) =>
      [...new Set(seeds.filter((seed) => seed.type === type).map((seed) => seed.attributes[name]))].sort();
    expect(seen('builds', 'processingState')).toEqual(['FAILED', 'INVALID', 'PROCESSING', 'VALID']);
    expect(seen('buildBetaDetails', 'internalBuildState')).toHaveLength(7);
    expect(seen('buildBetaDetails', 'externalBuildState')).toHaveLength(13);
    expect(seen('betaAppReviewSubmissions', 'betaReviewState')).toEqual([
      'APPROVED',
      'IN_REVIEW',
      'REJECTED',
      'WAITING_FOR_REVIEW',
    ]);
    expect(seen('preReleaseVersions', 'platform')).toEqual(['IOS', 'MAC_OS', 'TV_OS', 'VISION_OS']);
    expect(count(seeds, 'webhooks')).toBe(0);
  });
});

describe('the same options give the same programme', () => {
  test('small, twice', () => {
    const all = (programme: Programme) =>
      JSON.stringify([
        programme.team(),
        ...apps(programme).map((id) => [
          programme.app(id),
          programme.testers(id),
          programme.feedback(id),
          programme.usage(id),
        ]),
      ]);
    expect(all(make('small'))).toBe(all(make('small')));
    expect(all(make('small', 2))).not.toBe(all(make('small')));
  });

  test('in whatever order it is asked for', () => {
    const first = make('medium');
    const second = make('medium');
    const [a = '', b = ''] = apps(first);
    first.usage(a);
    first.testers(b);
    expect(second.feedback(b)).toEqual(first.feedback(b));
    expect(second.app(a)).toEqual(first.app(a));
  });

  test('an unknown app is refused', () => {
    expect(() => make('small').testers('1')).toThrow(RangeError);
  });
});
