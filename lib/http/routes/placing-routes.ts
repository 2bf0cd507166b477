import { readIssueChoices } from '@/lib/services/feedback/issue-choices';
import { readIssueVariants } from '@/lib/services/feedback/issue-variants';
import { placeReports, placingBody } from '@/lib/services/feedback/placing';
import { endpoint } from '../core/endpoint';

/** So much fit the ids of 20,000 reports, bytes. */
const BODY_LIMIT = 2_000_000;

/** Merges, splits, attaches or takes out. */
export const place = endpoint({
  name: 'feedback/placing',
  permission: 'feedback:write',
  body: placingBody,
  bodyLimit: BODY_LIMIT,
  run: async ({ ctx, body }) => ({ body: { data: await placeReports(ctx, body) } }),
});

/** Crash issues to choose one of, with the builds that tell like ones apart. */
export const readChoices = endpoint({
  name: 'issues/choices',
  permission: 'feedback:read',
  async run({ ctx, query, account }) {
    const parameters = new URLSearchParams(query);
    parameters.delete('account');
    return { body: await readIssueChoices(ctx, { parameters, accountId: account }) };
  },
});

/** The ways into a crash issue, each by its calls. */
export const readVariants = endpoint({
  name: 'issues/variants',
  permission: 'feedback:read',
  run: async ({ ctx, params }) => ({ body: { data: await readIssueVariants(ctx, params.id ?? '') } }),
});
