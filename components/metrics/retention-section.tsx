'use client';

import { useQuery } from '@tanstack/react-query';
import { ErrorWords } from '@/components/ui/error-state';
import { FigureHead } from '@/components/ui/figure-head';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { type Asked, type Retention, retentionOptions } from '@/lib/browser/metrics';
import { formatDate } from '@/lib/format/dates';
import { formatCount, formatShare } from '@/lib/format/numbers';
import { CsvLink } from './csv-link';

/** The most weeks shown side by side; the file has all. */
const WEEKS = 12;

/** How many of those who came in a week still use the app, week by week. */
export default function RetentionSection({ asked }: { asked: Asked }) {
  const { data, error } = useQuery(retentionOptions(asked));
  const retention = error ? undefined : data?.data;
  return (
    <Section
      title="Retention"
      action={retention ? <CsvLink of="retention" what="Retention" asked={asked} /> : null}
    >
      {error ? <ErrorWords error={error} /> : null}
      {retention ? <Cohorts retention={retention} /> : error ? null : <Skeleton className="h-24 w-full" />}
      <p className="max-w-3xl text-ink-soft text-sm">
        Of the testers who came in a week (invited, or by a public link), the share with a session in that
        week and in each week after it: active ÷ came. App Store Connect gives no date of joining: the week is
        that in which Flightdeck noted it, and who was there at its first look is “before”. A week begins on
        Monday, UTC, and is told by the window of seven days read on the Monday after it; a dash is a week
        without that reading.
      </p>
    </Section>
  );
}

export function Cohorts({ retention: { cohorts, before } }: { retention: Retention }) {
  if (before.active.length === 0)
    return (
      <p className="text-ink-soft text-sm">
        No week of these days is over yet. The first is told by the reading of the Monday after it.
      </p>
    );
  const weeks = Math.min(WEEKS, before.active.length);
  const numbers = Array.from({ length: weeks }, (_, at) => at);
  const shown = before.active.slice(-weeks);
  return (
    <>
      {cohorts.length === 0 ? (
        <p className="py-2 text-ink-soft text-sm">Nobody was seen to come yet.</p>
      ) : (
        <section
          aria-label="Retention by the week of joining"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard
          tabIndex={0}
          className="max-h-96 overflow-auto"
        >
          <table className="w-full text-sm">
            <FigureHead
              first="Came in the week of"
              others={['Testers', ...numbers.map((at) => (at === 0 ? 'Same week' : `Week ${at}`))].map(
                (name) => ({
                  name,
                }),
              )}
            />
            <tbody>
              {cohorts.toReversed().map(({ week, joined, active }) => (
                <tr key={week} className="border-b">
                  <th scope="row" className="h-9 whitespace-nowrap pr-3 text-left font-normal">
                    {formatDate(week)}
                  </th>
                  <td className="pl-3 text-right tabular-nums">{formatCount(joined)}</td>
                  {numbers.map((at) => (
                    <ShareCell
                      key={at}
                      isThere={at < active.length}
                      active={active[at] ?? null}
                      of={joined}
                    />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <section
        aria-label="Active of those who were there before"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard
        tabIndex={0}
        className="overflow-x-auto"
      >
        <table className="w-full text-sm">
          <FigureHead
            first="There before, active in the week of"
            others={['Testers', ...shown.map(({ week }) => formatDate(week))].map((name) => ({ name }))}
          />
          <tbody>
            <tr className="border-b">
              <th scope="row" className="h-9 whitespace-nowrap pr-3 text-left font-normal">
                Before Flightdeck looked
              </th>
              <td className="pl-3 text-right tabular-nums">{formatCount(before.testers)}</td>
              {shown.map(({ week, active }) => (
                <ShareCell key={week} isThere active={active} of={before.testers} />
              ))}
            </tr>
          </tbody>
        </table>
      </section>
    </>
  );
}

/** The more of them are active, the stronger the colour behind the figure. */
function ShareCell({ isThere, active, of }: { isThere: boolean; active: number | null; of: number }) {
  if (!isThere) return <td />;
  const share = active === null || of === 0 ? 0 : active / of;
  return (
    <td
      className="whitespace-nowrap px-2 text-right tabular-nums"
      style={{ background: `color-mix(in srgb, var(--accent) ${Math.round(share * 35)}%, transparent)` }}
    >
      {active === null ? (
        '–'
      ) : (
        <>
          {formatShare(active, of)} <span className="text-ink-soft">({formatCount(active)})</span>
        </>
      )}
    </td>
  );
}
