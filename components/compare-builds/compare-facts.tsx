import { useQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import type { ReactNode } from 'react';
import { buildName } from '@/components/builds/build-words';
import { State } from '@/components/programme/state';
import { Button } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import { Time } from '@/components/ui/time';
import { type BuildReading, buildUseOptions } from '@/lib/browser/build-use';
import { powerOptions } from '@/lib/browser/diagnostics';
import type { BuildResource } from '@/lib/browser/types';
import { CRASH_FREE_REACH, crashFree, crashFreeWords } from '@/lib/format/crash-free';
import { formatBytes, formatCount } from '@/lib/format/numbers';
import { comparePower } from './compare-power';

interface Row {
  readonly term: string;
  readonly left: ReactNode;
  readonly right: ReactNode;
  readonly isSame: boolean;
}

/** What can be set side by side of two builds, line by line; what differs stands out. */
export function CompareFacts({
  left,
  right,
  onChange,
}: {
  left: BuildResource;
  right: BuildResource;
  onChange: (side: 'left' | 'right') => void;
}) {
  const uses = [useUse(left), useUse(right)] as const;
  const reports = [usePower(left), usePower(right)] as const;
  const power = comparePower(
    { report: reports[0].data?.meta.report, version: left.meta?.trainVersion },
    { report: reports[1].data?.meta.report, version: right.meta?.trainVersion },
  );
  const rows: Row[] = [
    ...ownRows(left, right),
    ...useRows(uses[0].data?.data.days.at(-1), uses[1].data?.data.days.at(-1)),
    ...power.map(({ term, left: one, right: other }) => row(term, one, other)),
  ];
  const troubles = [...uses, ...reports].flatMap(({ error }) => error?.message ?? []);
  return (
    <div className="grid gap-2">
      <table className="w-full table-fixed text-sm">
        <thead>
          <tr className="border-b align-bottom">
            <td className="w-[30%]" />
            {([left, right] as const).map((build, at) => (
              <th key={build.id} scope="col" className="py-2 pl-3 text-left font-semibold">
                <span className="grid justify-items-start gap-1">
                  {buildName(build)}
                  <Button
                    size="sm"
                    aria-label={`Choose another build than ${buildName(build)}`}
                    onClick={() => onChange(at === 0 ? 'left' : 'right')}
                  >
                    Change
                  </Button>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ term, left: one, right: other, isSame }) => (
            <tr
              key={term}
              className={clsx('border-b align-top last:border-b-0', !isSame && 'bg-accent-soft/50')}
            >
              <th scope="row" className="py-1.5 pr-2 pl-1 text-left font-normal text-ink-soft">
                {term}
                {isSame ? null : <span className="sr-only"> (differs)</span>}
              </th>
              <td className="wrap-anywhere py-1.5 pl-3">{one}</td>
              <td className="wrap-anywhere py-1.5 pl-3">{other}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="text-ink-soft text-xs">
        {CRASH_FREE_REACH} Power figures are of all iPhones, the typical one, and of the build’s version.
        {troubles.length > 0 ? ' Not all could be read: ' : ''}
        {[...new Set(troubles)].map((trouble) => (
          <bdi key={trouble}>{trouble} </bdi>
        ))}
      </p>
    </div>
  );
}

function useUse({ id, meta }: BuildResource) {
  return useQuery(buildUseOptions(id, meta?.accountId));
}

function usePower({ id, meta }: BuildResource) {
  return useQuery({ ...powerOptions({ id, accountId: meta?.accountId }), enabled: meta?.platform === 'IOS' });
}

const row = (term: string, left: string, right: string): Row => ({
  term,
  left,
  right,
  isSame: left === right,
});

function ownRows(left: BuildResource, right: BuildResource): Row[] {
  const states = (
    [
      ['External testing', ({ meta }) => meta?.externalBuildState],
      ['Internal testing', ({ meta }) => meta?.internalBuildState],
      ['Processing', ({ attributes }) => attributes?.processingState],
      ['Beta review', ({ meta }) => meta?.betaReviewState],
    ] as const satisfies readonly (readonly [string, (build: BuildResource) => string | null | undefined])[]
  ).map(([term, of]): Row => {
    const [one, other] = [of(left), of(right)];
    return { term, left: <State value={one} />, right: <State value={other} />, isSame: one === other };
  });
  const dates = (['uploadedDate', 'expirationDate'] as const).map((name): Row => {
    const [one, other] = [left.attributes?.[name], right.attributes?.[name]];
    return {
      term: name === 'uploadedDate' ? 'Uploaded' : 'Expires',
      left: <Time at={one} />,
      right: <Time at={other} />,
      // Two builds never came at the same moment: that is no difference to look at.
      isSame: true,
    };
  });
  return [
    ...states,
    ...dates,
    row('Needs at least', left.attributes?.minOsVersion ?? '–', right.attributes?.minOsVersion ?? '–'),
    row('Install size', sizeOf(left), sizeOf(right)),
    groupsRow(left, right),
  ];
}

const sizeOf = ({ meta }: BuildResource) =>
  meta?.installBytes == null ? '–' : `up to ${formatBytes(meta.installBytes)}`;

function groupsRow(left: BuildResource, right: BuildResource): Row {
  const ids = ({ meta }: BuildResource) => new Set(meta?.groups?.map(({ id }) => id));
  const [one, other] = [ids(left), ids(right)];
  return {
    term: 'Groups',
    left: <Groups build={left} other={other} />,
    right: <Groups build={right} other={one} />,
    isSame: one.size === other.size && [...one].every((id) => other.has(id)),
  };
}

/** The groups that have a build; those that do not have the other one stand out. */
function Groups({ build, other }: { build: BuildResource; other: ReadonlySet<string> }) {
  const groups = build.meta?.groups ?? [];
  if (groups.length === 0) return <>None</>;
  return (
    <ul>
      {groups.map(({ id, name }) => (
        <li key={id} className={other.has(id) ? undefined : 'font-medium'}>
          <Name>{name}</Name>
          {other.has(id) ? null : <span className="sr-only"> (only here)</span>}
        </li>
      ))}
    </ul>
  );
}

const FIGURES = [
  ['Invited', 'inviteCount'],
  ['Installed', 'installCount'],
  ['Sessions', 'sessionCount'],
  ['Crashes', 'crashCount'],
  ['Feedback', 'feedbackCount'],
] as const;

/** How each is used, by the newest reading; what was never read is not nought. */
function useRows(left: BuildReading | undefined, right: BuildReading | undefined): Row[] {
  return [
    ...FIGURES.map(([term, name]) => row(term, formatCount(left?.[name]), formatCount(right?.[name]))),
    {
      term: 'Crash-free sessions',
      left: <CrashFree use={left} />,
      right: <CrashFree use={right} />,
      isSame: crashFree(left ?? {}) === crashFree(right ?? {}),
    },
    {
      term: 'Use was read',
      left: <Time at={left?.readAt} />,
      right: <Time at={right?.readAt} />,
      isSame: true,
    },
  ];
}

function CrashFree({ use = {} }: { use: Partial<BuildReading> | undefined }) {
  const share = crashFree(use);
  return (
    <>
      {share === null ? null : <span className="block">{share}</span>}
      <span className="text-ink-soft text-xs">{crashFreeWords(use)}</span>
    </>
  );
}
