import type { JobHandler, JobItem } from './types';

/** The first items that may go in one call. */
export function firstBatch<C>(handler: JobHandler<C>, items: readonly JobItem[]): readonly JobItem[] {
  const [first] = items;
  if (!first || !handler.batch) return items.slice(0, 1);
  const { keyOf, size } = handler.batch;
  const key = keyOf(first);
  const end = items.findIndex((item) => keyOf(item) !== key);
  return items.slice(0, Math.min(size, end < 0 ? items.length : end));
}

/** All items, cut into what may go in one call each. */
export function* batches<C>(
  handler: JobHandler<C>,
  items: readonly JobItem[],
): Generator<readonly JobItem[]> {
  for (let rest = items; rest.length > 0; ) {
    const batch = firstBatch(handler, rest);
    yield batch;
    rest = rest.slice(batch.length);
  }
}
