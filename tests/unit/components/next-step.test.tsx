import { describe, expect, it } from 'vitest';
import { isSettling, nextStepOf } from '@/components/builds/build-steps';
import { whyGroupTakesNot } from '@/components/builds/group-takes';
import type { BuildResource, GroupResource } from '@/lib/browser/types';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const HOUR = 3_600_000;
const ago = (hours: number) => new Date(NOW - hours * HOUR).toISOString();

type Meta = NonNullable<BuildResource['meta']>;
type Attributes = NonNullable<BuildResource['attributes']>;

const build = (meta: Meta = {}, attributes: Attributes = {}): BuildResource => ({
  type: 'builds',
  id: 'b',
  attributes,
  meta,
});
const kind = (meta?: Meta, attributes?: Attributes, isAnswered = false) =>
  nextStepOf(build(meta, attributes), '123', { at: NOW, isAnswered })?.kind ?? null;

const TESTED = { externalBuildState: 'IN_BETA_TESTING', internalBuildState: 'IN_BETA_TESTING' };
const READY = {
  externalBuildState: 'READY_FOR_BETA_SUBMISSION',
  internalBuildState: 'READY_FOR_BETA_TESTING',
};
const READY_OUTSIDE = { externalBuildState: 'READY_FOR_BETA_TESTING' };
const MISSING = {
  externalBuildState: 'MISSING_EXPORT_COMPLIANCE',
  internalBuildState: 'MISSING_EXPORT_COMPLIANCE',
};
const AGAIN = { externalBuildState: 'PROCESSING', internalBuildState: 'PROCESSING' };

describe('the next step of a build', () => {
  it.each([
    ['expired', { externalBuildState: 'BETA_REJECTED' }, { expired: true }],
    ['expired', { externalBuildState: 'EXPIRED' }, {}],
    ['failed', { internalBuildState: 'PROCESSING_EXCEPTION' }, {}],
    ['failed', {}, { processingState: 'INVALID' }],
    ['compliance', MISSING, { processingState: 'VALID' }],
    ['settling', AGAIN, { processingState: 'VALID', usesNonExemptEncryption: false }],
    ['rejected', { externalBuildState: 'BETA_REJECTED' }, {}],
    ['rejected', { betaReviewState: 'REJECTED' }, {}],
    ['stuck', AGAIN, { processingState: 'PROCESSING', uploadedDate: ago(25) }],
    ['expiring', TESTED, { expirationDate: ago(-6 * 24) }],
    ['submit', READY, { expirationDate: ago(-80 * 24) }],
    ['waiting', { externalBuildState: 'IN_BETA_REVIEW' }, {}],
    ['give', { externalBuildState: 'BETA_APPROVED', groups: [] }, {}],
    ['give', { ...READY_OUTSIDE, groups: [], individualCount: 0 }, {}],
    ['notify', { externalBuildState: 'BETA_APPROVED', groups: [{ id: 'g' }], autoNotifyEnabled: false }, {}],
  ] as [string, Meta, Attributes][])('is %s for %j %j', (expected, meta, attributes) => {
    expect(kind(meta, attributes)).toBe(expected);
  });

  it.each([
    ['tested and not about to end', TESTED, { expirationDate: ago(-8 * 24) }],
    ['processing since this morning', AGAIN, { processingState: 'PROCESSING', uploadedDate: ago(5) }],
    ['in a state of tomorrow', { externalBuildState: 'A_STATE_OF_TOMORROW' }, {}],
    [
      'approved, and testers are told by itself',
      { externalBuildState: 'BETA_APPROVED', groups: [{ id: 'g' }], autoNotifyEnabled: true },
      {},
    ],
    ['known by nothing', {}, {}],
    [
      'ready, in no group and with testers of its own',
      { ...READY_OUTSIDE, groups: [], individualCount: 2 },
      {},
    ],
  ] as [string, Meta, Attributes][])('is nothing for a build that is %s', (_, meta, attributes) => {
    expect(kind(meta, attributes)).toBeNull();
  });

  it('does not ask again for an answer that Apple’s states do not show yet, but only for a while', () => {
    const answered = { processingState: 'VALID', usesNonExemptEncryption: true };
    expect(kind(MISSING, answered, true)).toBe('settling');
    // Answered long ago and still missing: the declaration is what is missing.
    expect(kind(MISSING, answered, false)).toBe('compliance');
    expect(isSettling(build(MISSING, { processingState: 'VALID' }), true)).toBe(false);
  });

  it('leads to Apple’s own page of the platform, and to support where Apple says so', () => {
    const rejected = build({ externalBuildState: 'BETA_REJECTED', platform: 'VISION_OS' });
    const step = nextStepOf(rejected, '123', { at: NOW });
    expect(step?.href).toBe('https://appstoreconnect.apple.com/apps/123/testflight/visionos');
    expect(step?.words).toContain('its API gives no reasons');
    const stuck = build(AGAIN, { processingState: 'PROCESSING', uploadedDate: ago(30) });
    expect(nextStepOf(stuck, '123', { at: NOW })?.href).toBe('https://developer.apple.com/contact/');
    expect(nextStepOf(build(READY), '123', { at: NOW })?.href).toBeUndefined();
  });
});

describe('why a group takes no build', () => {
  const group = (attributes: NonNullable<GroupResource['attributes']>): GroupResource => ({
    ...{ type: 'betaGroups', id: 'g' },
    attributes,
  });
  it.each([
    ['Gets every build', READY, {}, { isInternalGroup: true, hasAccessToAllBuilds: true }],
    ['Internal testing only', READY, { buildAudienceType: 'INTERNAL_ONLY' }, { isInternalGroup: false }],
    ['Needs compliance', MISSING, {}, { isInternalGroup: true }],
    ['Still processing', AGAIN, {}, { isInternalGroup: false }],
    [undefined, READY, {}, { isInternalGroup: false }],
    [undefined, READY, { buildAudienceType: 'INTERNAL_ONLY' }, { isInternalGroup: true }],
  ] as [string | undefined, Meta, Attributes, NonNullable<GroupResource['attributes']>][])(
    'is %s',
    (expected, meta, attributes, about) => {
      expect(whyGroupTakesNot(build(meta, attributes), group(about))).toBe(expected);
    },
  );
});
