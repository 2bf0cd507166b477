/** Does the work for each of several things, so many at a time, in their order; the first error ends it. */
export async function inParallel<T>(
  things: readonly T[],
  atOnce: number,
  work: (thing: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let isBroken = false;
  const walk = async () => {
    while (next < things.length && !isBroken) {
      const thing = things[next++] as T;
      try {
        await work(thing);
      } catch (error) {
        isBroken = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, things.length) }, walk));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
