import { infiniteQueryOptions, mutationOptions, queryOptions } from '@tanstack/react-query';
import { api } from './api';
import { keys } from './keys';
import { nextCursor } from './lists';
import type { ListDocument, OneDocument, ResourceObject } from './types';

export type InvocationResource = ResourceObject<{ readonly url?: string | null }>;
export type TitleResource = ResourceObject<{
  readonly title?: string | null;
  readonly locale?: string | null;
}>;

/** One domain as Apple has checked it. */
export interface ClipDomain {
  readonly domain?: string | null;
  readonly isValid?: boolean | null;
  readonly lastUpdatedDate?: string | null;
  readonly errorCode?: string | null;
}

type ClipBuild = ResourceObject<{
  readonly version?: string | null;
  readonly uploadedDate?: string | null;
  readonly expired?: boolean | null;
}>;

/** The builds of an app that can be tested, with their bundles, as App Store Connect has them; newest first. */
export function clipBuildsOptions(appId: string) {
  const query = new URLSearchParams({
    ...{ 'filter[app]': appId, 'filter[expired]': 'false', 'filter[processingState]': 'VALID' },
    'filter[preReleaseVersion.platform]': 'IOS',
    ...{ include: 'buildBundles,preReleaseVersion', sort: '-uploadedDate', limit: '50' },
    'fields[builds]': 'version,uploadedDate,expired,buildBundles,preReleaseVersion',
    'fields[buildBundles]': 'bundleId,bundleType',
  }).toString();
  return infiniteQueryOptions({
    queryKey: keys.list('builds', `clips ${query}`),
    queryFn: ({ pageParam, signal }) =>
      api<ListDocument<ClipBuild>>(
        `/api/v1/builds?${query}${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`,
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: nextCursor,
  });
}

const pathOf = (bundleId: string, name: string) =>
  `/api/v1/buildBundles/${encodeURIComponent(bundleId)}/${name}`;
const INVOCATIONS = 'betaAppClipInvocations?include=betaAppClipInvocationLocalizations&limit=200';

/** The addresses that testers of an App Clip are offered, with their titles. */
export function invocationsOptions(bundleId: string) {
  return queryOptions({
    queryKey: keys.related('buildBundles', bundleId, 'invocations'),
    queryFn: ({ signal }) => api<ListDocument<InvocationResource>>(pathOf(bundleId, INVOCATIONS), { signal }),
  });
}

/** How Apple finds the domains of an App Clip: those its servers keep, or those it looked at for debugging. */
export function clipDomainsOptions(bundleId: string, which: 'Cache' | 'Debug') {
  return queryOptions({
    queryKey: keys.related('buildBundles', bundleId, `domains ${which}`),
    queryFn: ({ signal }) =>
      api<
        OneDocument<ResourceObject<{
          readonly domains?: readonly ClipDomain[] | null;
          readonly lastUpdatedDate?: string | null;
        }> | null>
      >(pathOf(bundleId, `appClipDomain${which}Status`), { signal }),
  });
}

/** The addresses as App Store Connect has them at this moment. */
export function readInvocationsMutation() {
  return mutationOptions({
    mutationFn: readInvocations,
    meta: { stale: ['betaAppClipInvocations'] },
  });
}

const readInvocations = (bundleId: string) =>
  api<ListDocument<InvocationResource>>(pathOf(bundleId, `${INVOCATIONS}&refresh=1`));

/** Has the addresses and the domains of an App Clip read again from App Store Connect. */
export function readClipMutation() {
  return mutationOptions({
    mutationFn: (bundleId: string) =>
      Promise.all([
        readInvocations(bundleId),
        ...['appClipDomainCacheStatus', 'appClipDomainDebugStatus'].map((name) =>
          api<unknown>(pathOf(bundleId, `${name}?refresh=1`)),
        ),
      ]),
    meta: { stale: ['betaAppClipInvocations', 'appClipDomainStatuses', 'buildBundles'] },
  });
}

/** What an invocation is made of: an address, and a title in each of some languages. */
export interface NewInvocation {
  readonly url: string;
  /** By language. */
  readonly titles: Readonly<Record<string, string>>;
}

/** Makes an invocation together with its titles, which Apple wants in the same request. */
export function createInvocationMutation(appId: string) {
  return mutationOptions({
    mutationFn: ({ bundleId, url, titles }: NewInvocation & { readonly bundleId: string }) => {
      const type = 'betaAppClipInvocationLocalizations';
      const included = Object.entries(titles).map(([locale, title], n) => ({
        ...{ type, id: `\${title-${n}}` },
        attributes: { locale, title },
      }));
      const titleIds = included.map(({ id }) => ({ type, id }));
      return api<OneDocument<InvocationResource>>(writePath('betaAppClipInvocations', appId), {
        method: 'POST',
        body: {
          data: {
            type: 'betaAppClipInvocations',
            attributes: { url },
            relationships: {
              buildBundle: { data: { type: 'buildBundles', id: bundleId } },
              betaAppClipInvocationLocalizations: { data: titleIds },
            },
          },
          included,
        },
      });
    },
    meta: { stale: ['betaAppClipInvocations'] },
  });
}

interface InTitle {
  readonly invocationId: string;
  readonly locale: string;
}

/** One change of what is there already; `expect` is what whoever makes it saw there. */
export type ClipChange =
  | { readonly kind: 'url'; readonly id: string; readonly url: string; readonly expect: string }
  | (InTitle & {
      readonly kind: 'title';
      readonly id: string;
      readonly title: string;
      readonly expect: string;
    })
  | (InTitle & { readonly kind: 'new-title'; readonly title: string })
  | (InTitle & { readonly kind: 'no-title'; readonly id: string; readonly expect: string })
  | { readonly kind: 'delete'; readonly id: string; readonly expect: string };

/** Sends one change to App Store Connect. */
export function changeInvocationMutation(appId: string) {
  return mutationOptions({
    mutationFn: (change: ClipChange) => send(appId, change),
    meta: { stale: ['betaAppClipInvocations'] },
  });
}

function send(appId: string, change: ClipChange): Promise<Partial<OneDocument>> {
  const titles = 'betaAppClipInvocationLocalizations';
  const invocations = 'betaAppClipInvocations';
  // A title is read with its address only.
  const seenTitle = ({ invocationId, expect }: InTitle & { readonly expect: string }) => ({
    expect: { title: expect || null },
    of: { type: invocations, id: invocationId },
  });
  switch (change.kind) {
    case 'url':
      return patch(
        appId,
        invocations,
        change.id,
        { url: change.url },
        { expect: { url: change.expect || null } },
      );
    case 'title':
      return patch(appId, titles, change.id, { title: change.title }, seenTitle(change));
    case 'new-title': {
      const { locale, title, invocationId } = change;
      const owner = { data: { type: invocations, id: invocationId } };
      return api(writePath(titles, appId), {
        method: 'POST',
        body: {
          data: {
            type: titles,
            attributes: { locale, title },
            relationships: { betaAppClipInvocation: owner },
          },
        },
      });
    }
    case 'no-title':
      return remove(writePath(titles, appId, change.id), seenTitle(change));
    case 'delete':
      return remove(writePath(invocations, appId, change.id), { expect: { url: change.expect || null } });
  }
}

const patch = (appId: string, type: string, id: string, attributes: object, meta: object) =>
  api<OneDocument>(writePath(type, appId, id), {
    method: 'PATCH',
    body: { data: { type, id, attributes }, meta },
  });

const remove = (path: string, meta: object) =>
  api<Partial<OneDocument>>(path, { method: 'DELETE', body: { meta } });

/** Neither an invocation nor a title tells its app, which the activity wants to name. */
const writePath = (type: string, appId: string, id?: string) =>
  `/api/v1/${type}${id === undefined ? '' : `/${encodeURIComponent(id)}`}?inApp=${encodeURIComponent(appId)}`;
