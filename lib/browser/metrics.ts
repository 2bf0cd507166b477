import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Course } from '@/lib/services/adoption/course';
import type { AppRow, BuildRow, GroupRow, Metrics } from '@/lib/services/metrics/metrics';
import type { Retention } from '@/lib/services/metrics/retention';
import { api } from './api';
import { keys } from './keys';

export type { Funnel } from '@/lib/services/metrics/funnel';
export type { Sum } from '@/lib/services/metrics/growth';
export type { Use } from '@/lib/services/metrics/series';
export type { AppRow, BuildRow, GroupRow, Metrics, Retention };

/** The lengths that can be chosen without naming days; the fallback leaves the address. */
export const LENGTHS = ['7', '30', '90', '365'] as const;

const isDay = (text: string | undefined) => text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text);

/** What the address asks of the server: the days that it names, or nothing for the usual ones. */
export function rangeQuery({ days, from, to }: Readonly<Record<string, unknown>>): string {
  const [first, last] = [from, to].map((one) => (typeof one === 'string' && isDay(one) ? one : undefined));
  if (first !== undefined) return String(new URLSearchParams({ from: first, ...(last ? { to: last } : {}) }));
  const length = LENGTHS.find((one) => one === days);
  return length === undefined || length === '30' ? '' : `days=${length}`;
}

export interface Asked {
  /** Of one app, in the account that is shown where several have it; of all without. */
  readonly appId?: string | undefined;
  readonly accountId?: string | undefined;
  /** As `rangeQuery` makes it. */
  readonly query: string;
}

function parametersOf({ appId, accountId, query }: Asked): URLSearchParams {
  const parameters = new URLSearchParams(query);
  if (appId !== undefined) parameters.set('app', appId);
  if (accountId !== undefined) parameters.set('account', accountId);
  return parameters;
}

/** Where an answer about some days is kept. */
export const metricsKey = (part: 'use' | 'retention' | 'adoption', asked: Asked) =>
  keys.own('metrics', `${part} ${parametersOf(asked)}`);

/** How an app, or the whole programme, fares day by day. */
export function metricsOptions(asked: Asked) {
  return queryOptions({
    queryKey: metricsKey('use', asked),
    queryFn: ({ signal }) =>
      api<{ data: Metrics }>(`/api/programme/metrics?${parametersOf(asked)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** How testers stay. */
export function retentionOptions(asked: Asked) {
  return queryOptions({
    queryKey: metricsKey('retention', asked),
    queryFn: ({ signal }) =>
      api<{ data: Retention }>(`/api/programme/metrics/retention?${parametersOf(asked)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Which builds an app's devices had day by day. */
export function courseOptions(asked: Asked) {
  return queryOptions({
    queryKey: metricsKey('adoption', asked),
    queryFn: ({ signal }) =>
      api<{ data: Course }>(`/api/programme/metrics/adoption?${parametersOf(asked)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Where the table beside a chart is had as a file. */
export function metricsFileHref(of: string, asked: Asked): string {
  const parameters = parametersOf(asked);
  parameters.set('of', of);
  return `/api/programme/metrics/file?${parameters}`;
}
