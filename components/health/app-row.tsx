import Link from 'next/link';
import type { ReactNode } from 'react';
import { AppTile, iconOf } from '@/components/programme/app-tile';
import { State } from '@/components/programme/state';
import { Name } from '@/components/ui/name';
import { Badge, Dot } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import type { AppHealth } from '@/lib/browser/lights';
import { programmeNow } from '@/lib/browser/programme-now';
import { appWords, homeOf } from '@/lib/format/app-address';
import { buildWords } from '@/lib/format/builds';
import { crashFree, crashFreeWords } from '@/lib/format/crash-free';
import { daysLeft, daysLeftWords, endingTone } from '@/lib/format/endings';
import { formatCount, formatPlural, formatShare } from '@/lib/format/numbers';
import { ourTone } from '@/lib/format/tones';

/** One app: its newest build, and how it stands in figures. */
export function AppRow({ app }: { app: AppHealth }) {
  const { latestBuild: build } = app;
  return (
    <tr
      data-list-row=""
      className="relative border-b align-top hover:bg-hover *:px-2 *:py-2.5 max-lg:grid max-lg:gap-1 max-lg:py-2.5 max-lg:*:py-0"
    >
      <th scope="row" className="text-left font-normal">
        <Link
          href={homeOf(app.appId, app)}
          prefetch={false}
          className="flex min-w-0 items-center gap-3 outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-accent-ink"
        >
          <AppTile name={app.name} icon={iconOf(app.appId, app)} />
          <span className="min-w-0">
            <Name className="block truncate font-medium">{appWords(app.name ?? '', app.accountName)}</Name>
            <span className="flex flex-wrap gap-1.5 text-ink-soft text-xs">
              {app.red > 0 ? <Badge tone={ourTone('light.red')}>{formatCount(app.red)} red</Badge> : null}
              {app.amber > 0 ? (
                <Badge tone={ourTone('light.amber')}>{formatCount(app.amber)} amber</Badge>
              ) : null}
              {app.red + app.amber === 0 ? formatPlural(app.testers, 'tester') : null}
            </span>
          </span>
        </Link>
      </th>
      <Cell title="Newest build" under={build ? <State value={build.externalBuildState} /> : null}>
        {build ? buildWords(build) : 'No build yet'}
      </Cell>
      <Ends app={app} />
      <Review app={app} />
      <Places app={app} />
      <Unread app={app} />
      <Stability app={app} />
      <Adoption app={app} />
      <Cell title="Read">
        <Time at={app.fetchedAt} />
      </Cell>
    </tr>
  );
}

/** A figure, and below it what it rests on. On a phone its title stands before it. */
function Cell({
  title,
  under,
  tip,
  children,
}: {
  title: string;
  under?: ReactNode;
  tip?: string | undefined;
  children: ReactNode;
}) {
  return (
    <td className="min-w-0 max-lg:flex max-lg:flex-wrap max-lg:items-baseline max-lg:gap-x-2">
      <span className="text-ink-soft text-xs lg:hidden">{title}</span>
      <span className="block break-words tabular-nums max-lg:inline" data-tip={tip}>
        {children}
      </span>
      {under ? <span className="block break-words text-ink-soft text-xs max-lg:inline">{under}</span> : null}
    </td>
  );
}

const NOTHING = <span className="text-ink-faint">–</span>;

function Ends({ app: { ends } }: { app: AppHealth }) {
  if (!ends) return <Cell title="Expires">{NOTHING}</Cell>;
  const days = daysLeft(ends.at, programmeNow());
  return (
    <Cell title="Expires" under={ends.name}>
      <span className="inline-flex items-baseline gap-2">
        <Dot tone={endingTone(days)} />
        {daysLeftWords(days)}
      </span>
    </Cell>
  );
}

function Review({ app: { review } }: { app: AppHealth }) {
  if (!review) return <Cell title="In review">{NOTHING}</Cell>;
  return (
    <Cell title="In review" under={review.name}>
      {review.at ? <Time at={review.at} isInDays /> : <State value={review.state} />}
    </Cell>
  );
}

function Places({ app: { places } }: { app: AppHealth }) {
  if (!places) return <Cell title="Link places">{NOTHING}</Cell>;
  const { used, limit, isAtMost } = places;
  const tone = ourTone(used >= limit ? 'places.none' : used >= limit * 0.9 ? 'places.scarce' : 'places.free');
  return (
    <Cell title="Link places" under={<Name>{places.name}</Name>}>
      <span className="inline-flex items-baseline gap-2">
        <Dot tone={tone} />
        {isAtMost ? '≤ ' : ''}
        {formatCount(used)} of {formatCount(limit)}
      </span>
    </Cell>
  );
}

function Unread({ app: { unread } }: { app: AppHealth }) {
  return (
    <Cell title="Unread" under={unread.oldest ? <Time at={unread.oldest} isInDays /> : null}>
      {formatCount(unread.reports)}
    </Cell>
  );
}

function Stability({ app: { stability } }: { app: AppHealth }) {
  if (!stability) return <Cell title="Crash-free">{NOTHING}</Cell>;
  const { sessions, crashes, name, former } = stability;
  const use = { sessionCount: sessions, crashCount: crashes };
  const before = former && crashFree({ sessionCount: former.sessions, crashCount: former.crashes });
  return (
    <Cell
      title="Crash-free"
      tip={`${name}: ${crashFreeWords(use)}${before ? `. ${former.name}: ${before} of ${formatPlural(former.sessions, 'session')}` : ''}`}
      under={`${formatPlural(sessions, 'session')}${before ? `, was ${before}` : ''}`}
    >
      {crashFree(use)}
    </Cell>
  );
}

function Adoption({ app: { adoption } }: { app: AppHealth }) {
  if (!adoption) return <Cell title="Adoption">{NOTHING}</Cell>;
  const { devices, all, name } = adoption;
  return (
    <Cell title="Adoption" tip={name} under={`of ${formatPlural(all, 'device')}`}>
      {formatShare(devices, all)}
    </Cell>
  );
}
