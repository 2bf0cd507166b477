/** Negative when `a` is older than `b`; compares number by number, so 9.3 < 26.0 and 26 = 26.0. */
export function compareOsVersions(a: string, b: string): number {
  const left = numbers(a);
  const right = numbers(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version lies between two bounds, both included; a bound that is absent lets everything in. */
export function isOsWithin(version: string, minimum?: string | null, maximum?: string | null): boolean {
  if (minimum && compareOsVersions(version, minimum) < 0) return false;
  // A maximum of 26 means all of 26.x: only the numbers it names are compared.
  if (maximum) {
    const named = numbers(version).slice(0, numbers(maximum).length).join('.');
    if (compareOsVersions(named, maximum) > 0) return false;
  }
  return true;
}

function numbers(version: string): number[] {
  return version
    .trim()
    .split('.')
    .map((part) => Number.parseInt(part, 10) || 0);
}
