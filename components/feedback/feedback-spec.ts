import type { ListSpec } from '@/lib/browser/lists';

const YES_NO = ['yes', 'no'];
/** The tabs over both lists. */
const VIEW = { param: 'view', values: ['review', 'mine', 'open', 'resolved', 'all'], tab: 'review' };

/** What the inbox asks of the API. */
export const FEEDBACK = {
  type: 'feedback',
  filters: [
    VIEW,
    { param: 'kind', values: ['crash', 'screenshot'] },
    { param: 'status' },
    { param: 'assignee' },
    { param: 'app' },
    { param: 'priority' },
    { param: 'label' },
    { param: 'version' },
    { param: 'build' },
    { param: 'buildNumber' },
    { param: 'device' },
    { param: 'os' },
    { param: 'platform' },
    { param: 'locale' },
    { param: 'group' },
    { param: 'tester' },
    { param: 'issue' },
    { param: 'regressed', values: YES_NO },
    { param: 'snoozed', values: YES_NO },
    { param: 'hasComment', values: YES_NO },
    { param: 'hasPicture', values: YES_NO },
    { param: 'hasLog', values: YES_NO },
    { param: 'disk' },
    { param: 'battery' },
    { param: 'connection' },
    { param: 'gone', values: YES_NO },
  ],
  sorts: ['createdDate', 'status', 'priority', 'assignee', 'app', 'build', 'device', 'os'],
  defaultSort: '-createdDate',
} as const satisfies ListSpec;

/** What the list of crash issues asks of the API. */
export const ISSUES = {
  type: 'issues',
  filters: [
    VIEW,
    { param: 'status' },
    { param: 'assignee' },
    { param: 'app' },
    { param: 'priority' },
    { param: 'label' },
    { param: 'version' },
    { param: 'build' },
    { param: 'buildNumber' },
    { param: 'crashKind' },
    { param: 'regressed', values: YES_NO },
    { param: 'snoozed', values: YES_NO },
  ],
  sorts: [
    'lastDate',
    'firstDate',
    'reportCount',
    'testerCount',
    'title',
    'status',
    'priority',
    'assignee',
    'app',
  ],
  defaultSort: '-lastDate',
} as const satisfies ListSpec;
