import { metricsKey, rangeQuery } from '@/lib/browser/metrics';
import type { Ctx } from '@/lib/services/ctx';
import { appCourse } from '@/lib/services/metrics/app-course';
import { readMetrics } from '@/lib/services/metrics/metrics';
import { readRetention } from '@/lib/services/metrics/retention';
import type { SearchParams } from './prefetch';

/** What a page of metrics shows, of the days that its address names. */
export function metricsSeeds(
  ctx: Ctx,
  parameters: Awaited<SearchParams>,
  place: { readonly appId?: string; readonly accountId?: string | undefined } = {},
) {
  const query = rangeQuery(parameters);
  const asked = { ...place, parameters: new URLSearchParams(query) };
  const key = { ...place, query };
  return [
    { key: metricsKey('use', key), load: async () => ({ data: await readMetrics(ctx, asked) }) },
    { key: metricsKey('retention', key), load: async () => ({ data: await readRetention(ctx, asked) }) },
    ...(place.appId === undefined
      ? []
      : [{ key: metricsKey('adoption', key), load: async () => ({ data: await appCourse(ctx, asked) }) }]),
  ];
}
