'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Segments } from '@/components/links/segments';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { linkOptions } from '@/lib/browser/links';
import type { GroupResource } from '@/lib/browser/types';
import { acceptedWords } from './accepted-words';
import { FunnelFigure } from './funnel-figure';
import { OtherLinkPicker, useOtherGroup } from './other-link';
import { ReasonsFigure } from './reasons-figure';
import { TrendFigure } from './trend-figure';
import { DAYS, useDays } from './use-link-view';

/** How people fare who open the link: how far they come, why they leave, day by day, beside another link if wanted. */
export function LinkFigures({ group }: { group: GroupResource }) {
  const [days, setDays] = useDays();
  const mine = useQuery({ ...linkOptions(group.id, Number(days)), placeholderData: keepPreviousData });
  const otherGroup = useOtherGroup(group);
  const other = useQuery({
    ...linkOptions(otherGroup?.id ?? '', Number(days)),
    enabled: otherGroup !== undefined,
  });
  if (mine.error && !mine.data)
    return (
      <ErrorState
        title="The figures could not be loaded"
        error={mine.error}
        onRetry={() => void mine.refetch()}
      />
    );
  const names = {
    mine: group.attributes?.name ?? 'This link',
    other: otherGroup?.attributes?.name ?? 'The other link',
  };
  const report = mine.data?.data;
  const otherReport = otherGroup ? other.data?.data : undefined;
  const differences = [
    [names.mine, acceptedWords(report?.totals?.acceptedCount, group.meta)],
    [names.other, acceptedWords(otherReport?.totals?.acceptedCount, otherGroup?.meta)],
  ] as const;
  return (
    <Section
      title="How the link fares"
      action={
        <div className="flex flex-wrap items-center gap-2">
          <OtherLinkPicker group={group} />
          <Segments
            label="Days shown"
            value={days}
            options={DAYS.map((value) => ({ value, label: `${value} days` }))}
            onChange={(to) => void setDays(to)}
          />
        </div>
      }
    >
      {report ? (
        <div className="grid gap-8">
          {report.trouble ? (
            <p role="status" className="text-attention text-sm">
              App Store Connect could not be asked: <bdi>{report.trouble}</bdi> These are the figures kept
              last.
            </p>
          ) : null}
          {other.error ? (
            <p role="alert" className="text-bad text-sm">
              The other link could not be read: <bdi>{other.error.message}</bdi>
            </p>
          ) : null}
          <div className="grid gap-2">
            <FunnelFigure names={names} mine={report.totals} other={otherReport?.totals} />
            {differences.map(([name, words]) =>
              words ? (
                <p key={name} className="text-ink-soft text-sm">
                  {otherGroup ? (
                    <>
                      <Name>{name}</Name>:{' '}
                    </>
                  ) : null}
                  {words}
                </p>
              ) : null,
            )}
          </div>
          <ReasonsFigure names={names} mine={report.totals} other={otherReport?.totals} />
          <TrendFigure names={names} mine={report.days} other={otherReport?.days} />
          {report.totalsAt ? (
            <p className="text-ink-soft text-xs">
              From App Store Connect, <Time at={report.totalsAt} />. Flightdeck keeps the figures of each day.
            </p>
          ) : null}
        </div>
      ) : (
        <div role="status" className="grid gap-3">
          <span className="sr-only">Loading figures</span>
          <Skeleton className="h-40 w-full" />
          <Skeleton className="h-40 w-full" />
        </div>
      )}
    </Section>
  );
}
