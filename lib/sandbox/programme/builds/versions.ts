import type { Platform } from '../people/devices';
import type { Random } from '../prng';

/** One version train: a marketing version on one platform. */
export interface TrainModel {
  id: string;
  version: string;
  platform: Platform;
}

/**
 * Marketing versions, oldest first, in semantic order; the minor number always passes from 9 to 10 inside
 * the list, so that sorting as text shows.
 */
export function marketingVersions(random: Random, count: number): string[] {
  const bumpsMinor = Array.from({ length: count - 1 }, (_, i) => i === 0 || random.chance(0.55));
  const minors = bumpsMinor.filter(Boolean).length;
  let minor = Math.max(0, 10 - Math.max(1, Math.floor(minors / 2)));
  let patch = 0;
  const major = random.between(1, 6);
  const versions = [`${major}.${minor}.0`];
  for (const isMinor of bumpsMinor) {
    minor += isMinor ? 1 : 0;
    patch = isMinor ? 0 : patch + 1;
    versions.push(`${major}.${minor}.${patch}`);
  }
  return versions;
}
