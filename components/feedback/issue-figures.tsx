'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { ErrorWords } from '@/components/ui/error-state';
import { Name } from '@/components/ui/name';
import { Section } from '@/components/ui/section';
import { Time } from '@/components/ui/time';
import { type IssueFigures, issueRateOptions } from '@/lib/browser/feedback';
import { buildWords } from '@/lib/format/builds';
import { deviceName } from '@/lib/format/devices';
import { formatDuration } from '@/lib/format/durations';
import { localeWord } from '@/lib/format/feedback';
import { label } from '@/lib/format/labels';
import { formatBytes, formatCount, formatPlural, formatShare } from '@/lib/format/numbers';

const COMMON: Readonly<Record<string, (value: string) => string>> = {
  disk: (value) => `had under ${formatBytes(Number(value))} free`,
  battery: (value) => `had under ${value}% battery`,
  uptime: (value) => `crashed within ${formatDuration(Number(value))} of the launch`,
  osVersion: (value) => `ran ${value}`,
  deviceFamily: (value) => `were on ${label(value)}`,
  deviceModel: (value) => `were on ${deviceName(value)}`,
  locale: (value) => `were set to ${localeWord(value)}`,
  connection: (value) => `were on ${label(value)}`,
};

/** What the reports have in common far more often than other crashes; nothing where nothing is significant. */
export function InCommon({ common }: { common: IssueFigures['common'] }) {
  if (common.length === 0) return null;
  return (
    <Section title="In common">
      <ul className="grid gap-1.5 text-sm">
        {common.map(({ what, value, some, ofSome, others, ofOthers }) => (
          <li key={`${what} ${value}`}>
            <span className="font-medium">
              {formatCount(some)} of {formatCount(ofSome)} {COMMON[what]?.(value) ?? value}
            </span>
            <span className="text-ink-soft">
              {' '}
              · {formatCount(others)} of {formatCount(ofOthers)} other crashes of the app
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const DAYS = 30;
const DAY_MS = 86_400_000;

/** How many reports came on each of the last days that had any, as bars with their figures. */
export function Occurrences({ perDay }: { perDay: IssueFigures['perDay'] }) {
  const last = perDay.at(-1)?.day;
  if (last === undefined) return null;
  const counts = new Map(perDay.map(({ day, count }) => [day, count]));
  const days = Array.from({ length: DAYS }, (_, at) =>
    new Date(Date.parse(last) - (DAYS - 1 - at) * DAY_MS).toISOString().slice(0, 10),
  );
  const most = Math.max(...days.map((day) => counts.get(day) ?? 0));
  const before = perDay.filter(({ day }) => day < (days[0] ?? '')).reduce((sum, { count }) => sum + count, 0);
  return (
    <Section title="Reports by day">
      <ol className="flex h-24 items-end gap-px border-b" aria-label={`The ${DAYS} days up to ${last}`}>
        {days.map((day) => {
          const count = counts.get(day) ?? 0;
          return (
            <li
              key={day}
              data-tip={`${day}: ${formatPlural(count, 'report')}`}
              className="flex h-full min-w-0 flex-1 items-end"
            >
              <span className="sr-only">
                {day}: {formatPlural(count, 'report')}
              </span>
              <span
                aria-hidden
                className="w-full rounded-t-[2px] bg-accent"
                style={{ height: `${most === 0 ? 0 : (count / most) * 100}%` }}
              />
            </li>
          );
        })}
      </ol>
      <p className="flex justify-between text-ink-soft text-xs">
        <span>{days[0]}</span>
        {before > 0 ? <span>{formatCount(before)} before</span> : null}
        <span>{last} (UTC)</span>
      </p>
    </Section>
  );
}

/** Reports by sessions of the newest builds: a lower bound. */
export function Rates({ id, builds }: { id: string; builds: IssueFigures['builds'] }) {
  const { data, error } = useQuery(issueRateOptions(id));
  const rates = new Map((data?.data ?? []).map((rate) => [rate.buildId, rate]));
  if (builds.length === 0) return null;
  return (
    <Section title="Builds">
      <Rows
        label="Builds"
        head={['Build', 'Reports', 'Sessions', 'At least', 'First', 'Last']}
        rows={builds.map((build) => {
          const rate = build.buildId === null ? undefined : rates.get(build.buildId);
          const sessions = rate?.sessionCount ?? null;
          return [
            build.buildId === null || build.version === null ? (
              'Not known here'
            ) : (
              <bdi key="build">{buildWords(build)}</bdi>
            ),
            formatCount(build.count),
            sessions === null ? (
              <span key="sessions" data-tip={rate?.trouble ?? undefined}>
                –
              </span>
            ) : (
              formatCount(sessions)
            ),
            sessions ? formatShare(build.count, sessions) : '–',
            <Time key="first" at={build.firstDate ?? undefined} />,
            <Time key="last" at={build.lastDate ?? undefined} />,
          ];
        })}
      />
      {error ? <ErrorWords error={error} /> : null}
      <p className="text-ink-soft text-xs">
        “At least” is reports by sessions. Only crashes that testers share arrive here, so there may be more.
        Sessions are asked for the five newest builds.
      </p>
    </Section>
  );
}

/** On which devices and systems it happens, and along which ways. */
export function Shares({
  figures: { devices, osVersions, variants, reportCount },
}: {
  figures: IssueFigures;
}) {
  const shares = (rows: IssueFigures['devices'], words: (value: string) => string) =>
    rows.map(({ value, count }) => [
      value === null ? 'Not told' : <bdi key="value">{words(value)}</bdi>,
      formatCount(count),
      formatShare(count, reportCount),
    ]);
  return (
    <div className="grid gap-8 lg:grid-cols-2">
      <Section title="Devices">
        <Rows label="Devices" head={['Device', 'Reports', 'Share']} rows={shares(devices, deviceName)} />
      </Section>
      <Section title="Systems">
        <Rows
          label="Systems"
          head={['Version', 'Reports', 'Share']}
          rows={shares(osVersions, (value) => value)}
        />
      </Section>
      {variants.length > 1 ? (
        <Section title="Variants">
          <p className="text-ink-soft text-sm">
            {formatPlural(variants.length, 'way')} into the same two functions, the most frequent first.
          </p>
          <Rows
            label="Variants"
            head={['Way', 'Reports', 'Last']}
            rows={variants.map(({ value, count, lastDate }, at) => [
              `Way ${at + 1}`,
              formatCount(count),
              <Time key={value} at={lastDate ?? undefined} />,
            ])}
          />
        </Section>
      ) : null}
    </div>
  );
}

/** Who met it, the most often first. */
export function Testers({ testers, home }: { testers: IssueFigures['testers']; home: string }) {
  if (testers.length === 0) return null;
  return (
    <Section title="Testers">
      <Rows
        label="Testers"
        head={['Tester', 'Reports', 'Last']}
        rows={testers.map(({ testerId, name, email, count, lastDate }) => [
          testerId === null ? (
            (name ?? 'Not known')
          ) : (
            <Link key="tester" href={`${home}/testers/${encodeURIComponent(testerId)}`} className="underline">
              <Name>{name ?? email ?? 'Has left'}</Name>
            </Link>
          ),
          formatCount(count),
          <Time key="last" at={lastDate ?? undefined} />,
        ])}
      />
    </Section>
  );
}

function Rows({
  label: name,
  head: [first, ...others],
  rows,
}: {
  label: string;
  head: readonly string[];
  rows: readonly (readonly React.ReactNode[])[];
}) {
  return (
    // A table that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as said above
    <section aria-label={`${name}, as a table`} tabIndex={0} className="max-h-80 overflow-auto">
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b text-ink-soft">
            <th scope="col" className="h-8 pr-3 text-left font-medium">
              {first}
            </th>
            {others.map((other) => (
              <th key={other} scope="col" className="whitespace-nowrap pl-3 text-right font-medium">
                {other}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([start, ...cells], at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are in the order of their counts and hold no state
            <tr key={at} className="border-b last:border-b-0">
              <th scope="row" className="h-8 pr-3 text-left font-normal">
                {start}
              </th>
              {cells.map((cell, place) => (
                <td key={others[place]} className="whitespace-nowrap pl-3 text-right tabular-nums">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
