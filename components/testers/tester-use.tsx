'use client';

import { useQuery } from '@tanstack/react-query';
import { useMay } from '@/components/shell/known';
import { Refusal } from '@/components/ui/error-state';
import { FigureHead } from '@/components/ui/figure-head';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { type TesterPage, testerUsageOptions } from '@/lib/browser/testers';
import { formatCount } from '@/lib/format/numbers';

const FIGURES = ['Sessions', 'Crashes', 'Feedback'].map((name) => ({ name }));

/** Sessions, crashes and feedback over Apple's four windows, and when the person was last active by our own notes. */
export function TesterUse({
  appId,
  testerId,
  own,
}: {
  appId: string;
  testerId: string;
  own: TesterPage | undefined;
}) {
  const mayAsk = useMay('apple:read');
  const { data, error, dataUpdatedAt } = useQuery({
    ...testerUsageOptions(appId, testerId),
    enabled: mayAsk,
  });
  return (
    <Section title="Use">
      <p className="text-ink-soft text-sm">
        {own?.lastActiveDay ? (
          <>
            Last active <Time at={own.lastActiveDay} />, by Flightdeck’s daily figures.
          </>
        ) : (
          'No session on any day seen so far. App Store Connect tells no date, so Flightdeck keeps the figures of each day.'
        )}
      </p>
      {data ? (
        <table className="w-full max-w-xl text-sm">
          <FigureHead first="In the last" others={FIGURES} />
          <tbody>
            {data.data.map((use) => (
              <tr key={use.period} className="h-8 border-b text-right tabular-nums">
                <th scope="row" className="text-left font-normal">
                  {use.days} days
                </th>
                <td>{formatCount(use.sessionCount)}</td>
                <td>{formatCount(use.crashCount)}</td>
                <td>{formatCount(use.feedbackCount)}</td>
              </tr>
            ))}
          </tbody>
          <caption className="caption-bottom pt-2 text-left text-ink-soft text-xs">
            From App Store Connect <Time at={dataUpdatedAt} />
          </caption>
        </table>
      ) : null}
      {mayAsk && !data && !error ? <Skeleton className="h-36 max-w-xl" /> : null}
      <Refusal error={error} />
    </Section>
  );
}
