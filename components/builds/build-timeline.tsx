'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { State } from '@/components/programme/state';
import { Button } from '@/components/ui/button';
import { ErrorWords } from '@/components/ui/error-state';
import { Section } from '@/components/ui/section';
import { Sentence } from '@/components/ui/sentence';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { type BuildMoment, timelineOptions } from '@/lib/browser/build-timeline';
import { buildEventWords } from '@/lib/format/build-events';
import { formatLocal } from '@/lib/format/dates';
import { formatPlural } from '@/lib/format/numbers';

const AT_FIRST = 12;

/** What happened to a build: Apple's own dates, what was seen to change, and what was done here by whom. */
export function BuildTimeline({ id, accountId }: { id: string; accountId: string | undefined }) {
  const { data, error, isPending } = useQuery(timelineOptions(id, accountId));
  const [isWhole, setWhole] = useState(false);
  const moments = data?.data ?? [];
  const shown = isWhole ? moments : moments.slice(0, AT_FIRST);
  return (
    <Section title="What happened">
      {isPending ? <Skeleton className="h-24 w-full" /> : null}
      {error ? <ErrorWords error={error} /> : null}
      <ol className="grid divide-y text-sm">
        {shown.map((moment) => (
          <li key={moment.id} className="grid gap-0.5 py-2 wrap-anywhere">
            <p className="text-ink-soft">
              <What moment={moment} />
            </p>
            <When moment={moment} />
          </li>
        ))}
      </ol>
      {shown.length < moments.length ? (
        <Button size="sm" onClick={() => setWhole(true)}>
          Show {formatPlural(moments.length - shown.length, 'earlier entry', 'earlier entries')}
        </Button>
      ) : null}
    </Section>
  );
}

const DATED = {
  uploaded: 'Uploaded',
  submitted: 'Submitted for beta review',
  expires: 'Last day of testing',
} as const;

function What({ moment }: { moment: BuildMoment }) {
  if (moment.what === 'done')
    return (
      <>
        <bdi className="font-medium text-ink">{moment.who}</bdi> <Sentence parts={moment.sentence} />
        {moment.status === 'succeeded' ? null : (
          <>
            {' '}
            <State value={moment.status} />
          </>
        )}
      </>
    );
  if (moment.what !== 'seen') return DATED[moment.what];
  const { about, before, after } = buildEventWords(moment);
  return (
    <>
      {about}: {before === null ? null : `${before} → `}
      <span className="text-ink">{after}</span>
    </>
  );
}

/** A change that was seen has no moment of its own, only two between which it happened. */
function When({ moment }: { moment: BuildMoment }) {
  const [since, at] = moment.what === 'seen' ? [formatLocal(moment.since), formatLocal(moment.at)] : ['', ''];
  const between = since === at ? undefined : `Seen between ${since} and ${at}`;
  return (
    <span data-tip={between} className="w-fit text-ink-faint text-xs">
      <Time at={moment.at} />
      {between ? <span className="sr-only">. {between}</span> : null}
    </span>
  );
}
