import { describe, expect, it } from 'vitest';
import { compareOsVersions, isOsWithin } from '@/lib/format/os-versions';
import { admitsDevice, criteriaSentence } from '@/lib/format/recruitment';
import { examineLink, type LinkFacts } from '@/lib/services/links/doctor';
import { forecastLimit } from '@/lib/services/links/forecast';

const NOW = Date.parse('2026-02-03T04:05:06.000Z');
const DAY = 86_400_000;
const inDays = (days: number) => new Date(NOW + days * DAY).toISOString();

describe('OS versions', () => {
  it.each([
    ['9.3', '26.0', -1],
    ['26.0', '26', 0],
    ['26.0.1', '26.0', 1],
    ['17.10', '17.9', 1],
    [' 18 ', '18.0.0', 0],
  ])('%s against %s', (a, b, sign) => {
    expect(Math.sign(compareOsVersions(a, b))).toBe(sign);
  });
  it('a maximum of 26 includes 26.4', () => {
    expect(isOsWithin('26.4', '18.0', '26')).toBe(true);
    expect(isOsWithin('26.4', '18.0', '26.3')).toBe(false);
    expect(isOsWithin('17.9', '18.0')).toBe(false);
  });
});

describe('criteria', () => {
  it('are said in a sentence', () => {
    expect(
      criteriaSentence([{ deviceFamily: 'IPHONE', minimumOsInclusive: '26.0' }, { deviceFamily: 'IPAD' }]),
    ).toBe('iPhone on iOS 26.0 or later; iPad on any iPadOS version');
    expect(
      criteriaSentence([
        { deviceFamily: 'MAC', maximumOsInclusive: '15.5' },
        { deviceFamily: 'VISION', minimumOsInclusive: '2.0', maximumOsInclusive: '26.1' },
        { deviceFamily: 'APPLE_TV', minimumOsInclusive: '18.0', maximumOsInclusive: '18.0' },
        { deviceFamily: 'HOLODECK', minimumOsInclusive: '1' },
      ]),
    ).toBe(
      'Mac on macOS 15.5 or earlier; Apple Vision on visionOS 2.0 to 26.1; Apple TV on tvOS 18.0 only; HOLODECK on 1 or later',
    );
    expect(criteriaSentence(null)).toBe('');
  });
  it('admit a device that meets any of them', () => {
    const filters = [{ deviceFamily: 'IPHONE', minimumOsInclusive: '26.0' }, { deviceFamily: 'IPAD' }];
    expect(admitsDevice(filters, { deviceFamily: 'IPHONE', osVersion: '26.1' })).toBe(true);
    expect(admitsDevice(filters, { deviceFamily: 'IPHONE', osVersion: '18.5' })).toBe(false);
    expect(admitsDevice(filters, { deviceFamily: 'IPAD', osVersion: '15.0' })).toBe(true);
    expect(admitsDevice(filters, { deviceFamily: 'MAC', osVersion: '15.0' })).toBe(false);
    expect(admitsDevice([], { deviceFamily: 'MAC', osVersion: '15.0' })).toBe(true);
  });
});

describe('the forecast', () => {
  const counts = (n: number, at: (index: number) => number) =>
    Array.from({ length: n }, (_, index) => ({ day: inDays(index - n).slice(0, 10), count: at(index) }));

  it('follows the trend', () => {
    const found = forecastLimit(
      counts(10, (index) => 900 + index * 10),
      1000,
      1200,
      NOW,
    );
    expect(found.perDay).toBeCloseTo(10);
    expect(found).toMatchObject({ day: '2026-02-23', daysLeft: 20, isReached: false });
  });
  it('tells no day when the count is steady, falling, too short or too slow', () => {
    for (const at of [() => 100, (index: number) => 200 - index]) {
      expect(forecastLimit(counts(10, at), at(10), 1000, NOW)).toMatchObject({ day: null, isReached: false });
    }
    expect(
      forecastLimit(
        counts(1, () => 1),
        5,
        10,
        NOW,
      ),
    ).toMatchObject({ perDay: null, day: null });
    expect(
      forecastLimit(
        counts(20, (index) => 1 + index / 1000),
        1.02,
        1000,
        NOW,
      ).day,
    ).toBeNull();
  });
  it('says that the limit is reached', () => {
    expect(forecastLimit([], 1000, 1000, NOW)).toMatchObject({
      isReached: true,
      daysLeft: 0,
      day: '2026-02-03',
    });
  });
  it('looks at recent weeks only', () => {
    const old = Array.from({ length: 30 }, (_, index) => ({
      day: inDays(index - 90).slice(0, 10),
      count: index * 100,
    }));
    expect(forecastLimit(old, 3000, 10_000, NOW)).toMatchObject({ perDay: null, day: null });
  });
});

describe('the link doctor', () => {
  const build = {
    id: 'b1',
    label: '2.4 (118)',
    externalBuildState: 'IN_BETA_TESTING',
    expired: false,
    expirationDate: inDays(60),
  };
  const healthy: LinkFacts = {
    group: {
      id: 'g1',
      name: 'Public',
      isInternalGroup: false,
      publicLinkEnabled: true,
      publicLinkLimitEnabled: true,
      publicLinkLimit: 500,
      testerCount: 120,
      linkTesterCount: 100,
    },
    builds: [build],
    criteria: null,
    hasCompatibleBuild: null,
    externalTesterCount: 2000,
    forecast: null,
    now: NOW,
  };
  const found = (over: Partial<LinkFacts>, group: Partial<LinkFacts['group']> = {}) =>
    examineLink({ ...healthy, ...over, group: { ...healthy.group, ...group } }).map(
      ({ code, severity, action }) => `${severity} ${code} ${action}`,
    );

  it('tells what keeps everybody out before what only will', () => {
    const criteria = [{ deviceFamily: 'IPHONE', minimumOsInclusive: '99.0' }];
    const expiring = [{ ...build, expirationDate: inDays(1) }];
    const severities = found({ builds: expiring, criteria, hasCompatibleBuild: false }).map(
      (words) => words.split(' ')[0],
    );
    expect(severities).toEqual(['blocked', 'warning']);
  });

  it('finds nothing wrong with a healthy link, nor with what it does not know', () => {
    expect(found({})).toEqual([]);
    expect(
      found(
        {
          builds: [{ ...build, externalBuildState: null, expirationDate: null, expired: null }],
          externalTesterCount: null,
        },
        { publicLinkEnabled: null, testerCount: null, linkTesterCount: null },
      ),
    ).toEqual([]);
  });

  it.each<[string, Partial<LinkFacts>, Partial<LinkFacts['group']>, string[]]>([
    ['off', {}, { publicLinkEnabled: false }, ['blocked LINK_OFF enableLink']],
    ['full', {}, { linkTesterCount: 500 }, ['blocked LIMIT_REACHED raiseLimit']],
    [
      'full at the most',
      {},
      { publicLinkLimit: 10_000, linkTesterCount: 10_000 },
      ['blocked LIMIT_REACHED pruneTesters'],
    ],
    ['no limit', {}, { publicLinkLimitEnabled: false, linkTesterCount: 9000 }, []],
    ['internal', { builds: [] }, { isInternalGroup: true }, ['blocked INTERNAL_GROUP createExternalGroup']],
    ['no build', { builds: [] }, {}, ['blocked NO_BUILD addBuild']],
    ['expired', { builds: [{ ...build, expired: true }] }, {}, ['blocked BUILDS_EXPIRED addBuild']],
    [
      'past its date',
      { builds: [{ ...build, expirationDate: inDays(-1) }] },
      {},
      ['blocked BUILDS_EXPIRED addBuild'],
    ],
    [
      'in review',
      { builds: [{ ...build, externalBuildState: 'IN_BETA_REVIEW' }] },
      {},
      ['blocked IN_REVIEW addBuild'],
    ],
    [
      'not submitted',
      { builds: [{ ...build, externalBuildState: 'READY_FOR_BETA_SUBMISSION' }] },
      {},
      ['blocked NOT_SUBMITTED submitForReview'],
    ],
    [
      'rejected',
      { builds: [{ ...build, externalBuildState: 'BETA_REJECTED' }] },
      {},
      ['blocked NO_APPROVED_BUILD addBuild'],
    ],
    [
      'expiring',
      { builds: [{ ...build, expirationDate: inDays(3) }] },
      {},
      ['warning BUILD_EXPIRING addBuild'],
    ],
    ['one of two expiring', { builds: [{ ...build, expirationDate: inDays(3) }, build] }, {}, []],
    [
      'criteria fit no build',
      { criteria: [{ deviceFamily: 'IPHONE', minimumOsInclusive: '26.0' }], hasCompatibleBuild: false },
      {},
      ['blocked CRITERIA_NO_BUILD editCriteria'],
    ],
    [
      'criteria fit no device',
      { criteria: [{ deviceFamily: 'IPHONE', minimumOsInclusive: '26.1', maximumOsInclusive: '18.0' }] },
      {},
      ['blocked CRITERIA_IMPOSSIBLE editCriteria'],
    ],
    ['app full', { externalTesterCount: 10_000 }, {}, ['blocked APP_FULL pruneTesters']],
    ['app nearly full', { externalTesterCount: 9600 }, {}, ['warning APP_NEARLY_FULL pruneTesters']],
    [
      'soon full',
      { forecast: { perDay: 20, day: '2026-02-13', daysLeft: 10, isReached: false } },
      {},
      ['warning SLOTS_RUN_OUT raiseLimit'],
    ],
    [
      'everything at once',
      { builds: [], externalTesterCount: 10_000 },
      { publicLinkEnabled: false, linkTesterCount: 501 },
      [
        'blocked LINK_OFF enableLink',
        'blocked LIMIT_REACHED raiseLimit',
        'blocked NO_BUILD addBuild',
        'blocked APP_FULL pruneTesters',
      ],
    ],
  ])('%s', (_name, over, group, expected) => {
    expect(found(over, group)).toEqual(expected);
  });

  it('names the build and the day', () => {
    const [finding] = examineLink({ ...healthy, builds: [{ ...build, expirationDate: inDays(0.5) }] });
    expect(finding).toMatchObject({ title: 'The last build expires tomorrow', buildId: 'b1' });
    expect(finding?.detail).toContain('2.4 (118)');
  });
});
