import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from '@/lib/services/programme/differences';
import type { GroupInFile, ProgrammeFile } from '@/lib/services/programme/file';
import { circlesIn } from '@/lib/services/programme/group-names';
import type { Operation } from '@/lib/services/programme/operation';
import { type Filters, fileOf, type LiveGroup, type Programme } from '@/lib/services/programme/programme';
import type { ProgrammeStep } from '@/lib/services/programme/step';

const group = (more: Partial<LiveGroup> = {}): LiveGroup => ({
  ...{ id: 'g', name: 'Friends', isInternalGroup: false, hasAccessToAllBuilds: false, feedbackEnabled: true },
  ...{ publicLinkEnabled: false, publicLinkLimit: null, criteria: null, testers: 0, builds: 1 },
  ...{ iosBuildsAvailableForAppleSiliconMac: true, iosBuildsAvailableForAppleVision: true, ...more },
});
const programme = (more: Partial<Programme> = {}): Programme => ({
  ...{
    groups: [],
    localizations: [],
    primaryLocale: 'en-US',
    agreement: { id: 'a', values: { agreementText: null } },
  },
  ...{
    review: { id: 'r', values: { notes: null, contactEmail: 'ada@example.com' } },
    clip: null,
    offered: null,
    alerts: null,
    ...more,
  },
});
const told = (operations: readonly Operation[]) =>
  operations.map(({ kind, says, step }) => `${kind}${step ? '' : ' (not sent)'}: ${says}`);
const compare = (file: Omit<ProgrammeFile, 'version'>, live: Partial<Programme>, isPruned = false) =>
  differences({ version: 1, ...file }, programme(live), isPruned);

/** Programmes as an app may have them. */
const names = ['Team', 'Friends', 'Pröss', 'משפחה'];
const someGroup = fc.record({
  isInternalGroup: fc.boolean(),
  feedbackEnabled: fc.boolean(),
  publicLinkLimit: fc.option(fc.integer({ min: 1, max: 10_000 }), { nil: null }),
  iosBuildsAvailableForAppleVision: fc.boolean(),
  filters: fc.constantFrom<Filters[]>([], [{ deviceFamily: 'IPAD' }], [{ deviceFamily: 'MAC' }]),
});
const programmes: fc.Arbitrary<Programme> = fc
  .record({
    groups: fc.dictionary(fc.constantFrom(...names), someGroup),
    texts: fc.dictionary(fc.constantFrom('de-DE', 'ja'), fc.constantFrom(null, 'One', 'Two')),
    notes: fc.constantFrom(null, 'Notes'),
    addresses: fc.dictionary(
      fc.constantFrom('https://a.example', 'https://b.example', 'https://c.example', 'https://d.example'),
      fc.dictionary(fc.constantFrom('en-US', 'fr-FR'), fc.constantFrom('Menu', 'Table'), { minKeys: 1 }),
      { maxKeys: 3 },
    ),
  })
  .map(({ groups, texts, notes, addresses }) =>
    programme({
      groups: Object.entries(groups).map(([name, { filters, isInternalGroup, publicLinkLimit, ...more }]) =>
        group({
          ...{ id: `id ${name}`, name, isInternalGroup, ...more },
          publicLinkLimit: isInternalGroup ? null : publicLinkLimit,
          criteria: isInternalGroup || filters.length === 0 ? null : { id: `c ${name}`, filters },
        }),
      ),
      localizations: Object.entries(texts).map(([locale, description]) => ({
        ...{ id: locale, locale, values: { description } },
      })),
      review: { id: 'r', values: { notes } },
      clip: {
        ...{ build: '1.0 (1)', bundleIds: ['bundle'] },
        invocations: Object.entries(addresses).map(([url, titles]) => ({
          ...{ id: `i ${url}`, url },
          titles: Object.entries(titles).map(([locale, title]) => ({
            id: `${url} ${locale}`,
            locale,
            title,
          })),
        })),
      },
    }),
  );

/** What App Store Connect would have after a step. */
function after(
  live: Programme,
  { type, operation, id, attributes, titles, group: of, owner }: ProgrammeStep,
): Programme {
  const list = <Row extends { readonly id: string }>(rows: readonly Row[], made: Row): Row[] =>
    operation === 'create'
      ? [...rows, made]
      : rows.flatMap((row) =>
          row.id !== id ? [row] : operation === 'delete' ? [] : [{ ...row, ...attributes }],
        );
  const invocations = live.clip?.invocations ?? [];
  const clip = (next: typeof invocations) => ({
    ...live,
    clip: live.clip && { ...live.clip, invocations: next },
  });
  switch (type) {
    case 'betaGroups': {
      const { publicLinkLimitEnabled: isOn } = attributes;
      const limited = isOn === false ? { publicLinkLimit: null } : {};
      const made = { ...group({ id: `id ${of}`, builds: 0 }), ...(attributes as Partial<LiveGroup>) };
      const target = id ?? (operation === 'update' ? `id ${of}` : null);
      const rows = live.groups.map((row) =>
        row.id === target ? { ...row, ...attributes, ...limited } : row,
      );
      if (operation === 'update') return { ...live, groups: rows };
      return { ...live, groups: list(live.groups, made) };
    }
    case 'betaRecruitmentCriteria': {
      const filters = (attributes.deviceFamilyOsVersionFilters ?? []) as NonNullable<
        LiveGroup['criteria']
      >['filters'];
      const criteria = operation === 'delete' ? null : { id: 'c', filters };
      return {
        ...live,
        groups: live.groups.map((row) => (row.id === owner || row.name === of ? { ...row, criteria } : row)),
      };
    }
    case 'betaAppLocalizations': {
      const { locale, ...values } = attributes as Record<string, string | null>;
      return {
        ...live,
        localizations:
          operation === 'update'
            ? live.localizations.map((row) =>
                row.id === id ? { ...row, values: { ...row.values, ...values } } : row,
              )
            : list(live.localizations, { id: String(locale), locale: String(locale), values }),
      };
    }
    case 'betaAppReviewDetails':
      return {
        ...live,
        review: live.review && {
          ...live.review,
          values: { ...live.review.values, ...(attributes as { notes: string | null }) },
        },
      };
    case 'alertRules':
    case 'betaLicenseAgreements':
      return live;
    case 'betaAppClipInvocations': {
      const made = Object.entries(titles ?? {}).map(([locale, title]) => ({
        id: `${attributes.url} ${locale}`,
        locale,
        title,
      }));
      return clip(
        list(invocations, { id: `i ${attributes.url}`, url: String(attributes.url), titles: made }),
      );
    }
    case 'betaAppClipInvocationLocalizations': {
      const made = { id: 't', locale: String(attributes.locale), title: String(attributes.title) };
      return clip(
        invocations.map((row) => (row.id === owner ? { ...row, titles: list(row.titles, made) } : row)),
      );
    }
  }
}

describe('the differences between a file and a programme', () => {
  const out = { app: 'App', hasPersonalData: true };

  it('are none for the file that was taken out of it', () => {
    fc.assert(
      fc.property(programmes, (live) => {
        expect(differences(fileOf(live, out), live, true)).toEqual([]);
      }),
    );
  });

  it('carried out leave none but what App Store Connect does not change, whatever was there', () => {
    fc.assert(
      fc.property(programmes, programmes, (wanted, live) => {
        const file = fileOf(wanted, out);
        const steps = differences(file, live, true).flatMap(({ step }) => step ?? []);
        const left = differences(file, steps.reduce(after, live), true);
        expect(left.filter(({ kind }) => kind !== 'recreate')).toEqual([]);
      }),
    );
  });

  it('delete last, and nothing unless that is asked for', () => {
    fc.assert(
      fc.property(programmes, programmes, fc.boolean(), (wanted, live, isPruned) => {
        const all = differences(fileOf(wanted, out), live, isPruned);
        const first = all.findIndex(({ kind }) => kind === 'delete');
        if (first >= 0) expect(all.slice(first).every(({ kind }) => kind === 'delete')).toBe(true);
        if (!isPruned) expect(all.filter(({ isDeletion, step }) => isDeletion && step !== null)).toEqual([]);
      }),
    );
  });

  it('are of no section that the file leaves out, and of no member', () => {
    const live = {
      groups: [group({ publicLinkLimit: 5, criteria: { id: 'c', filters: [{ deviceFamily: 'IPAD' }] } })],
    };
    expect(compare({}, live, true)).toEqual([]);
    expect(compare({ groups: [{ name: 'Friends', isInternalGroup: false }] }, live, true)).toEqual([]);
    expect(compare({ testInformation: {} }, live, true)).toEqual([]);
  });

  it('rename a group by the name it had, before another one takes that', () => {
    const groups: ProgrammeFile['groups'] = [
      { name: 'Friends', isInternalGroup: false },
      { name: 'Family', previousName: 'Friends', isInternalGroup: false },
    ];
    expect(told(compare({ groups }, { groups: [group()] }))).toEqual([
      'change: Rename the group “Friends” to “Family”',
      'create: Create the external group “Friends”',
    ]);
    const only = groups.slice(1);
    expect(told(compare({ groups: only }, { groups: [group()] }, true))).toEqual([
      'change: Rename the group “Friends” to “Family”',
    ]);
    const both = [group(), group({ id: 'f', name: 'Family' })];
    expect(compare({ groups }, { groups: both }, true)).toEqual([]);
    // Applied once more, the hint is of no use any more.
    expect(compare({ groups: only }, { groups: [group({ name: 'Family' })] }, true)).toEqual([]);
  });

  it('rename each group that gives up a name before the one that takes it', () => {
    const groups: ProgrammeFile['groups'] = [
      { name: 'B', previousName: 'A', isInternalGroup: false },
      { name: 'C', previousName: 'B', isInternalGroup: false },
    ];
    const live = [group({ id: 'a', name: 'A', testers: 3 }), group({ id: 'b', name: 'B' })];
    expect(told(compare({ groups }, { groups: live }, true))).toEqual([
      'change: Rename the group “B” to “C”',
      'change: Rename the group “A” to “B”',
    ]);
  });

  it('keep each group with its testers however names move on, and never have two of a name', () => {
    const pool = ['A', 'B', 'C', 'D', 'E', 'F'];
    const moves = fc.tuple(
      fc.shuffledSubarray(pool, { minLength: 1, maxLength: 5 }),
      fc.shuffledSubarray(pool, { minLength: 5 }),
    );
    fc.assert(
      fc.property(moves, ([before, now]) => {
        const file = before.map((name, at): GroupInFile => {
          const next = now[at] ?? name;
          return { name: next, isInternalGroup: false, ...(next === name ? {} : { previousName: name }) };
        });
        fc.pre(circlesIn(file).length === 0);
        let live = programme({ groups: before.map((name) => group({ id: `was ${name}`, name })) });
        for (const { step } of compare({ groups: file }, live, true)) {
          live = step ? after(live, step) : live;
          expect(new Set(live.groups.map(({ name }) => name)).size).toBe(before.length);
        }
        expect(live.groups.map(({ id, name }) => [id, name])).toEqual(
          before.map((name, at) => [`was ${name}`, now[at]]),
        );
        expect(compare({ groups: file }, live, true)).toEqual([]);
      }),
    );
  });

  it('give nobody a name that another group keeps', () => {
    const groups: ProgrammeFile['groups'] = [
      { name: 'Friends', isInternalGroup: false },
      { name: 'Crowd', previousName: 'Guests', isInternalGroup: false },
      { name: 'Guests', previousName: 'Family', isInternalGroup: false },
      { name: 'Team', previousName: 'Friends', isInternalGroup: true },
    ];
    const twins = ['1', '2'].map((id) => group({ id, name: 'Guests' }));
    const found = compare({ groups }, { groups: [group(), group({ id: 'f', name: 'Family' }), ...twins] });
    expect(told(found)).toEqual([
      'blocked (not sent): 2 groups are called “Guests”',
      'blocked (not sent): Rename the group “Family” to “Guests”',
      'recreate (not sent): “Friends” is external, not internal',
      'blocked (not sent): Create the external group “Friends”',
    ]);
    expect(found.map(({ next }) => next?.section)).toEqual([
      '/groups',
      '/groups/1',
      '/groups/g',
      '/groups/g',
    ]);
  });

  it('tell what cannot be changed, and do not do it', () => {
    const recreated = compare(
      {
        groups: [
          { name: 'Friends', isInternalGroup: true },
          { name: 'Team', isInternalGroup: true, hasAccessToAllBuilds: true, feedbackEnabled: false },
        ],
      },
      { groups: [group({ testers: 12 }), group({ id: 't', name: 'Team', isInternalGroup: true })] },
      true,
    );
    expect(told(recreated)).toEqual([
      'recreate (not sent): “Friends” is external, not internal',
      'change: Change the group “Team”',
      'recreate (not sent): “Team” does not have access to all builds',
    ]);
    expect(recreated[0]?.reason).toMatch(/its 12 testers lose what comes through it/);
  });

  it('touch no group whose name two have, unless they are of different kinds', () => {
    const twins = [group({ id: '1' }), group({ id: '2' })];
    const groups = [{ name: 'Friends', isInternalGroup: false as const, feedbackEnabled: false }];
    expect(told(compare({ groups }, { groups: twins }, true))).toEqual([
      'blocked (not sent): 2 groups are called “Friends”',
    ]);
    const unlike = [group({ id: '1' }), group({ id: '2', isInternalGroup: true })];
    const [change] = compare({ groups }, { groups: unlike });
    expect(change?.step).toMatchObject({
      id: '1',
      attributes: { feedbackEnabled: false },
      expect: { feedbackEnabled: true },
    });
  });

  it('switch a link on only where its group has a build', () => {
    const groups = [{ name: 'Friends', isInternalGroup: false as const, publicLinkEnabled: true }];
    expect(told(compare({ groups }, {}))).toEqual([
      'create: Create the external group “Friends”',
      'later (not sent): Switch on the public link of “Friends”',
    ]);
    expect(told(compare({ groups }, { groups: [group()] }))).toEqual([
      'change: Switch on the public link of “Friends”',
    ]);
  });

  it('let a link that is switched on in only whom the file admits', () => {
    const criteria = [{ deviceFamily: 'IPHONE' as const, minimumOsInclusive: '18.0' }];
    const friends = { name: 'Friends', isInternalGroup: false as const, publicLinkEnabled: true };
    const [, link] = compare(
      { groups: [{ ...friends, criteria, publicLinkLimit: 5 }] },
      { groups: [group({ publicLinkLimit: 5 })] },
    );
    expect(link?.step?.needs).toEqual({ deviceFamilyOsVersionFilters: criteria, publicLinkLimit: 5 });
    const [open] = compare({ groups: [{ ...friends, criteria: [] }] }, { groups: [group()] });
    expect(open?.step?.needs).toEqual({});
  });

  it('tell all that App Store Connect does not take of criteria, and leave the link of them off', () => {
    const offered = [{ deviceFamily: 'IPHONE', osVersions: ['18.0', '26.1'] }];
    const criteria = [
      { deviceFamily: 'IPHONE' as const, minimumOsInclusive: '26.1', maximumOsInclusive: '17.0' },
      { deviceFamily: 'APPLE_WATCH' as const },
    ];
    const friends = { name: 'Friends', isInternalGroup: false as const, publicLinkEnabled: true };
    const found = compare({ groups: [{ ...friends, criteria }] }, { groups: [group()], offered });
    expect(told(found)).toEqual([
      'blocked (not sent): Set the recruitment criteria of “Friends”',
      'blocked (not sent): Switch on the public link of “Friends”',
    ]);
    expect(found[0]?.reason).toBe(
      'The oldest system is newer than the newest: no device is iPhone on iOS 26.1 to 17.0. App Store Connect does not offer Apple Watch. App Store Connect does not offer iPhone with iOS 17.0, but 18.0, 26.1. Correct the file, then apply it again.',
    );
    const fine = [{ deviceFamily: 'IPHONE' as const, minimumOsInclusive: '18' }];
    const sent = compare({ groups: [{ ...friends, criteria: fine }] }, { groups: [group()], offered });
    expect(sent.map(({ step }) => step?.type)).toEqual(['betaRecruitmentCriteria', 'betaGroups']);
    const twice = compare(
      { groups: [{ ...friends, criteria: [...fine, ...fine] }] },
      { groups: [group()], offered: null },
    );
    expect(twice[0]?.reason).toContain('Two entries are of iPhone');
  });

  it('tell nothing of a person, and take no blank end for a change', () => {
    const live = { agreement: { id: 'a', values: { agreementText: 'Be kind.' } } };
    expect(compare({ testInformation: { agreementText: 'Be kind.\r\n' } }, live)).toEqual([]);
    const [change] = compare(
      { testInformation: { review: { contactEmail: 'eve@example.com', notes: 'Hi' } } },
      live,
    );
    expect(change?.changes).toEqual([
      { label: 'Contact e-mail', from: null, to: null },
      { label: 'Notes', from: null, to: 'Hi' },
    ]);
    expect(change?.says).not.toContain('@');
  });

  it('keep the primary language, and take a fourth address only in the place of one that goes', () => {
    const localizations = [{ id: 'en', locale: 'en-US', values: {} }];
    expect(told(compare({ testInformation: { localizations: {} } }, { localizations }, true))).toEqual([
      'blocked (not sent): Delete the test information in American English',
    ]);
    const address = (name: string) => ({
      id: name,
      url: `https://${name}.example`,
      titles: [{ id: `${name} t`, locale: 'en-US', title: name }],
    });
    const clip = { build: '1.0 (1)', bundleIds: ['b'], invocations: ['a', 'b', 'c'].map(address) };
    const appClipInvocations = ['a', 'b', 'd'].map((name) => ({
      url: `https://${name}.example`,
      titles: { 'en-US': name },
    }));
    expect(told(compare({ appClipInvocations }, { clip }))).toEqual([
      'blocked (not sent): Add the App Clip address https://d.example',
      'delete (not sent): Delete the App Clip address https://c.example',
    ]);
    const replaced = compare({ appClipInvocations }, { clip }, true);
    expect(told(replaced)).toEqual([
      'change: Change the App Clip address https://c.example to https://d.example',
      'change: Change the title in American English of the App Clip address https://d.example',
    ]);
    expect(replaced.map(({ isDeletion }) => isDeletion)).toEqual([true, false]);
    const several = { ...clip, invocations: [], bundleIds: ['b', 'c'] };
    expect(
      told(compare({ appClipInvocations }, { clip: several })).every((one) => one.startsWith('blocked')),
    ).toBe(true);
    expect(told(compare({ appClipInvocations }, {})).every((one) => one.startsWith('later'))).toBe(true);
  });

  it('of alerts are of whoever compares, by what they say, and name channels by words', () => {
    const rule = { id: '1', version: 3, threshold: 7, least: null, channels: ['bell'], isEnabled: true };
    const rules = [
      { ...rule, kind: 'buildExpiring' as const },
      { ...rule, id: '2', kind: 'newCrash' as const, threshold: null },
    ];
    const channels = [
      { channel: 'bell', word: 'bell' },
      { channel: 'connector/9', word: 'Releases' },
      ...['connector/1', 'connector/2'].map((channel) => ({ channel, word: 'Twins' })),
    ];
    const expiring = { kind: 'buildExpiring' as const, threshold: 3, channels: ['Releases', 'bell'] };
    const [added, changed, kept] = compare(
      { alerts: [expiring, { kind: 'buildFailed', channels: ['bell'] }] },
      { alerts: { rules, channels } },
    );
    expect(told([added, changed, kept].flatMap((one) => one ?? []))).toEqual([
      'create: Add the alert “App Store Connect could not process a build, or found it invalid.”',
      'change: Change the alert “The last build that testers of a platform have expires in 7 days.”',
      'delete (not sent): Delete the alert “A crash came in that is like none before.”',
    ]);
    expect(changed?.step).toMatchObject({
      ...{ id: '1', expect: { version: 3 } },
      attributes: { threshold: 3, channels: ['bell', 'connector/9'] },
    });
    const unclear = ['Nowhere', 'Twins'].map((word) => ({ kind: 'newCrash' as const, channels: [word] }));
    expect(compare({ alerts: unclear }, { alerts: { rules: [], channels } }).map(({ kind }) => kind)).toEqual(
      [...['blocked', 'blocked']],
    );
    // A machine has none, and they are no difference to it.
    expect(compare({ alerts: [expiring] }, { alerts: null }, true)).toEqual([]);
  });
});
