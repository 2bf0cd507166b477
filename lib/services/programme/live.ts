import { INCLUDE_LIMIT, PAGE_LIMIT } from '@/lib/asc/catalogue/limits';
import type { AscClient } from '@/lib/asc/client-interface';
import { isAscError } from '@/lib/asc/errors';
import { buildWords } from '@/lib/format/builds';
import { attributesOf, type ResourceLike, toManyIds, toOneId, totalOf } from '@/lib/mirror/resource';
import type { ProgrammeFile } from './file';
import {
  filtersOf,
  LANGUAGE_FIELDS,
  type LiveGroup,
  type LiveInvocation,
  type Programme,
  plainText,
  REVIEW_FIELDS,
  type Texts,
} from './programme';

/**
 * Reads all that a file can say of an app from App Store Connect: our copy may be minutes old, and a file is applied to
 * what is there. @throws AscError
 */
export async function readProgramme(
  asc: AscClient,
  appId: string,
): Promise<Omit<Programme, 'alerts' | 'offered'>> {
  const [groups, localizations, app, review, agreement, clip] = await Promise.all([
    groupsOf(asc, appId),
    localizationsOf(asc, appId),
    asc.get('apps', appId, { fields: { apps: ['primaryLocale'] } }),
    asc.getRelated('apps', appId, 'betaAppReviewDetail'),
    asc.getRelated('apps', appId, 'betaLicenseAgreement'),
    clipOf(asc, appId),
  ]);
  const primaryLocale = attributesOf(app.document.data).primaryLocale;
  const textsOf = (found: ResourceLike | null, names: readonly string[]) =>
    found && { id: found.id, values: textsIn(found, names) };
  return {
    groups,
    localizations,
    primaryLocale: typeof primaryLocale === 'string' ? primaryLocale : null,
    review: textsOf(review.document.data, REVIEW_FIELDS),
    agreement: textsOf(agreement.document.data, ['agreementText']),
    clip,
  };
}

/**
 * The versions that criteria may name, where a file names some. A key that may not read them is no reason to compare
 * nothing: App Store Connect then judges for itself.
 */
export async function offeredIn(asc: AscClient, { groups }: ProgrammeFile): Promise<Programme['offered']> {
  if (!groups?.some((group) => !group.isInternalGroup && (group.criteria ?? []).length > 0)) return null;
  try {
    const { document } = await asc.list('betaRecruitmentCriterionOptions', { limit: { page: PAGE_LIMIT } });
    return document.data.flatMap((one) =>
      (one.attributes?.deviceFamilyOsVersions ?? []).flatMap(({ deviceFamily, osVersions }) =>
        deviceFamily ? [{ deviceFamily, osVersions: osVersions ?? [] }] : [],
      ),
    );
  } catch (error) {
    if (isAscError(error) && (error.is('forbidden') || error.is('not_found'))) return null;
    throw error;
  }
}

/** Texts of a resource by their names. */
export function textsIn(resource: ResourceLike, names: readonly string[]): Texts {
  const attributes = attributesOf(resource);
  return Object.fromEntries(
    names.map((name) => {
      const value = attributes[name];
      return [name, plainText(typeof value === 'string' || typeof value === 'boolean' ? value : null)];
    }),
  );
}

async function groupsOf(asc: AscClient, appId: string): Promise<LiveGroup[]> {
  const groups: LiveGroup[] = [];
  const pages = asc.pages('betaGroups', {
    filter: { app: appId },
    include: ['betaRecruitmentCriteria', 'betaTesters', 'builds'],
    fields: { betaTesters: ['inviteType'], builds: ['version'] },
    limit: { page: PAGE_LIMIT, betaTesters: 1, builds: 1 },
  });
  for await (const { document } of pages)
    for (const group of document.data) groups.push(groupOf(group, document.included ?? []));
  return groups;
}

/** A group as an answer holds it, with its criteria among what came along. */
export function groupOf(group: ResourceLike, included: readonly ResourceLike[]): LiveGroup {
  const attributes = attributesOf(group);
  const criteriaId = toOneId(group, 'betaRecruitmentCriteria');
  const criteria = included.find(({ type, id }) => type === 'betaRecruitmentCriteria' && id === criteriaId);
  const limit = attributes.publicLinkLimit;
  return {
    id: group.id,
    name: typeof attributes.name === 'string' ? attributes.name : '',
    isInternalGroup: attributes.isInternalGroup === true,
    hasAccessToAllBuilds: attributes.hasAccessToAllBuilds === true,
    feedbackEnabled: attributes.feedbackEnabled !== false,
    publicLinkEnabled: attributes.publicLinkEnabled === true,
    publicLinkLimit: attributes.publicLinkLimitEnabled === true && typeof limit === 'number' ? limit : null,
    iosBuildsAvailableForAppleSiliconMac: attributes.iosBuildsAvailableForAppleSiliconMac !== false,
    iosBuildsAvailableForAppleVision: attributes.iosBuildsAvailableForAppleVision !== false,
    criteria: criteria
      ? { id: criteria.id, filters: filtersOf(attributesOf(criteria).deviceFamilyOsVersionFilters) }
      : null,
    testers: countIn(group, 'betaTesters'),
    builds: countIn(group, 'builds'),
  };
}

const countIn = (group: ResourceLike, name: string) =>
  totalOf(group, name) ?? toManyIds(group, name)?.ids.length ?? 0;

async function localizationsOf(asc: AscClient, appId: string): Promise<Programme['localizations']> {
  const found: Programme['localizations'][number][] = [];
  const query = { filter: { app: appId }, limit: { page: PAGE_LIMIT } };
  for await (const { document } of asc.pages('betaAppLocalizations', query))
    for (const one of document.data) {
      const locale = one.attributes?.locale;
      if (locale) found.push({ id: one.id, locale, values: textsIn(one, LANGUAGE_FIELDS) });
    }
  return found;
}

/** So many builds are looked through for one with an App Clip. */
const MOST_BUILDS = 400;

async function clipOf(asc: AscClient, appId: string): Promise<Programme['clip']> {
  const pages = asc.pages('builds', {
    filter: {
      app: appId,
      expired: 'false',
      processingState: ['VALID'],
      'preReleaseVersion.platform': ['IOS'],
    },
    include: ['buildBundles', 'preReleaseVersion'],
    fields: {
      builds: ['version', 'uploadedDate', 'buildBundles', 'preReleaseVersion'],
      buildBundles: ['bundleId', 'bundleType'],
    },
    sort: ['-uploadedDate'],
    limit: { page: 50 },
  });
  let seen = 0;
  for await (const { document } of pages) {
    const included: readonly ResourceLike[] = document.included ?? [];
    for (const build of document.data) {
      const ids = new Set(toManyIds(build, 'buildBundles')?.ids);
      const bundleIds = included
        .filter((one) => one.type === 'buildBundles' && ids.has(one.id))
        .filter((bundle) => attributesOf(bundle).bundleType === 'APP_CLIP')
        .map(({ id }) => id);
      if (bundleIds.length === 0) continue;
      const version = attributesOf(
        included.find(({ id }) => id === toOneId(build, 'preReleaseVersion')) ?? { type: '', id: '' },
      );
      const words = buildWords({
        version: textOr(attributesOf(build).version),
        trainVersion: textOr(version.version),
        platform: textOr(version.platform),
      });
      const invocations = await Promise.all(bundleIds.map((id) => invocationsOf(asc, id)));
      return { build: words, bundleIds, invocations: invocations.flat() };
    }
    seen += document.data.length;
    if (seen >= MOST_BUILDS) return null;
  }
  return null;
}

const textOr = (value: unknown) => (typeof value === 'string' ? value : null);

/** The addresses of an App Clip with their titles. */
export async function invocationsOf(asc: AscClient, bundleId: string): Promise<LiveInvocation[]> {
  const found: LiveInvocation[] = [];
  const query = {
    include: ['betaAppClipInvocationLocalizations' as const],
    limit: { page: PAGE_LIMIT, betaAppClipInvocationLocalizations: INCLUDE_LIMIT },
  };
  for await (const { document } of asc.relatedPages(
    'buildBundles',
    bundleId,
    'betaAppClipInvocations',
    query,
  ))
    for (const one of document.data) found.push(invocationOf(one, document.included ?? []));
  return found;
}

export function invocationOf(one: ResourceLike, included: readonly ResourceLike[]): LiveInvocation {
  const ids = new Set(toManyIds(one, 'betaAppClipInvocationLocalizations')?.ids);
  const titles = included
    .filter(({ type, id }) => type === 'betaAppClipInvocationLocalizations' && ids.has(id))
    .flatMap((title) => {
      const { locale, title: words } = attributesOf(title);
      return typeof locale === 'string' ? [{ id: title.id, locale, title: textOr(words) ?? '' }] : [];
    });
  return { id: one.id, url: textOr(attributesOf(one).url) ?? '', titles };
}
