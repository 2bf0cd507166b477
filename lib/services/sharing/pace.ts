/** Lets each key through so many times in a window of time; what is older is forgotten. */
export function createPace({ most, windowMs, keys }: { most: number; windowMs: number; keys: number }) {
  const windows = new Map<string, { from: number; count: number }>();
  return {
    /** When to try again, ms since 1970; null when it may go on. */
    take(key: string, now: number): number | null {
      const known = windows.get(key);
      if (!known || now - known.from >= windowMs || now < known.from) {
        windows.delete(key);
        windows.set(key, { from: now, count: 1 });
        for (const [old] of windows) {
          if (windows.size <= keys) break;
          windows.delete(old);
        }
        return null;
      }
      known.count += 1;
      return known.count > most ? known.from + windowMs : null;
    },
  };
}
