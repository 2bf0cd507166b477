import type { ListSpec } from '@/lib/browser/lists';

const FLAG = ['true', 'false'];

/** What the lists of groups ask of the API. */
export const GROUPS: ListSpec = {
  type: 'betaGroups',
  filters: [
    { param: 'app' },
    { param: 'isInternalGroup', values: FLAG },
    { param: 'publicLinkEnabled', values: FLAG },
    { param: 'publicLinkLimitEnabled', values: FLAG },
    { param: 'feedbackEnabled', values: FLAG },
  ],
  sorts: [
    'name',
    'createdDate',
    'publicLinkEnabled',
    'publicLinkLimit',
    'testerCount',
    'buildCount',
    'lastActivity',
  ],
  defaultSort: 'name',
};
