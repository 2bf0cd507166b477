import { queryOptions } from '@tanstack/react-query';
import type { Capacity } from '@/lib/services/groups/capacity';
import type { TesterPage } from '@/lib/services/testers/tester-page';
import { api } from './api';
import { keys } from './keys';
import { oneOptions } from './lists';
import type { TesterResource } from './types';

export type { TesterChangeView as TesterChange } from '@/lib/services/testers/tester-page';
export type { Capacity, TesterPage };

// What pages ask when they are opened; what dialogs ask is in people.ts, which no page has to carry.

/** The limit of an app. */
export function capacityOptions(appId: string) {
  return queryOptions({
    queryKey: keys.own('people', `capacity ${appId}`),
    queryFn: ({ signal }) =>
      api<{ data: Capacity }>(`/api/people/apps/${encodeURIComponent(appId)}/capacity`, { signal }),
    staleTime: 120_000,
  });
}

const testerPath = (appId: string, testerId: string) =>
  `/api/people/apps/${encodeURIComponent(appId)}/testers/${encodeURIComponent(testerId)}`;

/** A tester as one app has them: somebody of one id in several apps has a state, groups and devices in each. */
export function testerOptions(appId: string, testerId: string) {
  return oneOptions<TesterResource>('betaTesters', testerId, `inApp=${encodeURIComponent(appId)}`);
}

/** The page of a tester. */
export function testerPageOptions(appId: string, testerId: string) {
  return queryOptions({
    queryKey: keys.own('people', `tester ${appId} ${testerId}`),
    queryFn: ({ signal }) => api<{ data: TesterPage }>(testerPath(appId, testerId), { signal }),
  });
}

export interface TesterUsage {
  readonly period: string;
  readonly days: number;
  readonly sessionCount: number;
  readonly crashCount: number;
  readonly feedbackCount: number;
}

/** What a tester did over 7, 30, 90 and 365 days, live from Apple. */
export function testerUsageOptions(appId: string, testerId: string) {
  return queryOptions({
    queryKey: keys.own('people', `usage ${appId} ${testerId}`),
    queryFn: ({ signal }) =>
      api<{ data: readonly TesterUsage[] }>(`${testerPath(appId, testerId)}/usage`, { signal }),
    staleTime: 300_000,
    retry: false,
  });
}
