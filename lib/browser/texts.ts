import { mutationOptions, queryOptions } from '@tanstack/react-query';
import { api } from './api';
import { keys } from './keys';
import type { ListDocument, OneDocument, Problem, ResourceObject } from './types';

type Texts = Readonly<Record<string, unknown>>;
/** `meta.isSet` names the secrets that have a value; the value itself never comes here. */
export type TextResource = ResourceObject<Texts, { readonly isSet?: readonly string[] }>;

/** What an app's test information stands in: the list or resource it is read from, and what it is filed under. */
export const TEST_INFORMATION = {
  localizations: { type: 'betaAppLocalizations', path: 'betaAppLocalizations?limit=200' },
  review: { type: 'betaAppReviewDetails', path: 'betaAppReviewDetail' },
  licence: { type: 'betaLicenseAgreements', path: 'betaLicenseAgreement' },
} as const;
type Part = keyof typeof TEST_INFORMATION;

export function testInformationKey(part: Part, appId: string) {
  return keys.list(TEST_INFORMATION[part].type, `of ${appId}`);
}

function pathOf(part: Part, appId: string): string {
  return `/api/v1/apps/${encodeURIComponent(appId)}/${TEST_INFORMATION[part].path}`;
}

/** Test information by language, as App Store Connect has it. */
export function localizationsOptions(appId: string) {
  return queryOptions({
    queryKey: testInformationKey('localizations', appId),
    queryFn: ({ signal }) => api<ListDocument<TextResource>>(pathOf('localizations', appId), { signal }),
  });
}

/** The contact and the demo account of beta review, or the licence agreement. */
export function appTextOptions(part: 'review' | 'licence', appId: string) {
  return queryOptions({
    queryKey: testInformationKey(part, appId),
    queryFn: ({ signal }) => api<OneDocument<TextResource | null>>(pathOf(part, appId), { signal }),
  });
}

/** The languages an app's test information is written in. */
export function testLanguagesOptions(appId: string) {
  return queryOptions({
    ...localizationsOptions(appId),
    select: ({ data }) =>
      data.flatMap(({ attributes }) => (typeof attributes?.locale === 'string' ? attributes.locale : [])),
    // A build is read without it, as by those who may not ask App Store Connect.
    retry: false,
  });
}

/** Has test information read again from App Store Connect. */
export function readTestInformationMutation(appId: string) {
  return mutationOptions({
    mutationFn: () =>
      Promise.all(
        (Object.keys(TEST_INFORMATION) as Part[]).map((part) => {
          const path = pathOf(part, appId);
          return api<unknown>(`${path}${path.includes('?') ? '&' : '?'}refresh=1`);
        }),
      ),
    meta: { stale: Object.values(TEST_INFORMATION).map(({ type }) => type) },
  });
}

/** Sets or removes the password of the demo account; it goes out once and is kept nowhere here. */
export function demoPasswordMutation(id: string) {
  return mutationOptions({
    mutationFn: (demoAccountPassword: string | null) =>
      api<OneDocument>(`/api/v1/betaAppReviewDetails/${encodeURIComponent(id)}`, {
        method: 'PATCH',
        body: { data: { type: 'betaAppReviewDetails', id, attributes: { demoAccountPassword } } },
      }),
    // What was sent is not remembered beside its outcome.
    gcTime: 0,
    meta: { stale: ['betaAppReviewDetails'] },
  });
}

/** Reads What to Test of a build as App Store Connect has it now: text by language, those without one left out. */
export function notesOfMutation() {
  return mutationOptions({
    mutationFn: async (buildId: string): Promise<Readonly<Record<string, string>>> => {
      const path = `/api/v1/builds/${encodeURIComponent(buildId)}/betaBuildLocalizations?limit=200&refresh=1`;
      const { data } = await api<ListDocument<TextResource>>(path);
      return Object.fromEntries(
        data.flatMap(({ attributes: { locale, whatsNew } = {} }) =>
          typeof locale === 'string' && typeof whatsNew === 'string' && whatsNew ? [[locale, whatsNew]] : [],
        ),
      );
    },
    meta: { stale: [] },
  });
}

interface NotesForBuilds {
  readonly appId: string;
  readonly builds: readonly string[];
  /** By language. */
  readonly texts: Readonly<Record<string, string>>;
  /** Whether they are a template's, whose variables become what they are for each build. */
  readonly variables?: true;
}

/** Writes texts for several builds, as one job. */
export function saveNotesMutation() {
  return mutationOptions({
    mutationFn: ({ appId, ...input }: NotesForBuilds) =>
      api<{ data: { readonly id: string } }>('/api/jobs', {
        method: 'POST',
        body: { kind: 'save-notes', appId, input },
      }),
    meta: { stale: ['jobs'] },
  });
}

/** What becomes of one language of What to Test. */
export type NoteChange =
  | {
      readonly kind: 'write';
      readonly locale: string;
      readonly whatsNew: string | null;
      readonly expect: string | null;
    }
  | { readonly kind: 'remove'; readonly locale: string; readonly expect: string | null };

/** What became of it. */
export type NoteOutcome = { readonly locale: string; readonly id: string | null } & (
  | { readonly status: 'done'; readonly auditId: string | null }
  | { readonly status: 'refused'; readonly code: number; readonly errors: readonly Problem[] }
);

/** Writes What to Test of a build as the form holds it: one look at App Store Connect, then one request a language. */
export function writeNotesMutation(buildId: string) {
  return mutationOptions({
    mutationFn: (changes: readonly NoteChange[]) =>
      api<{ data: readonly NoteOutcome[] }>(`/api/programme/builds/${encodeURIComponent(buildId)}/notes`, {
        method: 'PUT',
        body: { changes },
      }),
    meta: { stale: ['betaBuildLocalizations', 'builds'] },
  });
}
