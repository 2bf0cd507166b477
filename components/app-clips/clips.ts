import type { InvocationResource, TitleResource } from '@/lib/browser/app-clips';
import type { ListDocument, ResourceObject } from '@/lib/browser/types';
import { buildWords } from '@/lib/format/builds';

/** Apple takes so many addresses for each build. */
export const MOST_INVOCATIONS = 3;

/** The App Clip of a build. */
export interface Clip {
  readonly buildId: string;
  /** What the build is called. */
  readonly build: string;
  readonly uploadedDate: string | null;
  readonly bundleId: string;
  /** Apple's own identifier of the App Clip, as Xcode knows it. */
  readonly identifier: string;
}

/** The App Clips of the builds on some pages, in the order of the builds. */
export function clipsOf(pages: readonly ListDocument[]): Clip[] {
  return pages.flatMap(({ data, included = [] }) => {
    const find = (type: string, id: string | undefined) =>
      included.find((one) => one.type === type && one.id === id);
    return data.flatMap((build) => {
      const version = find('preReleaseVersions', linkedIds(build, 'preReleaseVersion')[0])?.attributes;
      const words = buildWords({
        version: textOf(build.attributes?.version),
        trainVersion: textOf(version?.version),
        platform: textOf(version?.platform),
      });
      return linkedIds(build, 'buildBundles').flatMap((bundleId): Clip[] => {
        const bundle = find('buildBundles', bundleId)?.attributes;
        if (bundle?.bundleType !== 'APP_CLIP') return [];
        return [
          {
            ...{ buildId: build.id, build: words, bundleId },
            uploadedDate: textOf(build.attributes?.uploadedDate),
            identifier: textOf(bundle.bundleId) ?? 'App Clip',
          },
        ];
      });
    });
  });
}

/** One address with its titles, as App Store Connect has them. */
export interface Invocation {
  readonly id: string;
  readonly url: string;
  readonly titles: readonly InvocationTitle[];
}

interface InvocationTitle extends LocalTitle {
  readonly id: string;
}

/** A title in one language. */
export interface LocalTitle {
  readonly locale: string;
  readonly title: string;
}

export function invocationsOf({ data, included = [] }: ListDocument<InvocationResource>): Invocation[] {
  const titles = included.filter((one) => one.type === 'betaAppClipInvocationLocalizations');
  return data.map((one) => ({
    id: one.id,
    url: one.attributes?.url ?? '',
    titles: linkedIds(one, 'betaAppClipInvocationLocalizations').flatMap((id) => {
      const found = titles.find((title) => title.id === id) as TitleResource | undefined;
      const { locale, title } = found?.attributes ?? {};
      return locale == null ? [] : [{ id, locale, title: title ?? '' }];
    }),
  }));
}

/** A domain that Apple does not check for this App Clip: its addresses open no App Clip. */
export function isForeign(url: string, domains: readonly string[]): boolean {
  if (domains.length === 0 || !URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return !domains.some((one) => {
    const domain = one.toLowerCase();
    return domain.startsWith('*.') ? hostname.endsWith(domain.slice(1)) : hostname === domain;
  });
}

/** Whether two invocations say the same: it needs not be copied again. */
export function isSameInvocation(one: Invocation, other: Invocation): boolean {
  const words = ({ url, titles }: Invocation) =>
    JSON.stringify([url, ...titles.map(({ locale, title }) => `${locale} ${title}`).toSorted()]);
  return words(one) === words(other);
}

export const titlesBy = (titles: readonly LocalTitle[]): Record<string, string> =>
  Object.fromEntries(titles.map(({ locale, title }) => [locale, title]));

function linkedIds({ relationships }: Pick<ResourceObject, 'relationships'>, name: string): string[] {
  return [relationships?.[name]?.data ?? []].flat().map(({ id }) => id);
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
