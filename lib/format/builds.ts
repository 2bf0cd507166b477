import { label } from './labels';

interface Numbered {
  /** Apple's `builds.version`, the build number. */
  readonly version?: string | null | undefined;
  /** `preReleaseVersions.version`, what people call the version. */
  readonly trainVersion?: string | null | undefined;
  /** IOS, MAC_OS, TV_OS or VISION_OS: two platforms may carry the same version and number. */
  readonly platform?: string | null | undefined;
}

/** What a build as an answer gives it is called by. */
export function numberOf({
  attributes,
  meta,
}: {
  attributes?: { readonly version?: string | null } | undefined;
  meta?: { readonly trainVersion?: string | null; readonly platform?: string | null } | undefined;
}): Numbered {
  return { version: attributes?.version, trainVersion: meta?.trainVersion, platform: meta?.platform };
}

/** "iOS 2.14.0 (1402)", or what of it is known. */
export function buildWords({ version, trainVersion, platform }: Numbered): string {
  const number = trainVersion && version ? `${trainVersion} (${version})` : (trainVersion ?? version);
  if (!number) return platform ? `Unnumbered ${label(platform)} build` : 'Unnumbered build';
  return platform ? `${label(platform)} ${number}` : number;
}

/**
 * What a number and a platform on a device may be: the build, or "one of 1.4 (7), 1.5 (7)", which is never guessed, or
 * that no build of the number is known.
 */
export function installedWords(
  { number, platform }: { readonly number: string | null; readonly platform: string | null },
  builds: readonly Numbered[],
): string {
  const [only, ...others] = builds;
  if (only && others.length === 0) return buildWords(only);
  const system = platform === null ? '' : `${label(platform)} `;
  if (only) {
    const isShared = platform !== null && builds.every((build) => build.platform === platform);
    const names = builds.map((build) => buildWords(isShared ? { ...build, platform: null } : build));
    return `${isShared ? `${system}app, one` : 'One'} of ${names.join(', ')}`;
  }
  return number === null
    ? `${system}${system ? 'app' : 'App'} of a build that is not told`
    : `${system}build ${number}, not among the builds known here`;
}
