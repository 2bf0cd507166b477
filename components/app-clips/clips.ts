import { ApiError } from '@/lib/browser/api';
import type { ClipChange, InvocationResource, TitleResource } from '@/lib/browser/app-clips';
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
  readonly titles: readonly { readonly id: string; readonly locale: string; readonly title: string }[];
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

/** What the form holds: an address, and titles by language in the order they were added. */
export interface ClipForm {
  readonly url: string;
  readonly titles: readonly { readonly locale: string; readonly title: string }[];
}

/** A form that was kept from before; null when it is none. */
export function readClipForm(kept: unknown): ClipForm | null {
  const { url, titles } = (kept ?? {}) as Partial<Record<keyof ClipForm, unknown>>;
  if (typeof url !== 'string' || !Array.isArray(titles) || titles.length === 0) return null;
  const read = titles.flatMap((one: unknown) => {
    const { locale, title } = (one ?? {}) as Partial<Record<'locale' | 'title', unknown>>;
    return typeof locale === 'string' && typeof title === 'string' ? [{ locale, title }] : [];
  });
  return read.length === titles.length ? { url, titles: read } : null;
}

/** What is wrong with the form before anything is sent, by field: `url`, or a language; `titles` where there is none. */
export function problemsOf({ url, titles }: ClipForm): Readonly<Record<string, string>> {
  const isAddress = URL.canParse(url.trim()) && /^https?:\/\//i.test(url.trim());
  return {
    ...(isAddress ? {} : { url: 'Enter a complete address, such as https://example.com/menu.' }),
    ...(titles.length === 0 ? { titles: 'Add a title in at least one language: Apple wants one.' } : {}),
    ...Object.fromEntries(
      titles.flatMap(({ locale, title }) =>
        title.trim() === '' ? [[locale, 'Enter a title, or remove the language.']] : [],
      ),
    ),
  };
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

/** What has to be sent so that an invocation becomes as the form says; titles are added before others go, since one has to stay. */
export function changesOf(before: Invocation, { url, titles }: ClipForm): ClipChange[] {
  const wanted = new Map(titles.map(({ locale, title }) => [locale, title]));
  const had = new Map(before.titles.map((one) => [one.locale, one]));
  return [
    ...(url.trim() === before.url ? [] : [{ kind: 'url' as const, id: before.id, url: url.trim() }]),
    ...titles.flatMap(({ locale, title }): ClipChange[] => {
      const known = had.get(locale);
      if (!known) return [{ kind: 'new-title', invocationId: before.id, locale, title }];
      return known.title === title ? [] : [{ kind: 'title', id: known.id, locale, title }];
    }),
    ...before.titles.flatMap(({ id, locale }): ClipChange[] =>
      wanted.has(locale) ? [] : [{ kind: 'no-title', id, locale }],
    ),
  ];
}

/** Whether two invocations say the same: it needs not be copied again. */
export function isSameInvocation(one: Invocation, other: Invocation): boolean {
  const words = ({ url, titles }: Invocation) =>
    JSON.stringify([url, ...titles.map(({ locale, title }) => `${locale} ${title}`).toSorted()]);
  return words(one) === words(other);
}

export const titlesBy = (titles: ClipForm['titles']): Record<string, string> =>
  Object.fromEntries(titles.map(({ locale, title }) => [locale, title]));

function linkedIds({ relationships }: Pick<ResourceObject, 'relationships'>, name: string): string[] {
  return [relationships?.[name]?.data ?? []].flat().map(({ id }) => id);
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Where Apple's refusal of a new invocation points: at the address, or at the title of one place in the row. */
export function refusedAt(error: unknown, field: 'url' | 'title', index: number): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const found = error.problems.find(({ source }) => {
    const pointer = source?.pointer ?? '';
    if (field === 'url') return pointer === '/data/attributes/url';
    const at = /^\/included\/(\d+)\//.exec(pointer)?.[1];
    // A pointer without a place is of the only title, or told at the first.
    return at === undefined ? /\/(title|locale)$/.test(pointer) && index === 0 : Number(at) === index;
  });
  return found?.detail && error.speaker ? `${error.speaker} says: ${found.detail}` : found?.detail;
}
