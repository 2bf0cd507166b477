import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { LinkReport } from '@/lib/services/links/link-report';
import { api } from './api';
import { keys } from './keys';
import { nextCursor } from './lists';
import type { ListDocument, OneDocument, ResourceObject } from './types';

export type { LinkFigures as LinkTotals } from '@/lib/history/days';
export type { DoctorFinding as LinkFinding } from '@/lib/services/links/doctor';
export type { LinkDay } from '@/lib/services/links/link-days';
export type { LinkReport };

/** How a group's public link fares; kept under the groups, so that every write to one asks again. */
export function linkOptions(groupId: string, days: number) {
  return queryOptions({
    queryKey: keys.related('betaGroups', groupId, `link days=${days}`),
    queryFn: ({ signal }) =>
      api<{ data: LinkReport }>(`/api/programme/links/${encodeURIComponent(groupId)}?days=${days}`, {
        signal,
      }),
  });
}

export interface CriterionOption {
  readonly deviceFamily: string;
  readonly osVersions: readonly string[];
}

/** The device families and system versions that Apple lets criteria name. */
export function criterionOptions(accountId: string | undefined) {
  return queryOptions({
    queryKey: keys.list('betaRecruitmentCriterionOptions', accountId ?? ''),
    queryFn: async ({ signal }) => {
      const { data } = await api<
        ListDocument<ResourceObject<{ deviceFamilyOsVersions?: readonly CriterionOption[] | null }>>
      >('/api/v1/betaRecruitmentCriterionOptions?limit=200', { signal, accountId });
      return data.flatMap((one) => one.attributes?.deviceFamilyOsVersions ?? []);
    },
    staleTime: 3_600_000,
  });
}

/** Apple's check whether a build of the group runs where the criteria admit. */
export function compatibleBuildOptions(groupId: string) {
  return queryOptions({
    queryKey: keys.related('betaGroups', groupId, 'compatible'),
    queryFn: async ({ signal }) => {
      const path = `/api/v1/betaGroups/${encodeURIComponent(groupId)}/betaRecruitmentCriterionCompatibleBuildCheck`;
      const { data } = await api<OneDocument<ResourceObject<{ hasCompatibleBuild?: boolean | null }>>>(path, {
        signal,
      });
      return data?.attributes?.hasCompatibleBuild ?? null;
    },
  });
}

export const USAGE_PERIODS = ['P7D', 'P30D', 'P90D', 'P365D'] as const;
export type UsagePeriod = (typeof USAGE_PERIODS)[number];

/** What one tester did in a period. */
export interface TesterUsage {
  readonly testerId: string;
  readonly sessionCount: number;
  readonly crashCount: number;
  readonly feedbackCount: number;
}

interface UsageRow {
  readonly dataPoints?: readonly { readonly values?: Partial<Omit<TesterUsage, 'testerId'>> }[];
  readonly dimensions?: { readonly betaTesters?: { readonly data?: { readonly id?: string } | string } };
}

/** What the testers of a group did, page by page; those who did nothing do not appear. */
export function groupUsageOptions(groupId: string, period: UsagePeriod) {
  return infiniteQueryOptions({
    queryKey: keys.related('betaGroups', groupId, `usage ${period}`),
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ period, groupBy: 'betaTesters', limit: '200' });
      if (pageParam) query.set('cursor', pageParam);
      return api<ListDocument<UsageRow>>(
        `/api/v1/betaGroups/${encodeURIComponent(groupId)}/metrics/betaTesterUsages?${query}`,
        { signal },
      );
    },
    initialPageParam: '',
    getNextPageParam: nextCursor,
    staleTime: 300_000,
  });
}

/** The rows of usage documents, one per tester. */
export function usagesOf(rows: readonly UsageRow[]): TesterUsage[] {
  return rows.flatMap(({ dataPoints, dimensions }) => {
    const data = dimensions?.betaTesters?.data;
    const testerId = typeof data === 'string' ? data : data?.id;
    if (testerId === undefined) return [];
    const sum = (name: 'sessionCount' | 'crashCount' | 'feedbackCount') =>
      (dataPoints ?? []).reduce((total, point) => total + (point.values?.[name] ?? 0), 0);
    return [
      {
        testerId,
        sessionCount: sum('sessionCount'),
        crashCount: sum('crashCount'),
        feedbackCount: sum('feedbackCount'),
      },
    ];
  });
}
