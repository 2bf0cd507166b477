import { changeMember, inviteBody, inviteMember, listTeam, memberBody } from '@/lib/services/team';
import { endpoint } from '../core/endpoint';

export const readTeam = endpoint({
  name: 'team',
  run: async ({ ctx }) => ({ body: { data: await listTeam(ctx) } }),
});

export const inviteToTeam = endpoint({
  name: 'team',
  permission: 'team:write',
  body: inviteBody,
  async run({ ctx, body }) {
    const { member, temporaryPassword } = await inviteMember(ctx, body);
    return { status: 201, body: { data: member, meta: { temporaryPassword } } };
  },
});

export const changeTeam = endpoint({
  name: 'team',
  permission: 'team:write',
  body: memberBody,
  async run({ ctx, body }) {
    const { member, temporaryPassword } = await changeMember(ctx, body);
    return { body: { data: member, meta: temporaryPassword ? { temporaryPassword } : {} } };
  },
});
