import { ApiError } from '@/lib/browser/api';
import type { ClipChange } from '@/lib/browser/app-clips';
import { isolated } from '@/lib/format/isolated';
import type { Invocation, LocalTitle } from './clips';

/** What the form holds: an address, and titles by language in the order they were added. */
export interface ClipForm {
  readonly url: string;
  readonly titles: readonly LocalTitle[];
  /** The address as it was when the form was filled, and as each part was when it was saved; null of a new one. */
  readonly base: Invocation | null;
}

export function formOf(base: Invocation | null, primaryLocale: string): ClipForm {
  if (!base) return { url: '', titles: [{ locale: primaryLocale, title: '' }], base };
  return { url: base.url, titles: base.titles.map(({ locale, title }) => ({ locale, title })), base };
}

/** A form that was kept from before; null when it is none. */
export function readClipForm(kept: unknown): ClipForm | null {
  const words = wordsIn(kept);
  if (!words || words.titles.length === 0) return null;
  const { base } = kept as { readonly base?: unknown };
  if (base === null) return { ...words, base };
  const known = wordsIn(base);
  const { id, titles } = (base ?? {}) as Partial<Invocation>;
  const isWhole = typeof id === 'string' && titles?.every((one) => typeof one.id === 'string');
  return known && isWhole ? { ...words, base: base as Invocation } : null;
}

function wordsIn(kept: unknown): Omit<ClipForm, 'base'> | null {
  const { url, titles } = (kept ?? {}) as Partial<Record<keyof ClipForm, unknown>>;
  if (typeof url !== 'string' || !Array.isArray(titles)) return null;
  const read = titles.flatMap((one: unknown) => {
    const { locale, title } = (one ?? {}) as Partial<Record<keyof LocalTitle, unknown>>;
    return typeof locale === 'string' && typeof title === 'string' ? [{ locale, title }] : [];
  });
  return read.length === titles.length ? { url, titles: read } : null;
}

/** What is wrong with the form before anything is sent, by field: `url`, or a language; `titles` where there is none. */
export function problemsOf({ url, titles }: Omit<ClipForm, 'base'>): Readonly<Record<string, string>> {
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

/**
 * What has to be sent so that an address becomes as the form says, each with what stood there when the form was filled: what
 * others have made of the rest since is left alone. Titles are added before others go, since one has to stay.
 */
export function changesOf({ base, url, titles }: ClipForm): ClipChange[] {
  if (!base) return [];
  const wanted = new Set(titles.map(({ locale }) => locale));
  const had = new Map(base.titles.map((one) => [one.locale, one]));
  const { id: invocationId } = base;
  return [
    ...(url.trim() === base.url
      ? []
      : [{ kind: 'url' as const, id: invocationId, url: url.trim(), expect: base.url }]),
    ...titles.flatMap(({ locale, title }): ClipChange[] => {
      const known = had.get(locale);
      if (!known) return [{ kind: 'new-title', invocationId, locale, title }];
      const { id, title: expect } = known;
      return expect === title ? [] : [{ kind: 'title', invocationId, id, locale, title, expect }];
    }),
    ...base.titles.flatMap(({ id, locale, title: expect }): ClipChange[] =>
      wanted.has(locale) ? [] : [{ kind: 'no-title', invocationId, id, locale, expect }],
    ),
  ];
}

/** The form after one of its changes was saved; `id` is that of a title that was made. */
export function withSaved(form: ClipForm, change: ClipChange, id: string): ClipForm {
  const { base } = form;
  if (!base || change.kind === 'delete') return form;
  if (change.kind === 'url') return { ...form, base: { ...base, url: change.url } };
  const { locale } = change;
  const title =
    change.kind === 'no-title'
      ? null
      : { id: change.kind === 'title' ? change.id : id, locale, title: change.title };
  return { ...form, base: withTitle(base, locale, title) };
}

const withTitle = (base: Invocation, locale: string, title: Invocation['titles'][number] | null) => ({
  ...base,
  titles: [...base.titles.filter((one) => one.locale !== locale), ...(title ? [title] : [])],
});

/**
 * The form after a change that was refused because somebody else has changed the same: it goes on from what they made of it,
 * which the words tell; no words where nothing is left to do. Null where nobody has, so the refusal stands.
 */
export function withTheirs(
  form: ClipForm,
  change: ClipChange,
  now: Invocation,
): { readonly form: ClipForm; readonly words: string | null } | null {
  const { base } = form;
  if (!base || change.kind === 'delete') return null;
  if (change.kind === 'url') {
    if (now.url === base.url) return null;
    const words = now.url === change.url ? null : overtaken(now.url);
    return { form: { ...form, base: { ...base, url: now.url } }, words };
  }
  const { locale } = change;
  const of = ({ titles }: Invocation) => titles.find((one) => one.locale === locale);
  const [had, theirs] = [of(base), of(now)];
  if (had?.id === theirs?.id && had?.title === theirs?.title) return null;
  const next = { ...form, base: withTitle(base, locale, theirs ?? null) };
  if (change.kind === 'no-title') {
    if (!theirs) return { form: next, words: null };
    const titles = [...form.titles, { locale, title: theirs.title }];
    return { form: { ...next, titles }, words: 'Somebody else has changed it meanwhile, so it was kept.' };
  }
  if (!theirs)
    return { form: next, words: 'Somebody else has removed this language meanwhile. Save again to add it.' };
  return { form: next, words: theirs.title === change.title ? null : overtaken(theirs.title) };
}

const overtaken = (theirs: string) =>
  `Somebody else has made it “${isolated(theirs)}” meanwhile. Save again to put yours in its place.`;

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
