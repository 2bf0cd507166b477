import { ExternalLink } from 'lucide-react';
import type { BuildResource } from '@/lib/browser/types';

const COMPLIANCE = 'Answer export compliance in App Store Connect.';
const REJECTED =
  'Read why in App Store Connect: its API gives no reasons. Then upload a new build or resubmit this one.';
const AGAIN = 'App Store Connect could not process the build. Upload the build again.';
const EXPIRED = 'An expired build cannot be tested any more. Upload a new build.';

/** By Apple's states, the gravest first: what makes the others pointless comes before them. */
const STEPS: readonly (readonly [states: readonly string[], words: string])[] = [
  [['EXPIRED'], EXPIRED],
  [['PROCESSING_EXCEPTION', 'FAILED', 'INVALID'], AGAIN],
  [['MISSING_EXPORT_COMPLIANCE'], COMPLIANCE],
  [['BETA_REJECTED', 'REJECTED'], REJECTED],
];

const PLATFORMS: Readonly<Record<string, string>> = {
  IOS: 'ios',
  MAC_OS: 'macos',
  TV_OS: 'tvos',
  VISION_OS: 'visionos',
};

/** What somebody has to do before the build gets on, and where; null while nobody has to. */
export function nextStepOf(
  { attributes, meta }: Pick<BuildResource, 'attributes' | 'meta'>,
  appId: string,
): { words: string; href: string } | null {
  const states = [
    attributes?.expired ? 'EXPIRED' : null,
    attributes?.processingState,
    meta?.externalBuildState,
    meta?.internalBuildState,
    meta?.betaReviewState,
  ];
  const words = STEPS.find(([known]) => states.some((state) => state && known.includes(state)))?.[1];
  if (words === undefined) return null;
  const platform = PLATFORMS[meta?.platform ?? ''];
  const path = `https://appstoreconnect.apple.com/apps/${encodeURIComponent(appId)}/testflight`;
  return { words, href: platform ? `${path}/${platform}` : path };
}

/** The next step of a build that was rejected or is held up, with the way to where it is done. */
export function NextStep({ build, appId }: { build: BuildResource; appId: string }) {
  const step = nextStepOf(build, appId);
  if (!step) return null;
  return (
    <div className="grid gap-1 rounded-md border p-3 text-sm">
      <p className="font-medium">Next step</p>
      <p className="text-ink-soft">{step.words}</p>
      <a
        href={step.href}
        target="_blank"
        rel="noreferrer"
        className="inline-flex w-fit items-center gap-1.5 rounded-sm text-accent-ink underline"
      >
        Open App Store Connect
        <ExternalLink size={13} aria-hidden className="shrink-0" />
        <span className="sr-only"> (opens a new tab)</span>
      </a>
    </div>
  );
}
