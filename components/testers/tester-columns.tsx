import { Shield } from 'lucide-react';
import { State } from '@/components/programme/state';
import { AppName } from '@/components/shell/app-name';
import type { Column } from '@/components/ui/data-table/types';
import { Name, Names } from '@/components/ui/name';
import { Badge } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import type { TesterResource } from '@/lib/browser/types';
import { label } from '@/lib/format/labels';
import { formatCount } from '@/lib/format/numbers';
import { personName } from '@/lib/format/people';

type TesterColumn = Column<TesterResource>;

export const NAME_COLUMN: TesterColumn = {
  id: 'name',
  header: 'Name',
  sort: 'lastName',
  cell: (tester) => (
    <span className="inline-flex max-w-full items-center gap-2">
      <Name className="truncate">{personName(tester.attributes ?? {})}</Name>
      {tester.meta?.protected ? (
        <span data-tip="Protected: never pruned" className="shrink-0 text-ink-soft">
          <Shield size={13} aria-label="Protected" />
        </span>
      ) : null}
    </span>
  ),
};

const APP_COLUMN: TesterColumn = {
  id: 'app',
  header: 'App',
  width: '12%',
  room: 'md',
  cell: (tester) => <AppName appId={tester.meta?.appId} accountName={tester.meta?.accountName} />,
};

const SORTS = { sessionCount: 'sessions', crashCount: 'crashes', feedbackCount: 'feedback' } as const;

const figure = (id: keyof typeof SORTS, header: string): TesterColumn => ({
  id,
  header,
  sort: SORTS[id],
  width: '6.5rem',
  align: 'end',
  room: 'md',
  optional: id !== 'sessionCount',
  wideOnly: true,
  cell: ({ meta }) => (
    <span data-tip={meta?.activity ? `In the week before ${meta.activity.day}` : 'Not recorded yet'}>
      {formatCount(meta?.activity?.[id])}
    </span>
  ),
});

/** Across apps a column more is there, and less room for what a device tells. */
const SPARED = new Set(['device', 'installed']);

export const TESTER_COLUMNS: readonly TesterColumn[] = [
  {
    id: 'email',
    header: 'E-mail',
    sort: 'email',
    width: '21%',
    cell: (tester) =>
      tester.attributes?.email ? (
        <bdi>{tester.attributes.email}</bdi>
      ) : (
        <span className="text-ink-faint">No e-mail</span>
      ),
  },
  {
    id: 'state',
    header: 'State',
    sort: 'state',
    width: '7.5rem',
    isCorner: true,
    cell: (tester) => <State value={tester.attributes?.state} />,
  },
  {
    id: 'groups',
    header: 'Groups',
    sort: 'groups',
    width: '15%',
    room: 'md',
    wideOnly: true,
    cell: ({ meta }) => <Names of={(meta?.groups ?? []).map(({ name }) => name)} />,
  },
  {
    id: 'device',
    header: 'Device',
    sort: 'device',
    width: '14%',
    room: 'lg',
    wideOnly: true,
    cell: (tester) => <Device tester={tester} />,
  },
  {
    id: 'installed',
    header: 'Has build',
    sort: 'installedBuild',
    width: '8.5rem',
    room: 'xl',
    wideOnly: true,
    cell: (tester) => <HasBuild tester={tester} />,
  },
  figure('sessionCount', 'Sessions 7 d'),
  figure('crashCount', 'Crashes 7 d'),
  figure('feedbackCount', 'Feedback 7 d'),
  {
    id: 'lastActive',
    header: 'Last active',
    sort: 'lastActive',
    width: '8rem',
    optional: true,
    wideOnly: true,
    cell: ({ meta }) => (meta?.lastActive ? <Time at={meta.lastActive} /> : '–'),
  },
  {
    id: 'inviteType',
    header: 'Came by',
    sort: 'inviteType',
    width: '7.5rem',
    optional: true,
    wideOnly: true,
    cell: (tester) => (tester.attributes?.inviteType ? label(tester.attributes.inviteType) : '–'),
  },
  {
    id: 'tags',
    header: 'Tags',
    width: '10rem',
    optional: true,
    wideOnly: true,
    cell: (tester) => <Tags tester={tester} />,
  },
  {
    id: 'note',
    header: 'Note',
    width: '12rem',
    optional: true,
    wideOnly: true,
    cell: ({ meta }) => (meta?.note ? <bdi data-tip={meta.note}>{meta.note}</bdi> : '–'),
  },
];

export const COLUMNS_ACROSS_APPS: readonly TesterColumn[] = [
  NAME_COLUMN,
  APP_COLUMN,
  ...TESTER_COLUMNS.map((column) => (SPARED.has(column.id) ? { ...column, room: '2xl' as const } : column)),
];

function Device({ tester }: { tester: TesterResource }) {
  const device = tester.attributes?.appDevices?.[0];
  if (!device?.model) return <span className="text-ink-faint">None yet</span>;
  return (
    <span data-tip={device.model}>
      {tester.meta?.deviceName ?? device.model}
      {device.osVersion ? <span className="text-ink-faint">{` · ${device.osVersion}`}</span> : null}
    </span>
  );
}

/** Builds of two platforms may carry the same number. */
function HasBuild({ tester }: { tester: TesterResource }) {
  const device = tester.attributes?.appDevices?.[0];
  if (!device?.appBuildVersion) return <>–</>;
  return (
    <>
      {device.appBuildVersion}
      {device.platform ? <span className="text-ink-faint">{` · ${label(device.platform)}`}</span> : null}
    </>
  );
}

function Tags({ tester }: { tester: TesterResource }) {
  const tags = tester.meta?.tags ?? [];
  if (tags.length === 0) return <>–</>;
  return (
    <span className="inline-flex gap-1">
      {tags.map((tag) => (
        <Badge key={tag}>
          <bdi>{tag}</bdi>
        </Badge>
      ))}
    </span>
  );
}
