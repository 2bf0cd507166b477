const BY_MODEL: readonly (readonly [pattern: RegExp, family: string])[] = [
  [/^iPad/, 'IPAD'],
  [/^iP(hone|od)/, 'IPHONE'],
  [/^AppleTV/, 'APPLE_TV'],
  [/^Watch/, 'APPLE_WATCH'],
  [/^i?Mac/, 'MAC'],
  [/^RealityDevice/, 'VISION'],
];
/** Platforms that run on one family alone; what runs iOS may be a phone or a tablet. */
const BY_PLATFORM: Readonly<Record<string, string>> = {
  MAC_OS: 'MAC',
  TV_OS: 'APPLE_TV',
  VISION_OS: 'VISION',
  WATCH_OS: 'APPLE_WATCH',
};

/** Apple's device family of a device, by its identifier, or else by its platform; null when neither tells it. */
export function deviceFamily({
  model,
  platform,
}: {
  readonly model: string | null;
  readonly platform: string | null;
}): string | null {
  const known = model === null ? undefined : BY_MODEL.find(([pattern]) => pattern.test(model))?.[1];
  if (known !== undefined) return known;
  return platform !== null && Object.hasOwn(BY_PLATFORM, platform) ? (BY_PLATFORM[platform] ?? null) : null;
}
