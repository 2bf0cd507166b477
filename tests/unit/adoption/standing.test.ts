import { describe, expect, it } from 'vitest';
import { installedWords } from '@/lib/format/builds';
import { deviceReader, type OnDevice } from '@/lib/mirror/devices';
import { adoptionOf } from '@/lib/services/adoption/adoption';
import type { KnownBuild, Person, Reach } from '@/lib/services/adoption/facts';
import { newestFor, standsOf } from '@/lib/services/adoption/standing';

const build = (
  id: string,
  trainVersion: string,
  version: string,
  more: Partial<KnownBuild> = {},
): KnownBuild => ({
  ...{ id, trainVersion, version, platform: 'IOS', isExpired: false, uploadedAt: Number(id.slice(1)) },
  ...{ isTestedInternally: true, isTestedExternally: true },
  ...more,
});
// Two versions whose count began anew carry the number 7; so does a Mac build.
const BUILDS = [
  build('b6', '2.0', '1', { platform: 'MAC_OS' }),
  build('b5', '1.5', '8'),
  build('b4', '1.5', '7'),
  build('b3', '1.4', '7', { isTestedExternally: false, isExpired: true }),
  build('b2', '1.4', '6'),
  build('b1', '1.4', '7', { platform: 'MAC_OS' }),
];
const group = (buildIds: readonly string[], more = {}) => ({
  ...{ isInternal: false, hasAllBuilds: false, buildIds: new Set(buildIds) },
  ...more,
});
const REACH: Reach = {
  builds: BUILDS,
  groups: new Map([
    ['new', group(['b5', 'b2'])],
    ['old', group(['b4'])],
    ['mac', group(['b6', 'b1'])],
    ['gone', group(['b3'])],
    ['team', group([], { isInternal: true, hasAllBuilds: true })],
  ]),
};
const on = (number: string | null, platform: string | null = 'IOS'): OnDevice => ({
  ...{ model: 'iPhone17,1', osVersion: '26.1', platform, number },
});
const person = (given: Partial<Person>): Person => ({
  ...{ id: 'p', firstName: null, lastName: null, email: null, state: 'INSTALLED' },
  ...{ devices: [], groupIds: ['new'], buildIds: [] },
  ...given,
});
const standing = (given: Partial<Person>) => {
  const one = person(given);
  return standsOf(REACH, newestFor(REACH, one), one).map(
    ({ build: { id }, standing: how }) => `${id} ${how}`,
  );
};

describe('how somebody stands to the newest build they can have', () => {
  it.each<[string, Partial<Person>, string[]]>([
    ['has it', { devices: [on('8')] }, ['b5 current']],
    ['has something older', { devices: [on('6')] }, ['b5 behind']],
    ['has it on one of two devices', { devices: [on('6'), on('8')] }, ['b5 current']],
    ['has a number of two versions, both older', { devices: [on('7')] }, ['b5 behind']],
    [
      'has a number of two versions, one of them the newest',
      { groupIds: ['old'], devices: [on('7')] },
      ['b4 unclear'],
    ],
    ['has a number that no build has', { devices: [on('99')] }, ['b5 unclear']],
    ['has a device that tells no number', { devices: [on(null)] }, ['b5 unclear']],
    ['has something newer from a group they left', { groupIds: ['old'], devices: [on('8')] }, ['b4 current']],
    ['has accepted', { state: 'ACCEPTED' }, ['b5 accepted']],
    ['is invited', { state: 'INVITED' }, ['b5 invited']],
    ['is installed on no device that is told', {}, ['b5 unclear']],
    ['is in a state Apple has not told', { state: null }, ['b5 unclear']],
    ['was taken out', { state: 'REVOKED' }, []],
    [
      'has a Mac as well, of the same number',
      { groupIds: ['new', 'mac'], devices: [on('7'), on('7', 'MAC_OS')] },
      ['b5 behind', 'b6 behind'],
    ],
    ['has a device of a platform without a build for them', { devices: [on('8', 'TV_OS')] }, []],
    ['can have nothing: it is expired', { groupIds: ['gone'], devices: [on('7')] }, []],
    ['is in the team, which gets every build', { groupIds: ['team'], devices: [on('8')] }, ['b5 current']],
    ['was given one by itself', { groupIds: [], buildIds: ['b4'], state: 'ACCEPTED' }, ['b4 accepted']],
  ])('%s', (_, given, expected) => expect(standing(given)).toEqual(expected));
});

it('counts devices by number and platform and names every build it may be', () => {
  const people = [
    person({ id: '1', devices: [on('8'), on('8')] }),
    person({ id: '2', devices: [on('7')] }),
    person({ id: '3', devices: [on('7', 'MAC_OS')], groupIds: ['mac'] }),
    person({ id: '4', devices: [on('41')] }),
  ];
  const { installed, targets, testers, devices } = adoptionOf(REACH, people);
  expect([testers, devices]).toEqual([4, 5]);
  expect(
    installed.map(({ builds, number, platform, ...row }) => [
      installedWords({ number, platform }, builds),
      row.devices,
      row.testers,
    ]),
  ).toEqual([
    ['iOS 1.5 (8)', 2, 1],
    ['iOS app, one of 1.5 (7), 1.4 (7)', 1, 1],
    ['macOS 1.4 (7)', 1, 1],
    ['iOS build 41, not among the builds known here', 1, 1],
  ]);
  expect(
    targets.map(({ build: { id }, counts }) => [id, counts.current, counts.behind, counts.unclear]),
  ).toEqual([
    ['b6', 0, 1, 0],
    ['b5', 1, 1, 1],
  ]);
});

it('names the platforms where a number without one may be of several', () => {
  expect(
    installedWords(
      { number: '7', platform: null },
      [BUILDS[2], BUILDS[5]].filter((one) => one !== undefined),
    ),
  ).toBe('One of iOS 1.5 (7), macOS 1.4 (7)');
  expect(installedWords({ number: null, platform: null }, [])).toBe('App of a build that is not told');
});

it('reads what is no list of devices as none', () => {
  const read = deviceReader();
  expect(read(null)).toEqual([]);
  expect(read('{"model":"x"}')).toEqual([]);
  expect(read('[{"model":"iPad16,3","appBuildVersion":""},null,7]')).toEqual([
    { model: 'iPad16,3', osVersion: null, platform: null, number: null },
  ]);
});
