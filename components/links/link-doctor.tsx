'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { ErrorState } from '@/components/ui/late-error';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Badge } from '@/components/ui/status';
import { APP_TESTER_LIMIT } from '@/lib/asc/catalogue/limits';
import { type LinkFinding, type LinkReport, linkOptions } from '@/lib/browser/links';
import type { GroupResource } from '@/lib/browser/types';
import { formatDate } from '@/lib/format/dates';
import { formatCount } from '@/lib/format/numbers';
import { ourTone } from '@/lib/format/tones';
import { FindingAction } from './finding-action';
import { useDays } from './use-link-view';

/** Every reason why the link admits nobody, or soon will not, each with the button that mends it. */
export function LinkDoctor({
  group,
  appId,
  onEditCriteria,
}: {
  group: GroupResource;
  appId: string;
  onEditCriteria: () => void;
}) {
  const [days] = useDays();
  const { data, error, refetch } = useQuery({
    ...linkOptions(group.id, Number(days)),
    placeholderData: keepPreviousData,
  });
  if (error && !data)
    return <ErrorState title="The link could not be examined" error={error} onRetry={() => void refetch()} />;
  return (
    <Section title="Link doctor">
      {data ? (
        <>
          <Verdict report={data.data} />
          {data.data.findings.length > 0 ? (
            <ul className="divide-y border-y">
              {data.data.findings.map((finding) => (
                <li key={finding.code} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
                  <Finding finding={finding} />
                  <FindingAction
                    finding={finding}
                    group={group}
                    appId={appId}
                    onEditCriteria={onEditCriteria}
                  />
                </li>
              ))}
            </ul>
          ) : null}
          <SlotsLine report={data.data} />
        </>
      ) : (
        <div role="status" className="grid gap-3">
          <span className="sr-only">Examining the link</span>
          <Skeleton className="h-4 w-64" />
          <Skeleton className="h-12 w-full" />
        </div>
      )}
    </Section>
  );
}

function Verdict({ report }: { report: LinkReport }) {
  const blocked = report.findings.filter(({ severity }) => severity === 'blocked').length;
  if (report.findings.length === 0) {
    return (
      <p className="flex items-center gap-2 text-sm">
        <CircleCheck size={16} aria-hidden className="shrink-0 text-good" />
        The link works: whoever opens it can join.
      </p>
    );
  }
  return (
    <p role="status" className="text-sm">
      {blocked === 0
        ? 'People can join now, but not for long.'
        : blocked === 1
          ? 'Nobody can join now, for one reason.'
          : `Nobody can join now, for ${blocked} reasons.`}
    </p>
  );
}

function Finding({ finding }: { finding: LinkFinding }) {
  const isBlocked = finding.severity === 'blocked';
  return (
    <div className="min-w-0 flex-1 basis-72 text-sm">
      <p className="flex flex-wrap items-center gap-2 font-medium">
        <Badge tone={ourTone(`link.${finding.severity}`)}>{isBlocked ? 'Blocked' : 'Soon'}</Badge>
        <bdi>{finding.title}</bdi>
      </p>
      <p className="mt-0.5 text-ink-soft">
        <bdi>{finding.detail}</bdi>
      </p>
    </div>
  );
}

function SlotsLine({ report: { forecast, used, limit } }: { report: LinkReport }) {
  if (limit === null) {
    return (
      <p className="text-ink-soft text-sm">
        The link has no limit of its own; the app takes {formatCount(APP_TESTER_LIMIT)} external testers.
      </p>
    );
  }
  if (used === null || forecast === null) return null;
  const left = `${formatCount(Math.max(0, limit - used))} of ${formatCount(limit)} places are left.`;
  if (forecast.isReached) return <p className="text-ink-soft text-sm">{left}</p>;
  return (
    <p className="text-ink-soft text-sm">
      {left}{' '}
      {forecast.day !== null
        ? `At ${(forecast.perDay ?? 0).toFixed(1)} a day they run out on ${formatDate(forecast.day)}.`
        : forecast.perDay === null
          ? 'When they run out can be told after three days of figures.'
          : 'At the pace of the last weeks they do not run out.'}
    </p>
  );
}
