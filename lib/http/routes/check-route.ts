import { checkBuild } from '@/lib/services/feedback/check';
import { machineEndpoint } from '../core/endpoint';

/** What a build machine asks before it goes on: has this build new crash issues? */
export const readCheck = machineEndpoint({
  name: 'feedback check',
  permission: 'feedback:read',
  async run({ ctx, query, account }) {
    const question = { appId: query.get('app') ?? '', build: query.get('build') ?? '', accountId: account };
    return { body: { data: await checkBuild(ctx, question) } };
  },
});
