'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { AppIcon } from '@/components/shell/app-icon';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/late-error';
import { Section } from '@/components/ui/section';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Status } from '@/components/ui/status';
import { useUrlChoice } from '@/components/ui/use-url-state';
import { type Ending, expiryOptions, type Need } from '@/lib/browser/expiry';
import { programmeNow } from '@/lib/browser/programme-now';
import { homeOf } from '@/lib/format/app-address';
import { buildWords } from '@/lib/format/builds';
import { formatDate } from '@/lib/format/dates';
import { daysLeft, daysLeftWords, daysOf, endingTone } from '@/lib/format/endings';
import { label } from '@/lib/format/labels';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { UPLOADING } from './build-steps';

/** What expires when, and until when testers have something to test: of one app, or of all. */
export default function ExpiryCalendar({ appId }: { appId?: string | undefined }) {
  const [which, setWhich] = useUrlChoice('which', ['tested', 'all'], 'tested');
  const { data, error, refetch } = useQuery({
    ...expiryOptions(appId, which),
    placeholderData: keepPreviousData,
  });
  if (error && !data)
    return (
      <ErrorState title="What expires could not be loaded" error={error} onRetry={() => void refetch()} />
    );
  if (!data) return <ListSkeleton />;
  const { needs, endings, total } = data.data;
  const isAcrossApps = appId === undefined;
  return (
    <div className="grid gap-10">
      <Needs needs={needs} isAcrossApps={isAcrossApps} />
      <Section
        title="What expires when"
        action={
          <label className="flex min-h-9 items-center gap-2 text-sm">
            <input
              type="checkbox"
              checked={which === 'all'}
              onChange={(event) => setWhich(event.target.checked ? 'all' : 'tested')}
              className="size-4 accent-accent"
            />
            Also builds that nobody has
          </label>
        }
      >
        {endings.length === 0 ? (
          <EmptyState title="Nothing expires">No build that testers have ends on a known day.</EmptyState>
        ) : null}
        <ol aria-label="Days on which builds expire" className="grid gap-6">
          {daysOf(endings).map(({ day, words, entries }) => (
            <li key={day} className="grid gap-x-6 gap-y-1 border-t pt-3 sm:grid-cols-[11rem_minmax(0,1fr)]">
              <h3 className="text-sm">
                <span className="font-medium">{words}</span>
                <Left at={entries[0]?.at ?? ''} />
              </h3>
              <ul className="grid divide-y">
                {entries.map((ending) => (
                  <Entry key={ending.build.id} ending={ending} isAcrossApps={isAcrossApps} />
                ))}
              </ul>
            </li>
          ))}
        </ol>
        {endings.length < total ? (
          <p className="text-ink-soft text-sm">
            The next {formatCount(endings.length)} of {formatPlural(total, 'build')} are shown.
          </p>
        ) : null}
      </Section>
    </div>
  );
}

function Left({ at }: { at: string }) {
  const days = daysLeft(at, programmeNow());
  return (
    <span className="block text-ink-soft" suppressHydrationWarning>
      <Status tone={endingTone(days)}>{daysLeftWords(days)}</Status>
    </span>
  );
}

/** One line for each app and platform that is tested. */
function Needs({ needs, isAcrossApps }: { needs: readonly Need[]; isAcrossApps: boolean }) {
  if (needs.length === 0) return null;
  return (
    <Section title="Next build needed by">
      <ul className="grid divide-y border-y text-sm">
        {needs.map((need) => {
          const base = homeOf(need.appId, need);
          return (
            <li
              key={`${need.accountId} ${need.appId} ${need.build.platform}`}
              className="grid items-center gap-x-6 gap-y-1 py-2.5 sm:grid-cols-[minmax(0,1fr)_11rem_minmax(0,1fr)]"
            >
              <span className="min-w-0 font-medium">
                {isAcrossApps ? (
                  <AppIcon
                    appId={need.appId}
                    accountId={need.accountId}
                    accountName={need.accountName ?? undefined}
                  />
                ) : null}{' '}
                {need.build.platform ? label(need.build.platform) : 'Unknown platform'}
              </span>
              <span>
                {formatDate(need.by)}
                <Left at={need.by} />
              </span>
              <span className="text-ink-soft">
                {need.isOver ? 'Nothing can be tested any more. The last was ' : 'The last to expire is '}
                <Link
                  href={`${base}/builds/${encodeURIComponent(need.build.id)}`}
                  prefetch={false}
                  className="rounded-sm text-accent-ink underline"
                >
                  {buildWords(need.build)}
                </Link>
              </span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

/** A build that ends, with who has it and what could take its place. */
function Entry({ ending, isAcrossApps }: { ending: Ending; isAcrossApps: boolean }) {
  const { appId, accountId, accountName, build, isTested, groups, replacement } = ending;
  const base = homeOf(appId, ending);
  const hrefOf = (id: string) => `${base}/builds/${encodeURIComponent(id)}`;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1.5 py-2 text-sm first:pt-0">
      <span className="grid min-w-0 gap-0.5">
        <span className="flex flex-wrap items-center gap-x-3">
          {isAcrossApps ? (
            <AppIcon appId={appId} accountId={accountId} accountName={accountName ?? undefined} />
          ) : null}
          <Link href={hrefOf(build.id)} prefetch={false} className="rounded-sm font-medium hover:underline">
            {buildWords(build)}
          </Link>
        </span>
        <span className="text-ink-soft">
          {groups === 0 ? 'In no group' : `In ${formatPlural(groups, 'group')}`}
          {isTested ? '' : ', not tested'}
        </span>
      </span>
      {replacement ? (
        <ButtonLink size="sm" href={hrefOf(replacement.id)} prefetch={false} className="max-w-full">
          Replace it by {buildWords(replacement)}
        </ButtonLink>
      ) : (
        <a href={UPLOADING} target="_blank" rel="noreferrer" className="rounded-sm text-accent-ink underline">
          Nothing is newer: upload a build<span className="sr-only"> (opens a new tab)</span>
        </a>
      )}
    </li>
  );
}
