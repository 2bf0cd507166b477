'use client';

import dynamic from 'next/dynamic';
import Link from 'next/link';
import { FigureTable } from '@/components/charts/figure-table';
import { FigureHead } from '@/components/ui/figure-head';
import { Name } from '@/components/ui/name';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import type { Asked, Funnel } from '@/lib/browser/metrics';
import { whenReachable } from '@/lib/browser/reach';
import { appHref } from '@/lib/format/app-address';
import { STEP_WORDS } from '@/lib/format/metrics';
import { formatCount, formatPlural, formatShare } from '@/lib/format/numbers';
import { CsvLink } from './csv-link';

const BarsChart = dynamic(
  whenReachable(() => import('@/components/charts/bars-chart')),
  { ssr: false, loading: () => <Skeleton className="h-52 w-full" /> },
);

const STEPS = [
  'viewCount',
  'acceptedCount',
  'didNotAcceptCount',
  'didNotMeetCriteriaCount',
] as const satisfies readonly (keyof typeof STEP_WORDS)[];

/** How far those came who opened public links within the range. */
export default function FunnelSection({
  funnel,
  days,
  asked,
}: {
  funnel: Funnel | null;
  /** How many days the range has. */
  days: number;
  asked: Asked;
}) {
  const told = funnel?.steps.viewCount.total.days ?? 0;
  return (
    <Section
      title="Public links"
      action={funnel ? <CsvLink of="links" what="Public links" asked={asked} /> : null}
    >
      {funnel === null ? (
        <p className="text-ink-soft text-sm">
          No public link has been read in these days. The figures of links that are on are read once a day.
        </p>
      ) : told === 0 ? (
        <p className="text-ink-soft text-sm">
          The links have been read once. What happened at them is told from the second day’s reading on.
        </p>
      ) : (
        <Steps funnel={funnel} />
      )}
      {funnel && told > 0 ? <Links funnel={funnel} asked={asked} /> : null}
      <p className="max-w-3xl text-ink-soft text-sm">
        What the readings of the links count more than the readings of the day before, of {told} of{' '}
        {formatPlural(days, 'day')}. Shares are of those who opened the link.
      </p>
    </Section>
  );
}

function Steps({ funnel: { steps } }: { funnel: Funnel }) {
  const views = steps.viewCount.total.value ?? 0;
  const share = (value: number | null, of: number | null) =>
    value === null || !of ? '' : ` (${formatShare(value, of)})`;
  const isCompared = steps.viewCount.totalBefore.days === steps.viewCount.total.days;
  return (
    <FigureTable
      title="How far people came"
      chart={
        <BarsChart
          label={STEPS.map((step) => `${STEP_WORDS[step]}: ${formatCount(steps[step].total.value)}`).join(
            ', ',
          )}
          names={{ mine: 'These days', ...(isCompared ? { other: 'The days before' } : {}) }}
          rows={STEPS.map((step) => ({
            label: STEP_WORDS[step],
            mine: steps[step].total.value,
            other: isCompared ? steps[step].totalBefore.value : null,
          }))}
        />
      }
      head={['Step', 'These days', 'The days before']}
      rows={STEPS.map((step) => {
        const { total, totalBefore } = steps[step];
        const isFirst = step === 'viewCount';
        const then = steps.viewCount.totalBefore.value;
        return [
          STEP_WORDS[step],
          `${formatCount(total.value)}${isFirst ? '' : share(total.value, views)}`,
          isCompared || totalBefore.value === null
            ? `${formatCount(totalBefore.value)}${isFirst ? '' : share(totalBefore.value, then)}`
            : `${formatCount(totalBefore.value)}, of ${formatPlural(totalBefore.days, 'day')}`,
        ];
      })}
    />
  );
}

function Links({ funnel: { links }, asked }: { funnel: Funnel; asked: Asked }) {
  return (
    // A table that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as said above
    <section aria-label="Link by link" tabIndex={0} className="max-h-96 overflow-auto">
      <table className="w-full text-sm">
        <FigureHead first="Group" others={STEPS.map((step) => ({ name: STEP_WORDS[step] }))} />
        <tbody>
          {links.map(({ accountId, appId, groupId, name, steps }) => (
            <tr key={`${accountId} ${groupId}`} className="border-b last:border-b-0">
              <th scope="row" className="h-9 whitespace-nowrap pr-3 text-left font-normal">
                <Link
                  href={`${appHref(appId, asked.accountId)}/groups/${encodeURIComponent(groupId)}?tab=link`}
                  prefetch={false}
                  className="rounded-sm hover:underline"
                >
                  <Name>{name ?? 'Unnamed group'}</Name>
                </Link>
              </th>
              {STEPS.map((step) => (
                <td key={step} className="whitespace-nowrap pl-3 text-right tabular-nums">
                  {formatCount(steps[step].total.value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
