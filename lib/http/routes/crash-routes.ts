import { notFound } from '@/lib/services/errors';
import { readCrash } from '@/lib/services/feedback/crash';
import { readIssueRate } from '@/lib/services/feedback/issue';
import { issuePage } from '@/lib/services/feedback/issue-page';
import { fetchLogNow } from '@/lib/services/feedback/log';
import { endpoint } from '../core/endpoint';

/** What the log of a crash says; `as=text` gives the log itself as a file, `again=1` asks Apple once more. */
export const readCrashLog = endpoint({
  name: 'feedback/log',
  permission: 'feedback:read',
  async run({ ctx, params, query, account }) {
    const which = { id: params.id ?? '', accountId: account, isAsked: query.get('again') === '1' };
    if (query.get('as') !== 'text') return { body: { data: await readCrash(ctx, which) } };
    const { text, trouble } = await fetchLogNow(ctx, which);
    if (text === null) throw notFound(trouble ?? 'The log of this crash is not here yet.');
    return new Response(text, {
      headers: {
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Disposition': `attachment; filename="crash-${which.id.replace(/[^\w-]/g, '')}.ips"`,
      },
    });
  },
});

/** One crash issue for its page. */
export const readIssue = endpoint({
  name: 'issues/one',
  permission: 'feedback:read',
  run: async ({ ctx, params }) => ({ body: { data: await issuePage(ctx, params.id ?? '') } }),
});

/** How often it happens in the newest builds it was seen in. */
export const readRate = endpoint({
  name: 'issues/rate',
  permission: 'feedback:read',
  run: async ({ ctx, params }) => ({ body: { data: await readIssueRate(ctx, params.id ?? '') } }),
});
