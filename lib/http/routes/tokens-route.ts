import { listTokens, makeToken, newTokenBody, revokeToken } from '@/lib/services/tokens';
import { endpoint } from '../core/endpoint';

export const readTokens = endpoint({
  name: 'tokens',
  permission: 'tokens:write',
  run: async ({ ctx }) => ({ body: { data: await listTokens(ctx) } }),
});

export const createToken = endpoint({
  name: 'tokens',
  permission: 'tokens:write',
  body: newTokenBody,
  run: async ({ ctx, body }) => ({ status: 201, body: { data: await makeToken(ctx, body) } }),
});

export const deleteToken = endpoint({
  name: 'tokens',
  permission: 'tokens:write',
  async run({ ctx, params }) {
    await revokeToken(ctx, params.id ?? '');
    return { status: 204 };
  },
});
