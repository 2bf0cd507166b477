import type { KnownBuild } from './facts';

/** A build by what people call it. */
export interface BuildRef {
  readonly id: string;
  readonly version: string | null;
  readonly trainVersion: string | null;
  readonly platform: string | null;
  readonly isExpired: boolean;
}

/** A build as answers name it. */
export const refOf = ({ id, version, trainVersion, platform, isExpired }: KnownBuild): BuildRef => ({
  ...{ id, version, trainVersion, platform, isExpired },
});
