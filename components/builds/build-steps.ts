import type { BuildResource } from '@/lib/browser/types';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** A build that ends within so many days wants one to follow. */
const SOON_DAYS = 7;

/** What somebody can do about a build, or only wait for. */
export type StepKind =
  | 'expired'
  | 'failed'
  | 'settling'
  | 'compliance'
  | 'rejected'
  | 'stuck'
  | 'expiring'
  | 'submit'
  | 'give'
  | 'notify'
  | 'waiting';

export interface Step {
  readonly kind: StepKind;
  readonly words: string;
  /** Apple's own page about it, where that is where it goes on. */
  readonly href?: string;
  readonly link?: string;
}

const WORDS: Readonly<Record<StepKind, string>> = {
  expired: 'An expired build cannot be tested any more. Upload a new build.',
  failed: 'App Store Connect could not process the build. Upload the build again.',
  settling:
    'Export compliance is answered. App Store Connect takes the build through processing once more, for a minute or two; this page looks again by itself.',
  compliance: 'Answer export compliance: until then nobody can test the build.',
  rejected:
    'Beta review has rejected the build. Read why in App Store Connect: its API gives no reasons. Then mend what was found and upload a new build.',
  stuck:
    'The build has been processing for more than a day. Apple advises to write to Developer Support; a new upload with a higher build number is often faster.',
  expiring:
    'The build ends soon, and with it every installation of it. Upload a new build and give it to the same groups.',
  submit: 'External testers get the build once beta review has approved it.',
  give: 'The build can be tested, but nobody gets it yet: it is in no group and no tester has it.',
  notify: 'Beta review has approved the build, and testers are not told by itself. Tell them when it suits.',
  waiting: 'The build is with beta review. Until Apple has decided there is nothing to do.',
};

const SUPPORT = 'https://developer.apple.com/contact/';
/** Apple's own page about getting a build to App Store Connect. */
export const UPLOADING = 'https://developer.apple.com/help/app-store-connect/manage-builds/upload-builds/';
const PLATFORMS: Readonly<Record<string, string>> = {
  IOS: 'ios',
  MAC_OS: 'macos',
  TV_OS: 'tvos',
  VISION_OS: 'visionos',
};

interface Now {
  /** The programme's time, ms. */
  readonly at: number;
  /** Export compliance was answered here a moment ago: Apple's state may still say that it is missing. */
  readonly isAnswered?: boolean;
}

/** The next step of a build, the one first that makes all others pointless; null while nobody has to do anything. */
export function nextStepOf(
  build: Pick<BuildResource, 'attributes' | 'meta'>,
  appId: string,
  now: Now,
): Step | null {
  const kind = kindOf(build, now);
  if (kind === null) return null;
  const words = WORDS[kind];
  if (kind === 'stuck') return { kind, words, href: SUPPORT, link: 'Open Apple Developer Support' };
  if (kind !== 'expired' && kind !== 'failed' && kind !== 'rejected') return { kind, words };
  return { kind, words, href: applePage(appId, build.meta?.platform), link: 'Open App Store Connect' };
}

/** App Store Connect's own page of an app's builds of a platform: it tells what its API does not. */
export function applePage(appId: string, platform: string | null | undefined): string {
  const of = PLATFORMS[platform ?? ''];
  const path = `https://appstoreconnect.apple.com/apps/${encodeURIComponent(appId)}/testflight`;
  return of ? `${path}/${of}` : path;
}

function kindOf(build: Pick<BuildResource, 'attributes' | 'meta'>, now: Now): StepKind | null {
  const { attributes = {}, meta } = build;
  const { externalBuildState: external, internalBuildState: internal } = meta ?? {};
  const is = (...states: readonly string[]) =>
    [attributes.processingState, external, internal, meta?.betaReviewState].some(
      (state) => state != null && states.includes(state),
    );
  if (attributes.expired || is('EXPIRED')) return 'expired';
  if (is('PROCESSING_EXCEPTION', 'FAILED', 'INVALID')) return 'failed';
  if (isSettling(build, now.isAnswered)) return 'settling';
  if (is('MISSING_EXPORT_COMPLIANCE')) return 'compliance';
  if (external === 'BETA_REJECTED' || (external == null && is('REJECTED'))) return 'rejected';
  if (is('PROCESSING')) return ageOf(attributes.uploadedDate, now.at) > DAY_MS ? 'stuck' : null;
  if (isEndingSoon(build, now.at)) return 'expiring';
  if (external === 'READY_FOR_BETA_SUBMISSION') return 'submit';
  if (is('WAITING_FOR_BETA_REVIEW', 'IN_BETA_REVIEW')) return 'waiting';
  const isReady = is('READY_FOR_BETA_TESTING', 'BETA_APPROVED');
  if (isReady && meta?.groups?.length === 0 && !meta.individualCount) return 'give';
  if (external === 'BETA_APPROVED' && meta?.autoNotifyEnabled === false) return 'notify';
  return null;
}

/** Apple's states lag behind an answer: it processes the build once more before they say so. */
export function isSettling(
  { attributes, meta }: Pick<BuildResource, 'attributes' | 'meta'>,
  isAnswered = false,
): boolean {
  if (attributes?.usesNonExemptEncryption == null) return false;
  const states = [meta?.externalBuildState, meta?.internalBuildState];
  if (isAnswered && states.includes('MISSING_EXPORT_COMPLIANCE')) return true;
  return attributes.processingState === 'VALID' && states.includes('PROCESSING');
}

function isEndingSoon(
  { attributes, meta }: Pick<BuildResource, 'attributes' | 'meta'>,
  now: number,
): boolean {
  const isTested = [meta?.externalBuildState, meta?.internalBuildState].includes('IN_BETA_TESTING');
  const left = -ageOf(attributes?.expirationDate, now);
  return isTested && left < SOON_DAYS * DAY_MS;
}

/** How long ago, ms; what has no date is of just now. */
function ageOf(date: string | null | undefined, now: number): number {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? 0 : now - at;
}

/** Whether a build waits for beta review or is in it. */
export function isInReview({ meta }: Pick<BuildResource, 'meta'>): boolean {
  return ['WAITING_FOR_BETA_REVIEW', 'IN_BETA_REVIEW'].includes(meta?.externalBuildState ?? '');
}
