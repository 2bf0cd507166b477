import type { ReactNode } from 'react';
import { FigureHead } from '@/components/ui/figure-head';
import { Section } from '@/components/ui/section';
import type { AppRow, Asked, BuildRow } from '@/lib/browser/metrics';
import { crashFree } from '@/lib/format/crash-free';
import { COUNT_OF, FIGURE_WORDS } from '@/lib/format/metrics';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { CsvLink } from './csv-link';
import { shareReach } from './figures';

const NAMES = ['sessions', 'crashes', 'feedback', 'installs'] as const;

/** What was done within the range, build by build or app by app, and of how many of its days that is told. */
export function SumsTable<Row extends BuildRow | AppRow>({
  title,
  note,
  first,
  of,
  rows,
  days,
  asked,
  keyOf,
  nameOf,
}: {
  title: string;
  /** What the table leaves out. */
  note?: string | undefined;
  first: string;
  of: 'builds' | 'apps';
  rows: readonly Row[];
  /** How many days the range has. */
  days: number;
  asked: Asked;
  keyOf: (row: Row) => string;
  nameOf: (row: Row) => ReactNode;
}) {
  if (rows.length === 0) return null;
  const heads = [...NAMES.map((name) => FIGURE_WORDS[name]), 'Crash-free', 'Days with figures'];
  return (
    <Section title={title} action={<CsvLink of={of} what={title} asked={asked} />}>
      {/* A table that scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as said above */}
      <section aria-label={title} tabIndex={0} className="max-h-96 overflow-auto">
        <table className="w-full text-sm">
          <FigureHead first={first} others={heads.map((name) => ({ name }))} />
          <tbody>
            {rows.map((row) => {
              const totals = NAMES.map((name) => row.sums[COUNT_OF[name]].total);
              const sessions = row.sums.sessionCount.total;
              return (
                <tr key={keyOf(row)} className="border-b last:border-b-0">
                  <th scope="row" className="h-9 whitespace-nowrap pr-3 text-left font-normal">
                    {nameOf(row)}
                  </th>
                  {NAMES.map((name, at) => (
                    <td key={name} className="whitespace-nowrap pl-3 text-right tabular-nums">
                      {formatCount(totals[at]?.value)}
                    </td>
                  ))}
                  <td
                    className="whitespace-nowrap pl-3 text-right tabular-nums"
                    data-tip={
                      sessions.days === 0 ? undefined : shareReach(row.crashFree.total, sessions, days)
                    }
                  >
                    {crashFree(row.crashFree.total) ?? '–'}
                  </td>
                  <td className="whitespace-nowrap pl-3 text-right text-ink-soft tabular-nums">
                    {formatCount(sessions.days)} of {formatPlural(days, 'day')}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      {note ? <p className="text-ink-soft text-sm">{note}</p> : null}
    </Section>
  );
}
