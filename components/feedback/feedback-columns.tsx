import { AppName } from '@/components/shell/app-name';
import type { Column } from '@/components/ui/data-table/types';
import { Badge } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import type { FeedbackResource, IssueResource } from '@/lib/browser/feedback';
import { languageTag, localeWord } from '@/lib/format/feedback';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import {
  BuildShort,
  IssueNumber,
  IssueState,
  KindIcon,
  Labels,
  Priority,
  saidBy,
  testerWords,
} from './feedback-words';

type FeedbackColumn = Column<FeedbackResource>;
const NONE = <span className="text-ink-faint">–</span>;

const SAYS: FeedbackColumn = {
  id: 'says',
  header: 'What it says',
  cell: (report) => <Says report={report} />,
};

function Says({ report }: { report: FeedbackResource }) {
  const { title, more } = saidBy(report);
  const count = report.meta?.issue?.kind === 'crash' ? report.meta.issue.reportCount : 0;
  return (
    <span className="flex min-w-0 items-center gap-2">
      <KindIcon type={report.attributes?.type} />
      <IssueNumber number={report.meta?.issue?.number} />
      <bdi
        dir="auto"
        lang={report.attributes?.comment?.trim() ? languageTag(report.attributes.locale) : undefined}
        className="min-w-0 truncate"
      >
        {title}
      </bdi>
      {more ? (
        <bdi className="min-w-0 shrink-[9] truncate font-normal text-ink-faint text-xs">{more}</bdi>
      ) : null}
      {count > 1 ? (
        <span data-tip={`${formatPlural(count, 'report')} of this crash`}>
          <Badge>×{formatCount(count)}</Badge>
        </span>
      ) : null}
      {report.attributes?.goneAt ? <Badge>Gone at Apple</Badge> : null}
    </span>
  );
}

/** What both lists tell of an issue, each as wide as the others leave it. */
type Told = FeedbackResource | IssueResource;
type Room = Pick<Column<Told>, 'width' | 'room'>;
const app = (width: string) => ({
  ...{ id: 'app', header: 'App', sort: 'app', width, wideOnly: true },
  cell: ({ meta }: Told) => <AppName appId={meta?.appId} accountName={meta?.accountName} />,
});
const status = (width: string) => ({
  ...{ id: 'status', header: 'Status', sort: 'status', width },
  cell: ({ meta }: Told) => <IssueState issue={meta?.issue} />,
});
const assignee = (room: Room) => ({
  ...{ id: 'assignee', header: 'Assignee', sort: 'assignee', wideOnly: true, ...room },
  cell: ({ meta }: Told) => (meta?.issue?.assigneeName ? <bdi>{meta.issue.assigneeName}</bdi> : NONE),
});
const priority = (room: Room) => ({
  ...{ id: 'priority', header: 'Priority', sort: 'priority', wideOnly: true, ...room },
  cell: ({ meta }: Told) => <Priority priority={meta?.issue?.priority ?? 0} />,
});
const LABELS = {
  ...{ id: 'labels', header: 'Labels', width: '9rem', optional: true, wideOnly: true },
  cell: ({ meta }: Told) => <Labels labels={meta?.issue?.labels} />,
};

const REST: readonly FeedbackColumn[] = [
  {
    id: 'build',
    header: 'Build',
    sort: 'build',
    width: '9.5rem',
    room: 'lg',
    cell: (report) => <BuildShort build={report.meta?.build} />,
  },
  {
    id: 'device',
    header: 'Device',
    sort: 'device',
    width: '8.5rem',
    room: 'xl',
    wideOnly: true,
    cell: ({ attributes, meta }) =>
      attributes?.deviceModel ? (
        <span data-tip={attributes.deviceModel}>{meta?.deviceName ?? attributes.deviceModel}</span>
      ) : (
        NONE
      ),
  },
  {
    id: 'os',
    header: 'System',
    sort: 'os',
    width: '4.5rem',
    room: '2xl',
    wideOnly: true,
    cell: ({ attributes }) => attributes?.osVersion ?? NONE,
  },
  {
    id: 'tester',
    header: 'Tester',
    width: '10rem',
    room: '2xl',
    wideOnly: true,
    cell: (report) => {
      const name = testerWords(report);
      return name === null ? <span className="text-ink-faint">Not known</span> : <bdi>{name}</bdi>;
    },
  },
  status('9.5rem'),
  assignee({ width: '6rem', room: 'md' }),
  priority({ width: '5rem', room: 'xl' }),
  LABELS,
  {
    id: 'received',
    header: 'Received',
    sort: 'createdDate',
    width: '7.5rem',
    isCorner: true,
    cell: ({ attributes }) => <Time at={attributes?.createdDate} />,
  },
  {
    id: 'locale',
    header: 'Language',
    width: '9rem',
    optional: true,
    wideOnly: true,
    cell: ({ attributes }) => (attributes?.locale ? localeWord(attributes.locale) : NONE),
  },
];

/** The columns of the inbox, with the app where it spans all. */
export const FEEDBACK_COLUMNS: readonly FeedbackColumn[] = [SAYS, ...REST];
export const FEEDBACK_COLUMNS_ACROSS_APPS: readonly FeedbackColumn[] = [SAYS, app('10%'), ...REST];

type IssueColumn = Column<IssueResource>;
const TITLE: IssueColumn = {
  id: 'title',
  header: 'Crash',
  sort: 'title',
  cell: ({ attributes, meta }) => (
    <span className="flex min-w-0 items-center gap-2">
      <KindIcon type="betaFeedbackCrashSubmissions" />
      <IssueNumber number={meta?.issue?.number} />
      <bdi dir="auto" className="min-w-0 truncate">
        {attributes?.title}
      </bdi>
    </span>
  ),
};
const ISSUE_REST: readonly IssueColumn[] = [
  {
    id: 'reports',
    header: 'Reports',
    sort: 'reportCount',
    width: '5.5rem',
    align: 'end',
    cell: ({ attributes }) => (
      <>
        {formatCount(attributes?.reportCount)}
        <span className="sm:hidden">{attributes?.reportCount === 1 ? ' report' : ' reports'}</span>
      </>
    ),
  },
  {
    id: 'testers',
    header: 'Testers',
    sort: 'testerCount',
    width: '5.5rem',
    align: 'end',
    room: 'lg',
    wideOnly: true,
    cell: ({ attributes }) => formatCount(attributes?.testerCount),
  },
  status('9rem'),
  assignee({ width: '7rem', room: 'lg' }),
  priority({ width: '5rem', room: 'xl' }),
  LABELS,
  {
    id: 'first',
    header: 'First seen',
    sort: 'firstDate',
    width: '7rem',
    room: '2xl',
    wideOnly: true,
    cell: ({ attributes }) => <Time at={attributes?.firstDate} />,
  },
  {
    id: 'last',
    header: 'Last seen',
    sort: 'lastDate',
    width: '7.5rem',
    isCorner: true,
    cell: ({ attributes }) => <Time at={attributes?.lastDate} />,
  },
];

/** The columns of crash issues, with the app where they span all. */
export const ISSUE_COLUMNS: readonly IssueColumn[] = [TITLE, ...ISSUE_REST];
export const ISSUE_COLUMNS_ACROSS_APPS: readonly IssueColumn[] = [TITLE, app('10%'), ...ISSUE_REST];
