import type { Store } from '@/lib/store/store';
import type { Linkage, ResourceObject } from '../resource';
import { readMany } from './by-id';
import type { MirrorType } from './facts';
import { manyOf } from './linkages';
import { MirrorQueryError } from './types';

/** To-one relations that may be included, beside the to-many ones above: none but those that a sync reads. */
const ONE: Readonly<Record<string, readonly string[]>> = {
  apps: [],
  betaGroups: ['app', 'betaRecruitmentCriteria'],
  betaTesters: ['apps'],
  preReleaseVersions: ['app'],
  builds: ['app', 'preReleaseVersion', 'buildBetaDetail', 'betaAppReviewSubmission'],
  buildBetaDetails: ['build'],
  betaAppReviewSubmissions: ['build'],
  betaBuildLocalizations: ['build'],
  betaFeedbackCrashSubmissions: ['build', 'tester'],
  betaFeedbackScreenshotSubmissions: ['build', 'tester'],
};

/** The relationships of a type that can be included from the mirror. */
export function heldIncludes(type: MirrorType): readonly string[] {
  return [...(ONE[type] ?? []), ...manyOf(type)];
}

interface Included {
  readonly included: ResourceObject[];
  /** Whether something that a row points at is not in the mirror. */
  readonly isIncomplete: boolean;
}

/**
 * The resources that `include` names, as far as the mirror holds them, each once.
 * @throws MirrorQueryError for a relation that cannot be included
 */
export async function includedOf(
  db: Store,
  type: MirrorType,
  resources: readonly ResourceObject[],
  include: readonly string[],
): Promise<Included> {
  for (const name of include) {
    if (!heldIncludes(type).includes(name))
      throw new MirrorQueryError('include', `'${name}' cannot be included here.`);
  }
  const wanted = new Map<
    string,
    { accountId: string; type: string; appIds: Set<string>; ids: Set<string> }
  >();
  for (const resource of resources) {
    const accountId = String(resource.meta?.accountId);
    for (const name of include) {
      const data = resource.relationships?.[name]?.data;
      for (const linkage of Array.isArray(data) ? data : data ? [data as Linkage] : []) {
        const key = `${accountId} ${linkage.type}`;
        const group = wanted.get(key) ?? {
          accountId,
          type: linkage.type,
          appIds: new Set<string>(),
          ids: new Set<string>(),
        };
        wanted.set(key, group);
        group.ids.add(linkage.id);
        group.appIds.add(String(resource.meta?.appId));
      }
    }
  }
  let isIncomplete = false;
  const included = (
    await Promise.all(
      [...wanted.values()].map(async ({ accountId, type: target, appIds, ids }) => {
        const found = await readMany(db, accountId, target, [...ids], [...appIds]);
        const held = new Set(found.map(({ id }) => id));
        isIncomplete ||= [...ids].some((id) => !held.has(id));
        return found;
      }),
    )
  ).flat();
  return { included, isIncomplete };
}
