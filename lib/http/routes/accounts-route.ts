import {
  accountChangeBody,
  addAccount,
  changeAccount,
  checkKey,
  keyBody,
  listAccounts,
  newAccountBody,
  removalBody,
  removeAccount,
} from '@/lib/services/accounts/accounts';
import { endpoint } from '../core/endpoint';

/** A .p8 file has about 260 bytes, bytes. */
const KEY_LIMIT = 32 * 1024;

export const readAccounts = endpoint({
  name: 'accounts',
  run: async ({ ctx }) => ({ body: { data: await listAccounts(ctx) } }),
});

export const createAccount = endpoint({
  name: 'accounts',
  permission: 'accounts:write',
  body: newAccountBody,
  bodyLimit: KEY_LIMIT,
  run: async ({ ctx, body }) => ({ status: 201, body: { data: await addAccount(ctx, body) } }),
});

/** The live check of a key, before anything is kept of it. */
export const checkAccountKey = endpoint({
  name: 'accounts/check',
  permission: 'accounts:write',
  body: keyBody,
  bodyLimit: KEY_LIMIT,
  async run({ ctx, body }) {
    const check = await checkKey(ctx, body);
    if (check.ok) return { body: { data: check } };
    const { error: _, ...data } = check;
    return { body: { data } };
  },
});

export const editAccount = endpoint({
  name: 'accounts/id',
  permission: 'accounts:write',
  body: accountChangeBody,
  bodyLimit: KEY_LIMIT,
  run: async ({ ctx, params, body }) => ({ body: { data: await changeAccount(ctx, params.id ?? '', body) } }),
});

export const deleteAccount = endpoint({
  name: 'accounts/id',
  permission: 'accounts:write',
  body: removalBody,
  async run({ ctx, params, body }) {
    await removeAccount(ctx, params.id ?? '', body.confirm);
    return { body: { meta: {} } };
  },
});
