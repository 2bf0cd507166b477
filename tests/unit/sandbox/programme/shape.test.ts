import { describe, expect, test } from 'vitest';
import { sideOf } from '@/lib/sandbox/engine/relations';
import { createProgramme } from '@/lib/sandbox/programme';
import type { Programme, Seed } from '@/lib/sandbox/programme/types';
import { complaintAbout, pseudoNames, validatorOf } from './apple-schemas';

const epochMs = Date.parse('2026-03-04T05:06:07.000Z');
const small = createProgramme({ size: 'small', seed: 1, epochMs });
const medium = createProgramme({ size: 'medium', seed: 2, epochMs });
const large = createProgramme({ size: 'large', seed: 3, epochMs });

const appIds = (programme: Programme) =>
  programme
    .team()
    .filter(({ type }) => type === 'apps')
    .map(({ id }) => id);

function everything(programme: Programme, apps = appIds(programme)): Seed[] {
  return [
    ...programme.team(),
    ...apps.flatMap((id) => [...programme.app(id), ...programme.testers(id), ...programme.feedback(id)]),
  ];
}

const smallSeeds = everything(small);
const [mediumApp = ''] = appIds(medium).slice(3);
const sample = [
  ...everything(medium, [appIds(medium)[0] ?? '', mediumApp, appIds(medium)[9] ?? '']),
  ...appIds(large).flatMap((id) => large.app(id).slice(0, 400)),
  ...large.testers(appIds(large)[7] ?? '').slice(0, 500),
];

describe('seeds against Apple’s schemas', () => {
  test('every seed of the small programme is valid', () => {
    expect(smallSeeds.map(complaintAbout).filter(Boolean)).toEqual([]);
  });

  test('samples of the medium and large programmes are valid', () => {
    expect(sample.map(complaintAbout).filter(Boolean).slice(0, 5)).toEqual([]);
  });

  test('relationships beyond the schemas are the listed ones', () => {
    const pseudo = new Set(
      [...smallSeeds, ...sample].flatMap((seed) => pseudoNames(seed).map((name) => `${seed.type}.${name}`)),
    );
    expect([...pseudo].sort()).toEqual([
      'appEncryptionDeclarationDocuments.appEncryptionDeclaration',
      'betaAppClipInvocationLocalizations.betaAppClipInvocation',
      'betaAppClipInvocations.buildBundle',
      'betaFeedbackCrashSubmissions.app',
      'betaFeedbackScreenshotSubmissions.app',
      'betaRecruitmentCriteria.betaGroup',
      'buildBundleFileSizes.buildBundle',
      'buildBundles.build',
      'buildIcons.build',
      'buildUploadFiles.buildUpload',
      'buildUploads.app',
      'diagnosticSignatures.build',
    ]);
  });

  test('every relationship is one that the store keeps on that side', () => {
    const names = new Set(
      [...smallSeeds, ...sample].flatMap((seed) =>
        Object.keys(seed.relationships).map((name) => `${seed.type}.${name}`),
      ),
    );
    const unknown = [...names].filter((name) => {
      const [type = '', relationship = ''] = name.split('.');
      return sideOf(type, relationship)?.side !== 'owner';
    });
    expect(unknown).toEqual([]);
  });

  test('what arrives later is valid too', () => {
    const [appId = ''] = appIds(small);
    const groupId =
      small.app(appId).find(({ type, attributes }) => type === 'betaGroups' && attributes.publicLinkEnabled)
        ?.id ?? '';
    const later = [0, 1, 2, 3, 4].flatMap((n) => [
      small.nextFeedback(appId, n),
      small.nextTester(appId, groupId, n),
    ]);
    expect(later.map(complaintAbout).filter(Boolean)).toEqual([]);
    expect(new Set(later.map(({ id }) => id)).size).toBe(10);
    expect(small.nextFeedback(appId, 3)).toEqual(small.nextFeedback(appId, 3));
  });

  test('performance figures and diagnostic logs have Apple’s shapes', () => {
    const seeds = medium.app(mediumApp);
    const builds = seeds.filter(({ type }) => type === 'builds');
    const metrics = builds.map(({ id }) => medium.perfPowerMetrics(id));
    const logs = seeds
      .filter(({ type }) => type === 'diagnosticSignatures')
      .map(({ id }) => medium.diagnosticLogs(id));
    expect(logs.length).toBeGreaterThan(3);
    for (const body of metrics) expect(validatorOf('xcodeMetrics')(body)).toBe(true);
    for (const body of logs) expect(validatorOf('diagnosticLogs')(body)).toBe(true);
    expect(JSON.stringify(metrics)).toContain('launchTime');
    expect(JSON.stringify(logs)).toContain('callStackRootFrames');
  });
});

test('the small programme, too, has names that break careless programs', () => {
  const names = smallSeeds
    .filter(({ type }) => type === 'betaTesters')
    .map(({ attributes }) => attributes.firstName);
  expect(names).toContain('<b>Bold</b>');
  expect(names).toContain('=1+1');
});

describe('ids and links', () => {
  test('ids are unique', () => {
    for (const seeds of [smallSeeds, sample]) {
      const unique = new Map(seeds.map((seed) => [seed.id, seed]));
      const repeated = seeds.filter((seed) => unique.get(seed.id) !== seed);
      expect(repeated.map(({ type, id }) => `${type} ${id}`)).toEqual([]);
    }
  });

  test('every id that a relationship names exists in the small programme', () => {
    const ids = new Set(smallSeeds.map(({ id }) => id));
    const missing = smallSeeds.flatMap((seed) =>
      Object.entries(seed.relationships).flatMap(([name, value]) =>
        [value ?? []]
          .flat()
          .filter((id) => !ids.has(id))
          .map((id) => `${seed.type}.${name} → ${id}`),
      ),
    );
    expect(missing).toEqual([]);
  });

  test('app ids are digits, most others look like UUIDs, feedback like base64', () => {
    const patterns: Record<string, RegExp> = {
      apps: /^\d{10}$/,
      feedback: /^[\w-]{43}$/,
      other: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    };
    for (const { type, id } of smallSeeds) {
      const kind = type === 'apps' ? 'apps' : type.startsWith('betaFeedback') ? 'feedback' : 'other';
      expect(id).toMatch(patterns[kind] ?? /^$/);
    }
  });
});
