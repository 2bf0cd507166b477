import { TESTER_STATE } from '@/lib/asc/catalogue/values';
import type { ListSpec } from '@/lib/browser/lists';

/** What the lists of testers ask of the API. */
export const TESTERS: ListSpec = {
  type: 'betaTesters',
  filters: [
    { param: 'apps' },
    { param: 'state', values: TESTER_STATE },
    { param: 'betaGroups' },
    {
      param: 'activity',
      values: ['active7', 'active30', 'active90', 'quiet7', 'quiet30', 'quiet90', 'quiet365'],
    },
    { param: 'device' },
    { param: 'os' },
    { param: 'installedBuild' },
    { param: 'devicePlatform' },
    { param: 'builds' },
    { param: 'inviteType', values: ['EMAIL', 'PUBLIC_LINK'] },
    { param: 'tag' },
  ],
  sorts: [
    'lastName',
    'firstName',
    'email',
    'state',
    'inviteType',
    'device',
    'os',
    'installedBuild',
    'sessions',
    'crashes',
    'feedback',
    'lastActive',
    'groups',
  ],
  defaultSort: 'lastName',
};
