import { colleagues, inboxTabs, listInbox } from '@/lib/services/feedback/inbox';
import { endpoint } from '../core/endpoint';

const list = (type: 'feedback' | 'issues') =>
  endpoint({
    name: type,
    permission: 'feedback:read',
    async run({ ctx, query, account }) {
      const parameters = new URLSearchParams(query);
      parameters.delete('account');
      return { body: await listInbox(ctx, { type, parameters, accountId: account }) };
    },
  });

/** The inbox: reports of both kinds. */
export const listFeedback = list('feedback');
/** Crash issues. */
export const listIssues = list('issues');

/** How many stand under each tab; `app` for one app, `of=issues` for crash issues. */
export const readTabs = endpoint({
  name: 'feedback/tabs',
  permission: 'feedback:read',
  async run({ ctx, query, account }) {
    const type = query.get('of') === 'issues' ? 'issues' : 'feedback';
    const appId = query.get('app') ?? undefined;
    return { body: { data: await inboxTabs(ctx, { type, appId, accountId: account }) } };
  },
});

/** Who can be given feedback to work on. */
export const readColleagues = endpoint({
  name: 'feedback/people',
  permission: 'feedback:read',
  run: async ({ ctx }) => ({ body: { data: await colleagues(ctx) } }),
});
