import type { BuildResource, GroupResource } from '@/lib/browser/types';

/** States in which App Store Connect gives a build to no group. */
const UNREADY: Readonly<Record<string, string>> = {
  PROCESSING: 'Still processing',
  PROCESSING_EXCEPTION: 'Processing failed',
  MISSING_EXPORT_COMPLIANCE: 'Needs compliance',
};

/** Why App Store Connect gives this build to no such group, in words; undefined where it does. */
export function whyGroupTakesNot(build: BuildResource, { attributes }: GroupResource): string | undefined {
  if (attributes?.hasAccessToAllBuilds) return 'Gets every build';
  if (!attributes?.isInternalGroup && build.attributes?.buildAudienceType === 'INTERNAL_ONLY')
    return 'Internal testing only';
  const side = attributes?.isInternalGroup ? 'internalBuildState' : 'externalBuildState';
  return UNREADY[build.meta?.[side] ?? ''];
}
