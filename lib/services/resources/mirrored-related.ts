import type { OperationAddress } from '@/lib/asc/operations';
import type { MirrorType } from '@/lib/mirror/query/facts';

/** How a related read is answered from the mirror: the list of this type, filtered by the owner's id. */
export interface MirroredRead {
  readonly type: MirrorType;
  readonly filter: string;
  readonly isOne: boolean;
}

const many = (type: MirrorType, filter: string): MirroredRead => ({ type, filter, isOne: false });
const one = (type: MirrorType, filter: string): MirroredRead => ({ type, filter, isOne: true });

const READS: Readonly<Record<string, MirroredRead>> = {
  'apps.betaGroups': many('betaGroups', 'app'),
  'apps.builds': many('builds', 'app'),
  'apps.preReleaseVersions': many('preReleaseVersions', 'app'),
  'apps.betaFeedbackCrashSubmissions': many('betaFeedbackCrashSubmissions', 'app'),
  'apps.betaFeedbackScreenshotSubmissions': many('betaFeedbackScreenshotSubmissions', 'app'),
  'betaGroups.betaTesters': many('betaTesters', 'betaGroups'),
  'betaGroups.builds': many('builds', 'betaGroups'),
  'preReleaseVersions.builds': many('builds', 'preReleaseVersion'),
  'builds.individualTesters': many('betaTesters', 'builds'),
  'builds.betaBuildLocalizations': many('betaBuildLocalizations', 'build'),
  'builds.buildBetaDetail': one('buildBetaDetails', 'build'),
  'builds.betaAppReviewSubmission': one('betaAppReviewSubmissions', 'build'),
};

/** The way through the mirror, or null when Apple has to be asked. */
export function mirroredRelated({ type, operation, name = '' }: OperationAddress): MirroredRead | null {
  return operation === 'related' ? (READS[`${type}.${name}`] ?? null) : null;
}
