import { queryOptions } from '@tanstack/react-query';
import { api } from './api';
import { keys } from './keys';
import type { DocumentMeta, ListDocument, ResourceObject } from './types';

// App Store Connect's own reports: all of it may be missing or null.

/** What of a build hangs, writes too much or launches slowly, with its part of all that does. */
export type Signature = ResourceObject<{
  readonly diagnosticType?: string | null;
  readonly signature?: string | null;
  readonly weight?: number | null;
  readonly insight?: {
    readonly direction?: string | null;
    readonly referenceVersions?: readonly { readonly version?: string; readonly value?: number }[] | null;
  } | null;
}>;

export interface CallNode {
  readonly sampleCount?: number;
  readonly isBlameFrame?: boolean;
  readonly symbolName?: string;
  readonly binaryName?: string;
  readonly fileName?: string;
  readonly lineNumber?: string;
  readonly rawFrame?: string;
  readonly subFrames?: readonly CallNode[];
}

export interface DiagnosticLog {
  readonly callStackTree?: readonly {
    readonly callStacks?: readonly { readonly callStackRootFrames?: readonly CallNode[] }[];
  }[];
  readonly diagnosticMetaData?: Readonly<
    Partial<Record<'event' | 'eventDetail' | 'osVersion' | 'deviceType' | 'writesCaused', string>>
  >;
}

interface LogsReport {
  readonly productData?: readonly {
    readonly diagnosticInsights?: readonly {
      readonly insightsString?: string;
      readonly insightsURL?: string;
    }[];
    readonly diagnosticLogs?: readonly DiagnosticLog[];
  }[];
}

export interface PowerReport {
  readonly insights?: {
    readonly regressions?: readonly PowerInsight[];
    readonly trendingUp?: readonly PowerInsight[];
  };
  readonly productData?: readonly {
    readonly platform?: string;
    readonly metricCategories?: readonly {
      readonly identifier?: string;
      readonly metrics?: readonly PowerMetric[];
    }[];
  }[];
}

interface PowerInsight {
  readonly metric?: string;
  readonly summaryString?: string;
  readonly populations?: readonly { readonly summaryString?: string }[];
}

export interface PowerMetric {
  readonly identifier?: string;
  readonly unit?: { readonly identifier?: string; readonly displayName?: string };
  readonly datasets?: readonly {
    readonly filterCriteria?: {
      readonly percentile?: string;
      readonly device?: string;
      readonly deviceMarketingName?: string;
    };
    readonly points?: readonly {
      readonly version?: string;
      readonly value?: number;
      readonly errorMargin?: number;
      readonly goal?: string;
    }[];
    readonly recommendedMetricGoal?: { readonly value?: number; readonly detail?: string };
  }[];
}

interface Report<Of> {
  readonly meta: DocumentMeta & { readonly report: Of };
}

interface OfBuild {
  readonly id: string;
  readonly accountId: string | undefined;
}

/** What hangs, writes too much or launches slowly in a build; App Store Connect is asked when it is looked at. */
export function signaturesOptions({ id, accountId }: OfBuild) {
  return queryOptions({
    queryKey: keys.related('builds', id, `signatures ${accountId ?? ''}`),
    queryFn: ({ signal }) =>
      api<ListDocument<Signature>>(
        `/api/v1/builds/${encodeURIComponent(id)}/diagnosticSignatures?limit=200`,
        { signal, accountId },
      ),
    retry: false,
  });
}

/** Power and performance of a build by device. */
export function powerOptions({ id, accountId }: OfBuild) {
  return queryOptions({
    queryKey: keys.related('builds', id, `power ${accountId ?? ''}`),
    queryFn: ({ signal }) =>
      api<Report<PowerReport>>(`/api/v1/builds/${encodeURIComponent(id)}/perfPowerMetrics`, {
        signal,
        accountId,
      }),
    retry: false,
  });
}

/** The call stacks of a signature. */
export function signatureLogsOptions({ id, accountId }: OfBuild) {
  return queryOptions({
    queryKey: keys.related('diagnosticSignatures', id, `logs ${accountId ?? ''}`),
    queryFn: ({ signal }) =>
      api<Report<LogsReport>>(`/api/v1/diagnosticSignatures/${encodeURIComponent(id)}/logs?limit=20`, {
        signal,
        accountId,
      }),
    retry: false,
  });
}
