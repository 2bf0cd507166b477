import { describe, expect, test } from 'vitest';
import { createProgramme } from '@/lib/sandbox/programme';
import { compareVersions } from '@/lib/sandbox/programme/people/devices';
import type { Seed } from '@/lib/sandbox/programme/types';

const epochMs = Date.parse('2026-03-04T05:06:07.000Z');
const DAY_MS = 86_400_000;
const programme = createProgramme({ size: 'medium', seed: 5, epochMs });
const team = programme.team();
const appIds = team.filter(({ type }) => type === 'apps').map(({ id }) => id);
const worlds = appIds.slice(0, 5).map((appId) => ({
  appId,
  seeds: programme.app(appId),
  testers: programme.testers(appId),
  feedback: programme.feedback(appId),
  byId: new Map(programme.app(appId).map((seed) => [seed.id, seed])),
}));

const ids = (seed: Seed, name: string) => [seed.relationships[name] ?? []].flat() as string[];
const ofType = (seeds: readonly Seed[], type: string) => seeds.filter((seed) => seed.type === type);

function detailOf(seeds: readonly Seed[], buildId: string): Seed {
  const found = seeds.find(
    (seed) => seed.type === 'buildBetaDetails' && seed.relationships.build === buildId,
  );
  if (!found) throw new Error(`no beta detail of ${buildId}`);
  return found;
}

/** Builds a tester may install by groups and single assignment. */
function installable(world: (typeof worlds)[number], tester: Seed): Set<string> {
  const fromGroups = ids(tester, 'betaGroups').flatMap((groupId) => {
    const group = world.byId.get(groupId);
    if (!group) throw new Error(`tester in unknown group ${groupId}`);
    const side = group.attributes.isInternalGroup ? 'internalBuildState' : 'externalBuildState';
    return ids(group, 'builds').filter(
      (id) => detailOf(world.seeds, id).attributes[side] === 'IN_BETA_TESTING',
    );
  });
  const own = ids(tester, 'builds').filter(
    (id) => detailOf(world.seeds, id).attributes.externalBuildState === 'IN_BETA_TESTING',
  );
  return new Set([...fromGroups, ...own]);
}

describe('builds', () => {
  test('live 90 days, and are expired when these are over', () => {
    for (const { seeds } of worlds) {
      for (const build of ofType(seeds, 'builds')) {
        const { uploadedDate, expirationDate, expired } = build.attributes as Record<string, string>;
        const expires = Date.parse(expirationDate ?? '');
        expect(expires - Date.parse(uploadedDate ?? '')).toBe(90 * DAY_MS);
        expect(Date.parse(uploadedDate ?? '')).toBeLessThan(epochMs);
        const detail = detailOf(seeds, build.id).attributes;
        expect(detail.externalBuildState === 'EXPIRED').toBe(expired);
        if (build.attributes.processingState === 'VALID' && expires <= epochMs) expect(expired).toBe(true);
      }
    }
  });

  test('some expire within a week', () => {
    const left = worlds.flatMap(({ seeds }) =>
      ofType(seeds, 'builds').map((build) => Date.parse(String(build.attributes.expirationDate)) - epochMs),
    );
    expect(left.filter((ms) => ms > 0 && ms < 7 * DAY_MS).length).toBeGreaterThan(3);
  });

  test('versions rise with time and pass from 9 to 10', () => {
    for (const { seeds, byId } of worlds) {
      const versions = ofType(seeds, 'builds')
        .toSorted(
          (a, b) =>
            Date.parse(String(a.attributes.uploadedDate)) - Date.parse(String(b.attributes.uploadedDate)),
        )
        .map((build) => String(byId.get(String(build.relationships.preReleaseVersion))?.attributes.version));
      for (let i = 1; i < versions.length; i++)
        expect(compareVersions(versions[i - 1] ?? '', versions[i] ?? '')).toBeLessThanOrEqual(0);
      expect([...versions].sort().at(-1)).not.toBe(versions.at(-1));
    }
  });

  test('at most one build of a train is waiting or in review', () => {
    for (const { seeds, byId } of worlds) {
      const waiting = ofType(seeds, 'betaAppReviewSubmissions')
        .filter(
          ({ attributes }) =>
            attributes.betaReviewState === 'WAITING_FOR_REVIEW' || attributes.betaReviewState === 'IN_REVIEW',
        )
        .map(
          (submission) => byId.get(String(submission.relationships.build))?.relationships.preReleaseVersion,
        );
      expect(new Set(waiting).size).toBe(waiting.length);
    }
  });

  test('What to Test holds neither angle brackets nor emoji', () => {
    const texts = worlds.flatMap(({ seeds }) =>
      ofType(seeds, 'betaBuildLocalizations').map(({ attributes }) => String(attributes.whatsNew ?? '')),
    );
    expect(texts.filter((text) => /[<>]|\p{Extended_Pictographic}/u.test(text))).toEqual([]);
    expect(
      new Set(
        worlds.flatMap(({ seeds }) =>
          ofType(seeds, 'betaBuildLocalizations').map(({ attributes }) => attributes.locale),
        ),
      ).size,
    ).toBeGreaterThan(6);
  });
});

describe('groups', () => {
  test('internal groups have no link, external ones no automatic builds, links some approved build', () => {
    for (const { seeds } of worlds) {
      for (const group of ofType(seeds, 'betaGroups')) {
        if (group.attributes.isInternalGroup) expect(group.attributes.publicLink).toBeNull();
        else expect(group.attributes.hasAccessToAllBuilds).toBe(false);
        if (group.attributes.publicLinkEnabled) expect(ids(group, 'builds').length).toBeGreaterThan(0);
      }
    }
  });

  test('hold as many testers as they say', () => {
    for (const { seeds, testers, appId } of worlds.slice(0, 3)) {
      expect(testers).toHaveLength(programme.testerCount(appId));
      for (const group of ofType(seeds, 'betaGroups')) {
        const members = testers.filter((tester) => ids(tester, 'betaGroups').includes(group.id)).length;
        expect(programme.groupTesterCount(group.id)).toBe(members);
        const accepted = programme.linkUsage(group.id).reduce((sum, day) => sum + day.acceptedCount, 0);
        expect(accepted).toBe(group.attributes.publicLinkId === null ? 0 : members);
        const limit = group.attributes.publicLinkLimit;
        if (typeof limit === 'number') expect(members).toBeLessThanOrEqual(limit);
      }
    }
  });
});

describe('testers', () => {
  test('are in a state that their groups and builds allow', () => {
    const seen = new Set<unknown>();
    for (const world of worlds.slice(0, 3)) {
      for (const tester of world.testers) {
        const { state, inviteType, firstName, lastName, email } = tester.attributes;
        seen.add(state);
        const builds = installable(world, tester);
        expect(state === 'NOT_INVITED').toBe(builds.size === 0);
        if (inviteType === 'PUBLIC_LINK') {
          expect([firstName, lastName, email]).toEqual(['Anonymous', null, null]);
          expect(state).not.toBe('INVITED');
        } else expect(email).toMatch(/^[^\s@]+@([a-z]+\.)?example\.(com|org|net)$/i);
        const devices = tester.attributes.appDevices as { appBuildVersion: string }[];
        expect(devices.length > 0).toBe(state === 'INSTALLED');
        const numbers = [...builds].map((id) => world.byId.get(id)?.attributes.version);
        for (const device of devices) expect(numbers).toContain(device.appBuildVersion);
      }
    }
    expect([...seen].sort()).toEqual(['ACCEPTED', 'INSTALLED', 'INVITED', 'NOT_INVITED', 'REVOKED']);
  }, 30_000);

  test('of internal groups are users of the team who see the app; at most a hundred', () => {
    const users = new Map(ofType(team, 'users').map((user) => [user.attributes.username, user]));
    for (const { seeds, testers, appId } of worlds) {
      const internal = new Set(
        ofType(seeds, 'betaGroups')
          .filter(({ attributes }) => attributes.isInternalGroup)
          .map(({ id }) => id),
      );
      const members = testers.filter((tester) => ids(tester, 'betaGroups').some((id) => internal.has(id)));
      expect(members.length).toBeLessThanOrEqual(100);
      for (const { attributes } of members) {
        const user = users.get(attributes.email);
        expect(
          user?.attributes.allAppsVisible === true ||
            ids(user ?? (members[0] as Seed), 'visibleApps').includes(appId),
        ).toBe(true);
      }
    }
  });

  test('have ids of their own in each app, though people recur in other spellings', () => {
    const [first, second] = [worlds[0], worlds[1]];
    const emails = (testers: readonly Seed[] = []) =>
      testers.map(({ attributes }) => attributes.email).filter((email) => typeof email === 'string');
    for (const { testers } of worlds) expect(new Set(emails(testers)).size).toBe(emails(testers).length);
    const lower = new Set(emails(first?.testers).map((email) => email.toLowerCase()));
    const again = emails(second?.testers).filter((email) => lower.has(email.toLowerCase()));
    expect(again.length).toBeGreaterThan(50);
    expect(again.some((email) => email !== email.toLowerCase())).toBe(true);
    const known = new Set(first?.testers.map(({ id }) => id));
    expect(second?.testers.filter(({ id }) => known.has(id))).toEqual([]);
  });

  test('bear names of many scripts and some that break careless programs', () => {
    const names = worlds
      .flatMap(({ testers }) =>
        testers.map(({ attributes }) => `${attributes.firstName} ${attributes.lastName}`),
      )
      .join('\n');
    for (const script of [
      'Latin',
      'Cyrillic',
      'Greek',
      'Arabic',
      'Hebrew',
      'Devanagari',
      'Han',
      'Hiragana',
      'Hangul',
      'Thai',
    ]) {
      expect(names).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'));
    }
    for (const awkward of ['\u202E', '<b>', '=1+1', '\u200B', '🚀']) expect(names).toContain(awkward);
  });
});

describe('feedback and usage', () => {
  test('feedback belongs to the app’s builds and testers, and came while the build could be used', () => {
    for (const { feedback, testers, byId, appId } of worlds) {
      const known = new Map(testers.map((tester) => [tester.id, tester]));
      const dates = feedback.map(({ attributes }) => String(attributes.createdDate));
      expect(dates).toEqual([...dates].sort().reverse());
      for (const item of feedback) {
        expect(item.relationships.app).toBe(appId);
        const build = byId.get(String(item.relationships.build));
        const created = Date.parse(String(item.attributes.createdDate));
        expect(created).toBeGreaterThan(Date.parse(String(build?.attributes.uploadedDate)));
        expect(created).toBeLessThan(epochMs);
        if (item.relationships.tester === null) continue;
        const tester = known.get(String(item.relationships.tester));
        const models = ((tester?.attributes.appDevices ?? []) as { model: string }[]).map(
          ({ model }) => model,
        );
        expect(models).toContain(String(item.attributes.deviceModel).replace('_', ','));
      }
    }
  });

  test('comments come in many languages, repeat, and are sometimes missing, long or hostile', () => {
    const comments = worlds.flatMap(({ feedback }) => feedback.map(({ attributes }) => attributes.comment));
    const texts = comments.filter((comment) => typeof comment === 'string');
    expect(comments).toContain(null);
    expect(texts).toContain('');
    expect(new Set(texts).size).toBeLessThan(texts.length);
    expect(Math.max(...texts.map((text) => text.length))).toBeGreaterThan(600);
    for (const script of ['Cyrillic', 'Han', 'Hangul', 'Arabic'])
      expect(texts.join('')).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'));
    expect(texts.join('\n')).toMatch(/<script>|<img/);
  });

  test('usage counts each report once, for people who installed', () => {
    for (const { appId, feedback, testers } of worlds.slice(0, 2)) {
      const usage = programme.usage(appId);
      const states = new Map(testers.map(({ id, attributes }) => [id, attributes.state]));
      expect(usage.filter(({ testerId }) => states.get(testerId) !== 'INSTALLED')).toEqual([]);
      const reports = usage.flatMap(({ days }) => days).reduce((sum, day) => sum + day.feedbackCount, 0);
      expect(reports).toBe(feedback.length);
      for (const { days } of usage) {
        for (let i = 1; i < days.length; i++)
          expect(days[i]?.daysAgo).toBeGreaterThan(days[i - 1]?.daysAgo ?? 0);
      }
    }
  });
});
