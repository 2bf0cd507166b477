import { INCLUDE_LIMIT, PAGE_LIMIT } from '@/lib/asc/catalogue/limits';
import type { AscClient, AscPage, CallOptions } from '@/lib/asc/client-interface';
import { AscError } from '@/lib/asc/errors';
import type { AnyResource } from '@/lib/asc/types';
import { type Inlined, withInlined } from '@/lib/mirror/inlined';
import { countOf, type ResourceLike } from '@/lib/mirror/resource';

export type ListedType =
  | 'apps'
  | 'betaGroups'
  | 'betaTesters'
  | 'builds'
  | 'betaFeedbackCrashSubmissions'
  | 'betaFeedbackScreenshotSubmissions';

/** A page of whatever type, as far as the sync looks into it. */
export interface ListPage {
  readonly resources: readonly ResourceLike[];
  readonly included: readonly AnyResource[];
  readonly next: string | undefined;
  /** Why the next page cannot be asked for although there is one. */
  readonly refusedNext: AscError | undefined;
  readonly total: number | undefined;
  readonly attempts: number;
}

/** One list to be read: its name in the store, what it holds, and how to ask for its first page. */
export interface ListPlan {
  readonly scope: string;
  readonly type: ListedType;
  readonly appId?: string;
  /** The to-many relationships its request inlines, with the most rows it asks for. */
  readonly inlined?: Inlined;
  /** Whether Apple lets its rows be asked for by their ids. */
  readonly hasIds?: true;
  /** `ids`: only these rows, where it has ids. */
  first(asc: AscClient, options: CallOptions, ids?: readonly string[]): Promise<ListPage>;
}

/** The same list, of which only these rows are asked for. */
export function onlyOf(plan: ListPlan, ids: readonly string[]): ListPlan {
  return { ...plan, first: (asc, options) => plan.first(asc, options, ids) };
}

const filterBy = (ids: readonly string[] | undefined) => (ids === undefined ? {} : { filter: { id: ids } });

/** Relations asked for only to see their total carry one row, and of that row one field. */
const ONE = 1;

/** All apps the key can see. */
export const appsPlan: ListPlan = {
  scope: 'apps',
  type: 'apps',
  hasIds: true,
  first: async (asc, options, ids) =>
    pageOf(await asc.list('apps', { ...filterBy(ids), limit: { page: PAGE_LIMIT } }, options)),
};

/** All groups of all apps, each with its number of testers (`meta.paging.total` of one inlined row). */
export const groupsPlan: ListPlan = {
  scope: 'betaGroups',
  type: 'betaGroups',
  hasIds: true,
  first: async (asc, options, ids) =>
    pageOf(
      await asc.list(
        'betaGroups',
        {
          ...filterBy(ids),
          include: ['app', 'betaTesters', 'betaRecruitmentCriteria'],
          fields: { apps: ['bundleId'], betaTesters: ['inviteType'] },
          limit: { page: PAGE_LIMIT, betaTesters: ONE },
        },
        options,
      ),
    ),
};

/** All builds of all apps, newest first, with their train, states, groups, review and texts. */
export const buildsPlan: ListPlan = {
  scope: 'builds',
  type: 'builds',
  inlined: { betaGroups: INCLUDE_LIMIT, betaBuildLocalizations: INCLUDE_LIMIT },
  hasIds: true,
  first: async (asc, options, ids) =>
    pageOf(
      await asc.list(
        'builds',
        {
          ...filterBy(ids),
          sort: ['-uploadedDate'],
          include: [
            'app',
            'preReleaseVersion',
            'buildBetaDetail',
            'betaGroups',
            'betaAppReviewSubmission',
            'betaBuildLocalizations',
          ],
          fields: { apps: ['bundleId'], betaGroups: ['name'] },
          limit: { page: PAGE_LIMIT, betaGroups: INCLUDE_LIMIT, betaBuildLocalizations: INCLUDE_LIMIT },
        },
        options,
      ),
    ),
};

const TESTERS_QUERY = {
  include: ['betaGroups', 'builds'],
  fields: { betaGroups: ['name'], builds: ['version'] },
  limit: { page: PAGE_LIMIT, betaGroups: INCLUDE_LIMIT, builds: INCLUDE_LIMIT },
} as const;

/** An app's testers with their groups and single builds; only a request of one app carries state and devices. */
export function testersPlan(appId: string): ListPlan {
  return {
    scope: testersScope(appId),
    type: 'betaTesters',
    appId,
    inlined: { betaGroups: INCLUDE_LIMIT, builds: INCLUDE_LIMIT },
    hasIds: true,
    first: async (asc, options, ids) =>
      pageOf(
        await asc.list(
          'betaTesters',
          { ...TESTERS_QUERY, filter: { apps: appId, ...filterBy(ids).filter } },
          options,
        ),
      ),
  };
}

/** The scope of an app's testers. */
export const testersScope = (appId: string): string => `betaTesters/${appId}`;

const FEEDBACK_QUERY = {
  sort: ['-createdDate'],
  include: ['build', 'tester'],
  fields: { builds: ['version'], betaTesters: ['inviteType'] },
  limit: { page: PAGE_LIMIT },
} as const;

/** An app's feedback of one kind, newest first. */
export function feedbackPlan(
  type: 'betaFeedbackCrashSubmissions' | 'betaFeedbackScreenshotSubmissions',
  appId: string,
): ListPlan {
  return {
    scope: `${type}/${appId}`,
    type,
    appId,
    first: async (asc, options) =>
      pageOf(await asc.listRelated('apps', appId, type, FEEDBACK_QUERY, options)),
  };
}

/** Both feedback lists of an app. */
export function feedbackPlans(appId: string): ListPlan[] {
  return [
    feedbackPlan('betaFeedbackScreenshotSubmissions', appId),
    feedbackPlan('betaFeedbackCrashSubmissions', appId),
  ];
}

/** A page of a list: its first, or a later one by its stored address. */
export async function pageOfList(
  asc: AscClient,
  plan: ListPlan,
  url: string | null,
  options: CallOptions,
): Promise<ListPage> {
  const page =
    url === null ? await plan.first(asc, options) : pageOf(await asc.pageFrom(plan.type, url, options));
  const stranger = page.resources.find(({ type }) => type !== plan.type);
  if (stranger) throw ofAnotherList(plan, stranger.type);
  return { ...page, resources: withInlined(page.resources, plan.inlined ?? {}) };
}

function ofAnotherList({ type }: ListPlan, found: string): AscError {
  return new AscError({
    kind: 'malformed_response',
    message: `App Store Connect sent ${found} where ${type} were asked for.`,
    method: 'GET',
    path: `/v1/${type}`,
  });
}

function pageOf(page: AscPage<ResourceLike>): ListPage {
  return {
    resources: page.document.data,
    included: page.document.included ?? [],
    next: page.next,
    refusedNext: page.refusedNext,
    total: countOf(page.total),
    attempts: page.attempts,
  };
}
