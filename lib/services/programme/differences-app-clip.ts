import { isolated } from '@/lib/format/isolated';
import { languageName } from '@/lib/format/languages';
import type { InvocationInFile, ProgrammeFile } from './file';
import { changesOf, KEPT, type Operation, operation } from './operation';
import type { LiveInvocation, Programme } from './programme';
import { step } from './step';

/** Apple takes so many addresses for each build. */
const MOST_INVOCATIONS = 3;
const TITLES = 'betaAppClipInvocationLocalizations';
const ADDRESSES = 'betaAppClipInvocations';
const CLIPS = { section: '/app-clips', label: 'Open App Clips' };

/** What differs in the addresses that testers of the App Clip of the newest build are offered. */
export function appClipDifferences(
  { appClipInvocations: wanted }: ProgrammeFile,
  { clip }: Programme,
  isPruned: boolean,
): Operation[] {
  if (!wanted) return [];
  if (!clip)
    return wanted.map(({ url }) =>
      operation('later', `Add the App Clip address ${isolated(url)}`, {
        reason:
          'The app has no build with an App Clip that can be tested. Apply the file again once it has one.',
        next: { section: '/builds', label: 'Open the builds' },
      }),
    );
  const liveOf = (url: string) => clip.invocations.find((one) => one.url === url);
  const fresh = wanted.filter(({ url }) => !liveOf(url));
  const others = clip.invocations.filter(({ url }) => !wanted.some((one) => one.url === url));
  const known = wanted.flatMap((one) => {
    const live = liveOf(one.url);
    return live ? titleChanges(one, live, isPruned) : [];
  });
  const room = Math.max(0, MOST_INVOCATIONS - clip.invocations.length);
  // Where Apple takes no more, one that goes makes place by becoming the new one.
  const instead = isPruned ? fresh.slice(room).slice(0, others.length) : [];
  return [
    ...known,
    ...fresh.slice(0, room).map((one) => creation(one, clip.bundleIds, clip.build)),
    ...instead.flatMap((one, index) => {
      const live = others[index];
      return live ? replacement(one, live, isPruned) : [];
    }),
    ...fresh.slice(room + instead.length).map(({ url }) =>
      operation('blocked', `Add the App Clip address ${isolated(url)}`, {
        reason: `App Store Connect takes at most ${MOST_INVOCATIONS} for a build. ${
          others.length > 0
            ? 'Others are there that the file does not name: delete them with it.'
            : 'Leave some out of the file.'
        }`,
        next: CLIPS,
      }),
    ),
    ...others.slice(instead.length).map((one) => deletion(one, isPruned)),
  ];
}

function creation({ url, titles }: InvocationInFile, bundleIds: readonly string[], build: string): Operation {
  const says = `Add the App Clip address ${isolated(url)}`;
  const [owner, ...more] = bundleIds;
  if (owner === undefined || more.length > 0)
    return operation('blocked', says, {
      reason: `${build} has several App Clips, and a file does not say which is meant. Add it on the page App Clips.`,
      next: CLIPS,
    });
  return operation('create', says, {
    changes: Object.entries(titles).map(([locale, to]) => ({ label: titleIn(locale), from: null, to })),
    step: step('create', ADDRESSES, { owner, attributes: { url }, titles }),
  });
}

const titleIn = (locale: string) => `Title in ${languageName(locale)}`;

function replacement(wanted: InvocationInFile, live: LiveInvocation, isPruned: boolean): Operation[] {
  const attributes = { url: wanted.url };
  const expect = { url: live.url };
  return [
    operation('change', `Change the App Clip address ${isolated(live.url)} to ${isolated(wanted.url)}`, {
      changes: changesOf(expect, attributes),
      isDeletion: true,
      step: step('update', ADDRESSES, { id: live.id, attributes, expect }),
    }),
    ...titleChanges(wanted, live, isPruned),
  ];
}

function titleChanges(
  { url, titles }: InvocationInFile,
  live: LiveInvocation,
  isPruned: boolean,
): Operation[] {
  const of = (locale: string) =>
    `the title in ${languageName(locale)} of the App Clip address ${isolated(url)}`;
  const wanted = Object.entries(titles).flatMap(([locale, title]) => {
    const attributes = { title };
    const known = live.titles.find((one) => one.locale === locale);
    if (known?.title === title) return [];
    const expect = known ? { title: known.title } : {};
    const about = { changes: changesOf(expect, attributes) };
    return known
      ? operation('change', `Change ${of(locale)}`, {
          ...about,
          step: step('update', TITLES, { owner: live.id, id: known.id, attributes, expect }),
        })
      : operation('create', `Add ${of(locale)}`, {
          ...about,
          step: step('create', TITLES, { owner: live.id, attributes: { locale, title } }),
        });
  });
  const others = live.titles.filter(({ locale }) => !Object.hasOwn(titles, locale));
  return [
    ...wanted,
    ...others.map(({ id, locale, title }) => {
      const says = `Delete ${of(locale)}`;
      if (!isPruned) return operation('delete', says, { reason: KEPT });
      return operation('delete', says, {
        step: step('delete', TITLES, { owner: live.id, id, expect: { locale, title } }),
      });
    }),
  ];
}

function deletion({ id, url }: LiveInvocation, isPruned: boolean): Operation {
  const says = `Delete the App Clip address ${isolated(url)}`;
  if (!isPruned) return operation('delete', says, { reason: KEPT });
  return operation('delete', says, { step: step('delete', ADDRESSES, { id, expect: { url } }) });
}
