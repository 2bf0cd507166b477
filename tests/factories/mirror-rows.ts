import type { Store } from '@/lib/store/store';

/** The instant at which the rows are looked at, ms since 1970. */
export const NOW = Date.parse('2026-03-20T12:00:00Z');

const READ = { document: '{}', generation: 1, fetchedAt: NOW - 60_000 };
const at = (days: number) => new Date(NOW + days * 86_400_000).toISOString();
const day = (days: number) => at(days).slice(0, 10);

/** Rows of every table that the mirror's reads look into, with what engines take differently: nulls, twins, odd texts. */
export async function fillMirror({ build, write }: Store): Promise<void> {
  await write([
    build.insertInto('Account').values([account('one', 'One', 'ok'), account('two', 'Two', 'unauthorized')]),
    build
      .insertInto('apps')
      .values([
        app('one', '1', 'Ålborg Café'),
        app('one', '2', 'beta'),
        app('one', '3', null),
        app('two', '1', 'Ålborg Café'),
      ]),
    build.insertInto('betaGroups').values(GROUPS),
    build.insertInto('builds').values(BUILDS),
    build.insertInto('preReleaseVersions').values(
      ['1.99', '2.9', '2.10', '2.10.1'].map((version, n) => ({
        ...{ ...READ, accountId: 'one', id: `v${n}`, appId: n === 3 ? '2' : '1', version },
        ...{
          versionKey: version.replace(/\d+/g, (part) => part.padStart(4, '0')),
          platform: n ? 'IOS' : null,
        },
      })),
    ),
    build.insertInto('betaBuildLocalizations').values(
      BUILDS.flatMap(({ accountId, id, appId }) =>
        ['en-US', 'de-DE', null].map((locale) => ({
          ...{ ...READ, accountId, appId, id: `${id}-${locale}`, buildId: id, locale },
          whatsNew: locale === 'de-DE' ? '' : locale && 'Crashes less',
        })),
      ),
    ),
    build.insertInto('betaTesters').values(TESTERS),
    build.insertInto('betaGroupTesters').values(
      TESTERS.filter(({ appId }) => appId === '1').flatMap(({ accountId, id, appId }, n) =>
        (n % 3 === 0 ? ['g1'] : n % 3 === 1 ? ['g2', 'g1'] : []).map((groupId) => ({
          ...{ accountId, appId, groupId, testerId: id, fetchedAt: 1 },
        })),
      ),
    ),
    build.insertInto('buildTesters').values([
      { accountId: 'one', buildId: 'b2', testerId: 't3', appId: '1', fetchedAt: 1 },
      { accountId: 'one', buildId: 'b1', testerId: 't3', appId: '1', fetchedAt: 1 },
    ]),
    build.insertInto('buildGroups').values([
      { accountId: 'one', buildId: 'b1', groupId: 'g2', appId: '1', fetchedAt: 1 },
      { accountId: 'one', buildId: 'b1', groupId: 'g1', appId: '1', fetchedAt: 1 },
      { accountId: 'one', buildId: 'b2', groupId: 'g1', appId: '1', fetchedAt: 1 },
    ]),
    build.insertInto('feedback').values(FEEDBACK),
    build.insertInto('documents').values({
      ...{ accountId: 'one', type: 'betaLicenseAgreements', id: 'd1', parent: 'apps/1' },
      ...{ document: '{"attributes":{}}', fetchedAt: 1 },
    }),
    build.insertInto('syncScopes').values([
      ...['apps', 'betaGroups', 'builds', 'betaTesters/1', 'members/g1'].map((scope, n) => ({
        ...{ accountId: 'one', scope, completedAt: NOW - n * 3_600_000 },
      })),
      { accountId: 'one', scope: 'betaTesters/2', completedAt: null },
    ]),
    build.insertInto('syncRuns').values([
      {
        ...{ id: 'r1', accountId: 'one', mode: 'full', status: 'failed', trigger: 'start', error: 'Broken.' },
        ...{ startedAt: NOW - 9000, updatedAt: NOW, finishedAt: NOW - 1234 },
      },
    ]),
    build.insertInto('testerDays').values(
      [1, 2, 3, 4].flatMap((n) => [
        { ...figures(n, day(-n * 20)), sessionCount: n },
        { ...figures(n, day(-n)), sessionCount: n === 2 ? 0 : n * 10 },
      ]),
    ),
    build.insertInto('buildDays').values(
      BUILDS.slice(0, 5).flatMap(({ accountId, appId, id }, n) =>
        [20, 3, 1].map((days) => ({
          ...{ accountId, appId, buildId: id, day: day(-days), readAt: NOW, inviteCount: 9 },
          ...{ installCount: n === 1 ? null : 4 - n, sessionCount: [30, 0, null, 7, 7][n] ?? null },
          ...{ crashCount: n === 4 ? null : n, feedbackCount: 20 - days },
        })),
      ),
    ),
    build.insertInto('testerTags').values(
      ['vip', 'Zed', 'äb', '10'].flatMap((tag, n) =>
        ['t1', `t${n + 2}`].map((testerId) => ({
          ...ONE_APP,
          testerId,
          tag,
          createdAt: n,
          createdBy: null,
        })),
      ),
    ),
    build
      .insertInto('testerNotes')
      .values([{ ...ONE_APP, testerId: 't2', note: 'Kind', protected: 1, ...NOTED }]),
    build
      .insertInto('groupDays')
      .values([5, 9, 7].map((testerCount, n) => ({ ...ofGroup, day: day(n - 9), testerCount }))),
    build
      .insertInto('linkDays')
      .values([1, 4].map((acceptedCount, n) => ({ ...ofGroup, day: day(n - 30), acceptedCount }))),
  ]);
}

const ONE_APP = { accountId: 'one', appId: '1' };
const NOTED = { updatedAt: 1, updatedBy: 'somebody' };
const ofGroup = { accountId: 'one', groupId: 'g2' };
const figures = (n: number, on: string) => ({
  ...ONE_APP,
  testerId: `t${n}`,
  day: on,
  crashCount: n,
  feedbackCount: 0,
});

const account = (id: string, name: string, status: string) => ({
  ...{ id, name, status, statusDetail: status === 'ok' ? null : 'Refused', statusAt: NOW - 5 },
  ...{ kind: 'team', keyId: 'k', baseUrl: '', sealedKey: '', createdAt: 1, updatedAt: 1 },
});
const app = (accountId: string, id: string, name: string | null) => ({
  ...{ ...READ, accountId, id, name, bundleId: `org.example.${id}`, sku: id },
});

const GROUPS = ['g1', 'g2', 'g3', 'g4', 'g5'].map((id, n) => ({
  ...{ ...READ, accountId: n === 4 ? 'two' : 'one', id, appId: n === 3 ? '2' : '1' },
  ...{
    name: ['Friends', 'staff', 'Äther', null, 'Friends'][n] ?? null,
    createdDate: n === 2 ? null : at(-n),
  },
  ...{ isInternalGroup: [0, 1, null, 0, 0][n] ?? null, hasAccessToAllBuilds: n === 1 ? 1 : 0 },
  ...{ publicLinkEnabled: n === 3 ? null : Number(n === 0), publicLinkLimitEnabled: Number(n === 0) },
  ...{
    publicLinkLimit: n === 0 ? 2 : null,
    feedbackEnabled: 1,
    testerCount: [10, 4, null, 0, 2][n] ?? null,
  },
  ...{ buildCount: n, criteria: n === 0 ? '{"id":"c1","attributes":{"a":"\\u0000\\ud83d"}}' : null },
}));

const BUILDS = ['b1', 'b2', 'b3', 'b4', 'b5', 'b6'].map((id, n) => ({
  ...{
    ...READ,
    accountId: n === 5 ? 'two' : 'one',
    id,
    appId: n === 4 ? '2' : '1',
    preReleaseVersionId: `v${n % 4}`,
  },
  ...{
    version: String(n * 5),
    versionKey: String(n * 5).padStart(9, '0'),
    trainVersion: n === 3 ? null : `2.${n}`,
  },
  ...{
    trainKey: n === 3 ? null : `2.${n}`,
    platform: n % 2 ? 'IOS' : null,
    uploadedDate: n === 2 ? null : at(-n),
  },
  ...{ expirationDate: at(n + 1), expired: [0, 0, 1, null, 0, 0][n] ?? null, processingState: 'VALID' },
  ...{
    usesNonExemptEncryption: n === 1 ? null : 0,
    iconTemplateUrl: n === 1 ? null : `https://example.org/${n}`,
  },
  ...{
    buildBetaDetailId: `d-${id}`,
    betaDetail: '{}',
    autoNotifyEnabled: n % 2,
    internalBuildState: 'IN_BETA_TESTING',
  },
  externalBuildState:
    ['IN_BETA_TESTING', 'MISSING_EXPORT_COMPLIANCE', null, 'BETA_REJECTED', 'IN_BETA_REVIEW', 'X'][n] ?? null,
  ...{
    betaAppReviewSubmissionId: `s-${id}`,
    betaReviewState: n % 2 ? 'APPROVED' : null,
    submittedDate: at(-n),
  },
  ...{ betaReview: '{}', installBytes: n < 3 ? 90_000_000 - n : null },
  ...{ minOsVersion: n % 3 ? '9.0' : '17.2', minOsKey: n % 3 ? '000000009.0' : '000000017.2' },
}));

const NAMES = [
  'müller zoe',
  'muller zoë',
  'adams declan',
  '佐藤 美咲',
  '\u{10FFFF}',
  "a'b 100%_x",
  null,
  '\uffee',
  '🦊',
];
const DEVICES = ['iPhone17,1', 'iPad14,1'].map((model, n) => ({
  ...{ model, platform: n ? 'MAC_OS' : 'IOS', osVersion: n ? '18.5' : '26.1', appBuildVersion: '7' },
}));

const TESTERS = Array.from({ length: 40 }, (_, n) => {
  const devices = n % 4 === 0 ? null : n % 4 === 1 ? DEVICES : n % 4 === 2 ? [] : DEVICES.slice(n % 2);
  const name = NAMES[n % NAMES.length];
  return {
    ...{
      ...READ,
      accountId: n > 34 ? 'two' : 'one',
      appId: n % 5 === 0 ? '2' : '1',
      id: n === 39 ? '0f8fad5b-d9cb' : `t${n}`,
    },
    ...{ firstName: name?.split(' ')[1] ?? null, lastName: name?.split(' ')[0] ?? null },
    ...{
      email: n % 7 === 0 ? null : `T${n}@Example.org`,
      emailLower: n % 7 === 0 ? null : `t${n}@example.org`,
    },
    ...{ nameLower: name?.normalize('NFD').replace(/[\u0300-\u036f]/g, '') ?? null },
    ...{
      inviteType: n % 6 === 0 ? 'PUBLIC_LINK' : 'EMAIL',
      state: ['INSTALLED', 'INVITED', null][n % 3] ?? null,
    },
    ...{ appDevices: devices && JSON.stringify(devices), deviceModel: devices?.[0]?.model ?? null },
    ...{ osVersion: devices?.[0]?.osVersion ?? null, installedBuild: devices?.[0]?.appBuildVersion ?? null },
  };
});

const FEEDBACK = Array.from({ length: 10 }, (_, n) => ({
  ...{ ...READ, accountId: 'one', id: `f${n}`, appId: '1', buildId: n % 2 ? 'b1' : 'b9', testerId: `t${n}` },
  type: n % 2 ? 'betaFeedbackCrashSubmissions' : 'betaFeedbackScreenshotSubmissions',
  ...{
    createdDate: n < 2 ? null : at(-n),
    comment: n === 4 ? null : `Çrash ${n} a'b`,
    email: `t${n}@example.org`,
  },
  ...{
    deviceModel: 'iPhone17_1',
    osVersion: '26.1',
    locale: 'en-US',
    appPlatform: 'IOS',
    goneAt: n === 6 ? 1 : null,
  },
  // What somebody typed may hold what PostgreSQL's JSON refuses: NUL, and half of a pair.
  document: JSON.stringify({
    comment: n === 3 ? 'a\0b' : 'half \ud83d',
    devicePlatform: n % 2 ? 'IOS' : 'MAC_OS',
  }),
}));
