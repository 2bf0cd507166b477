import { Sparkline } from '@/components/charts/sparkline';
import { State } from '@/components/programme/state';
import { AppIcon } from '@/components/shell/app-icon';
import type { Column } from '@/components/ui/data-table/types';
import { Names } from '@/components/ui/name';
import { Time } from '@/components/ui/time';
import type { BuildResource } from '@/lib/browser/types';
import { CRASH_FREE_REACH, crashFree, crashFreeWords } from '@/lib/format/crash-free';
import { formatDate } from '@/lib/format/dates';
import { label } from '@/lib/format/labels';
import { formatBytes, formatCount, formatPlural } from '@/lib/format/numbers';
import { buildName, Expiry } from './build-words';

type BuildColumn = Column<BuildResource>;

const APP: BuildColumn = {
  id: 'app',
  header: 'App',
  width: '16%',
  cell: ({ meta }) => (
    <AppIcon appId={meta?.appId} accountId={meta?.accountId} accountName={meta?.accountName} />
  ),
};

const readingTip = ({ meta }: BuildResource) =>
  meta?.use ? `As read on ${formatDate(meta.use.day)}, of all groups` : 'Not read yet';

const figure = (
  id: 'inviteCount' | 'installCount' | 'crashCount' | 'feedbackCount',
  header: string,
  sort: string,
  more: Partial<BuildColumn> = {},
): BuildColumn => ({
  ...{ id, header, sort, width: '6rem', align: 'end', wideOnly: true },
  cell: (build) => <span data-tip={readingTip(build)}>{formatCount(build.meta?.use?.[id])}</span>,
  ...more,
});

const FIGURES: readonly BuildColumn[] = [
  figure('inviteCount', 'Invited', 'invited', { optional: true }),
  figure('installCount', 'Installed', 'installed', { room: 'xl' }),
  {
    ...{ id: 'sessionCount', header: 'Sessions', sort: 'sessions', width: '8.5rem', align: 'end' },
    ...{ room: 'xl', wideOnly: true },
    cell: (build) => <Sessions build={build} />,
  },
  figure('crashCount', 'Crashes', 'crashes', { optional: true }),
  {
    ...{ id: 'crashFree', header: 'Crash-free', sort: 'crashFree', width: '11.5rem', align: 'end' },
    ...{ room: '2xl', wideOnly: true },
    cell: (build) => <CrashFree build={build} />,
  },
  figure('feedbackCount', 'Feedback', 'feedback', { optional: true, width: '6.5rem' }),
];

export const BUILD_COLUMNS: readonly BuildColumn[] = [
  {
    id: 'version',
    header: 'Build',
    sort: 'version',
    cell: (build) => buildName(build),
  },
  {
    id: 'external',
    header: 'External testing',
    sort: 'externalBuildState',
    width: '10.5rem',
    isCorner: true,
    cell: (build) => <State value={stateOf(build, 'externalBuildState')} />,
  },
  {
    id: 'internal',
    header: 'Internal testing',
    sort: 'internalBuildState',
    width: '10.5rem',
    room: '2xl',
    wideOnly: true,
    cell: (build) => <State value={stateOf(build, 'internalBuildState')} />,
  },
  {
    id: 'groups',
    header: 'Groups',
    sort: 'groups',
    width: '14%',
    room: 'lg',
    wideOnly: true,
    cell: ({ meta }) => <Names of={(meta?.groups ?? []).map(({ name }) => name)} />,
  },
  {
    id: 'individuals',
    header: 'Individual testers',
    sort: 'individualTesters',
    width: '9rem',
    align: 'end',
    optional: true,
    wideOnly: true,
    cell: ({ meta }) => formatCount(meta?.individualCount),
  },
  ...FIGURES,
  {
    id: 'platform',
    header: 'Platform',
    sort: 'platform',
    width: '7rem',
    optional: true,
    wideOnly: true,
    cell: (build) => (build.meta?.platform ? label(build.meta.platform) : '–'),
  },
  {
    id: 'minOs',
    header: 'Needs OS',
    sort: 'minOsVersion',
    width: '7rem',
    optional: true,
    wideOnly: true,
    cell: (build) => build.attributes?.minOsVersion ?? '–',
  },
  {
    id: 'size',
    header: 'Install size',
    sort: 'installBytes',
    width: '7.5rem',
    align: 'end',
    optional: true,
    wideOnly: true,
    cell: ({ meta }) => (
      <span data-tip={meta?.installBytes == null ? 'Not told by App Store Connect' : SIZE_TIP}>
        {formatBytes(meta?.installBytes)}
      </span>
    ),
  },
  {
    id: 'uploaded',
    header: 'Uploaded',
    sort: 'uploadedDate',
    width: '8.5rem',
    room: 'md',
    wideOnly: true,
    cell: (build) => <Time at={build.attributes?.uploadedDate} />,
  },
  {
    id: 'expiry',
    header: 'Expires',
    sort: 'expirationDate',
    width: '7.5rem',
    cell: (build) => <Expiry build={build} />,
  },
];

const SIZE_TIP = 'On the device where it takes most';

/** With a column more, the build's own name keeps its room: what can be spared is there to be chosen, or on wide screens. */
export const COLUMNS_ACROSS_APPS = BUILD_COLUMNS.flatMap((column, index): readonly BuildColumn[] => {
  if (index === 0) return [column, APP];
  if (column.id === 'installCount') return [{ ...column, optional: true }];
  return [column.id === 'uploaded' ? { ...column, room: '2xl' } : column];
});

function stateOf(
  build: BuildResource,
  side: 'externalBuildState' | 'internalBuildState',
): string | null | undefined {
  if (build.attributes?.expired) return 'EXPIRED';
  return (
    build.meta?.[side] ??
    (build.attributes?.processingState === 'VALID' ? null : build.attributes?.processingState)
  );
}

function Sessions({ build }: { build: BuildResource }) {
  const { use, trend = [] } = build.meta ?? {};
  return (
    <span data-tip={readingTip(build)} className="flex items-center justify-end gap-2">
      <Sparkline
        values={trend}
        label={`Sessions at the last ${formatPlural(trend.length, 'reading')}: ${trend.map((one) => formatCount(one)).join(', ')}`}
      />
      {formatCount(use?.sessionCount)}
    </span>
  );
}

function CrashFree({ build }: { build: BuildResource }) {
  const { use } = build.meta ?? {};
  const share = use ? crashFree(use) : null;
  const tip = use ? `${crashFreeWords(use)}. ${CRASH_FREE_REACH}` : 'Not read yet';
  return (
    <span data-tip={tip}>
      {share === null ? null : (
        <span className="text-ink-faint">
          1 − {formatCount(use?.crashCount)} ÷ {formatCount(use?.sessionCount)} ={' '}
        </span>
      )}
      {share ?? (use?.sessionCount === 0 ? 'No sessions' : '–')}
    </span>
  );
}
