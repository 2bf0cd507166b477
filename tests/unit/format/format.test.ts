import { intlFormatDistance } from 'date-fns';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeLabel } from '@/lib/format/attribute-labels';
import { buildWords } from '@/lib/format/builds';
import { formatAgo, formatAhead, formatDay, formatLocal, formatUtc, toDate } from '@/lib/format/dates';
import { DEVICE_NAMES } from '@/lib/format/device-names';
import { deviceName, hardwareIdentifier } from '@/lib/format/devices';
import { isolated } from '@/lib/format/isolated';
import { label, valueLabel } from '@/lib/format/labels';
import { formatCount, formatPlural, formatShare } from '@/lib/format/numbers';
import { personName } from '@/lib/format/people';
import { toneOf } from '@/lib/format/state-tones';

const NOW = Date.UTC(2026, 10, 21, 3, 0, 0);

describe('devices', () => {
  it('names a model in both of the spellings Apple uses', () => {
    expect(deviceName('iPhone17,1')).toBe('iPhone 16 Pro');
    expect(deviceName('iPhone17_1')).toBe('iPhone 16 Pro');
    expect(hardwareIdentifier('iPad14_10')).toBe('iPad14,10');
  });

  it('shows a model it does not know as it came', () => {
    expect(deviceName('iPhone99,9')).toBe('iPhone99,9');
    expect(deviceName('some_new thing')).toBe('some_new thing');
  });

  it('holds identifiers in the comma spelling only', () => {
    for (const identifier of Object.keys(DEVICE_NAMES)) expect(identifier).toMatch(/^[A-Za-z]+\d+,\d+$/);
  });
});

describe('labels', () => {
  it('puts words to states, leaves unknown ones alone and takes unknown attributes apart', () => {
    expect(label('WAITING_FOR_BETA_REVIEW')).toBe('Waiting for review');
    expect(label('SOMETHING_APPLE_ADDED')).toBe('Something apple added');
    expect(attributeLabel('publicLinkEnabled')).toBe('Public link');
    expect(attributeLabel('brandNew')).toBe('Brand new');
  });

  it('never names a prototype member', () => {
    expect(label('constructor')).toBe('constructor');
    expect(toneOf('toString')).toBe('quiet');
  });

  it('reads values aloud', () => {
    expect([true, false, null, 10000, '', { a: 1 }].map(valueLabel)).toEqual([
      'on',
      'off',
      'none',
      '10,000',
      'empty',
      '{"a":1}',
    ]);
  });
});

describe('dates', () => {
  it('says how long ago in words', () => {
    expect(formatAgo('2026-11-18T03:00:00Z', NOW)).toBe('3 days ago');
    expect(formatAgo('2026-11-20T19:00:00-08:00', NOW)).toBe('just now');
    expect(formatAgo(NOW + 2 * 3_600_000, NOW)).toBe('in 2 hours');
    expect(formatAgo(NOW + 74 * 86_400_000, NOW)).toBe('in 3 months');
    expect(formatAgo(NOW + 74 * 86_400_000, NOW, true)).toBe('in 74 days');
    expect(formatAgo(NOW + 5 * 3_600_000, NOW, true)).toBe('in 5 hours');
    // From noon of the day before yesterday to three in the morning two calendar days pass, and one whole one.
    expect(formatAgo('2026-11-19T12:00:00Z', NOW, true)).toBe('1 day ago');
    expect(formatAgo('2026-11-19T03:00:00Z', NOW, true)).toBe('2 days ago');
    expect(formatAgo('2026-11-19T03:00:01Z', NOW, true)).toBe('1 day ago');
    expect(formatAgo(NOW - 100 * 86_400_000, NOW)).toBe('3 months ago');
    expect(formatAgo(NOW - 800 * 86_400_000, NOW)).toBe('2 years ago');
    // The 1st and the 31st of the same month, the 1st of January and the 31st of December of a leap year.
    expect(formatAgo('2026-05-01T01:00:00Z', Date.parse('2026-05-31T14:00:00Z'))).toBe('5 weeks ago');
    expect(formatAgo('2028-01-01T01:00:00Z', Date.parse('2028-12-31T14:00:00Z'))).toBe('11 months ago');
    expect(formatAgo(null, NOW)).toBe('–');
    expect(formatAgo('not a date', NOW)).toBe('–');
  });

  it('never tells what is still to come as if it had been', () => {
    expect(formatAhead(NOW + 40_000, NOW)).toBe('in 40 seconds');
    for (const at of [NOW + 4_000, NOW, NOW - 90_000]) expect(formatAhead(at, NOW)).toBe('in a moment');
    expect(formatAhead('', NOW)).toBe('–');
  });

  it('keeps a day a day', () => {
    expect(formatDay('2026-11-21', NOW)).toBe('today');
    expect(formatDay('2026-11-20', NOW)).toBe('yesterday');
    expect(formatDay('2026-11-01', NOW)).toBe('20 days ago');
    expect(formatDay('2026-08-21', NOW)).toBe('3 months ago');
    expect(formatDay('not a day', NOW)).toBe('–');
  });

  it('closes a name off only where it would turn the sentence', () => {
    expect(isolated('Night owls')).toBe('Night owls');
    expect(isolated('\u202Eowls')).toBe('\u2068\u202Eowls\u2069');
    expect(isolated('مجموعة')).toBe('\u2068مجموعة\u2069');
  });

  it('gives the exact instant in a zone and in UTC', () => {
    expect(formatUtc('2026-11-20T19:00:00-08:00')).toBe('2026-11-21 03:00:00 UTC');
    expect(formatLocal(NOW, 'Asia/Kathmandu')).toContain('8:45:00');
    expect(formatLocal(NOW, 'Asia/Kathmandu')).toMatch(/Asia\/Kath?mandu/);
  });

  it('takes any text without throwing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => formatAgo(text, NOW).length > 0 && toDate(text) !== undefined),
    );
  });
});

describe('numbers and people', () => {
  it('separates thousands and never turns unknown into zero', () => {
    expect(formatCount(3214)).toBe('3,214');
    expect(formatCount(null)).toBe('–');
    expect(formatShare(1, 3)).toBe('33%');
    expect(formatShare(3, 2910)).toBe('0.1%');
    expect(formatShare(0, 2910)).toBe('0%');
    expect(formatShare(0, 0)).toBe('–');
    expect(formatPlural(1, 'tester')).toBe('1 tester');
    expect(formatPlural(2, 'entry', 'entries')).toBe('2 entries');
  });

  it('names a build so that the same number on two platforms is told apart', () => {
    const build = { trainVersion: '1.4', version: '7' };
    expect(buildWords({ ...build, platform: 'IOS' })).toBe('iOS 1.4 (7)');
    expect(buildWords({ ...build, platform: 'MAC_OS' })).toBe('macOS 1.4 (7)');
    expect(buildWords({ version: '7', platform: 'TV_OS' })).toBe('tvOS 7');
    expect(buildWords(build)).toBe('1.4 (7)');
    expect(buildWords({ platform: 'VISION_OS' })).toBe('Unnumbered visionOS build');
    expect(buildWords({})).toBe('Unnumbered build');
  });

  it('names a person by what there is', () => {
    expect(personName({ firstName: 'Ada', lastName: 'Lovelace' })).toBe('Ada Lovelace');
    expect(personName({ firstName: 'Anonymous', lastName: null })).toBe('Anonymous tester');
    expect(personName({ firstName: 'Anonymous', email: 'a@b.example' })).toBe('a@b.example');
    const appDevices = [{ model: 'iPhone17,1', osVersion: '18.1' }];
    expect(personName({ firstName: 'Anonymous', appDevices })).toBe('Anonymous tester (iPhone 16 Pro, 18.1)');
    expect(personName({ firstName: 'Ada', appDevices })).toBe('Ada');
    expect(personName({ email: 'a@b.example' })).toBe('a@b.example');
    expect(personName({})).toBe('Anonymous tester');
  });
});

it('says how far off a moment is as date-fns does, but for quarters, of which nobody thinks', () => {
  const moment = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2060, 0, 1) });
  const near = fc.integer({ min: -364 * 86_400_000, max: 364 * 86_400_000 });
  fc.assert(
    fc.property(
      moment,
      fc.oneof(
        near,
        near.map((ms) => Math.trunc(ms / 500)),
        near.map((ms) => ms * 40),
      ),
      (now, off) => {
        const days = Math.abs(off) / 86_400_000;
        fc.pre(Math.abs(off) >= 5_000 && !(days >= 365 && days < 365.25));
        const long = days >= 365.25 / 12 && days < 365 ? { unit: 'month' as const } : {};
        const told = intlFormatDistance(now + off, now, { locale: 'en', numeric: 'always', ...long });
        expect(formatAgo(now + off, now)).toBe(told);
      },
    ),
  );
});
