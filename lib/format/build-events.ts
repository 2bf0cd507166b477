import { label } from './labels';

const ABOUT: Readonly<Record<string, string>> = {
  processingState: 'Processing',
  internalBuildState: 'Internal testing',
  externalBuildState: 'External testing',
  betaReviewState: 'Beta review',
  usesNonExemptEncryption: 'Export compliance',
  autoNotifyEnabled: 'Automatic notification',
  expired: 'Expiry',
};

const SWITCHES: Readonly<Record<string, readonly [off: string, on: string]>> = {
  usesNonExemptEncryption: ['Exempt', 'Not exempt'],
  autoNotifyEnabled: ['Off', 'On'],
  expired: ['Not expired', 'Expired'],
};

/** What changed about a build, in words; `kind` is Apple's word for it. A switch is kept as 0 or 1. */
export function buildEventWords({
  kind,
  before,
  after,
}: {
  readonly kind: string;
  readonly before: string | null;
  readonly after: string;
}): { readonly about: string; readonly before: string | null; readonly after: string } {
  const words = (value: string) => SWITCHES[kind]?.[value === '1' ? 1 : 0] ?? label(value);
  return {
    about: ABOUT[kind] ?? label(kind),
    before: before === null ? null : words(before),
    after: words(after),
  };
}
