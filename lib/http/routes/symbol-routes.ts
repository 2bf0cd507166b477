import path from 'node:path';
import { badParameter } from '@/lib/services/errors';
import { symbolsPage } from '@/lib/services/symbols/page';
import { removeSymbols } from '@/lib/services/symbols/remove';
import { inRoom } from '@/lib/services/symbols/room';
import { MOST_SENT, sentFor, takeInSymbols } from '@/lib/services/symbols/upload';
import { endpoint, machineEndpoint } from '../core/endpoint';
import { keptBody } from '../core/kept-body';
import { securityHeaders } from '../core/security-headers';

/** Which symbols an app's crashes need, and which are here; `build` narrows what is missing, `cursor` goes on. */
export const readSymbols = endpoint({
  name: 'symbols',
  permission: 'feedback:read',
  async run({ ctx, query, account }) {
    const appId = query.get('app') ?? '';
    if (appId === '') throw badParameter('app', 'Say which app: its id.');
    return { body: { data: await symbolsPage(ctx, { appId, accountId: account, ...narrowed(query) }) } };
  },
});

/** The same for build machines. */
export const readSymbolState = machineEndpoint({
  name: 'symbols/state',
  permission: 'symbols:write',
  async run({ ctx, query, account }) {
    const app = await sentFor(ctx, { appId: query.get('app') ?? undefined, accountId: account });
    if (!app) throw badParameter('app', 'Say which app: its id.');
    const of = { appId: app.appId, accountId: app.accountId };
    return { body: { data: await symbolsPage(ctx, { ...of, ...narrowed(query) }) } };
  },
});

const narrowed = (query: URLSearchParams) => ({
  build: query.get('build') || undefined,
  cursor: query.get('cursor') || undefined,
});

/** Takes in a dSYM: the body is the file itself. */
export const sendSymbols = machineEndpoint({
  name: 'symbols',
  permission: 'symbols:write',
  async run({ ctx, request, query, account }) {
    const appId = query.get('app') || undefined;
    // Asked before anything is read.
    await sentFor(ctx, { appId, accountId: account });
    const data = await inRoom(ctx.env, async (folder) => {
      const file = path.join(folder, 'sent');
      await keptBody(request, file, { bytes: MOST_SENT });
      const name = query.get('name')?.slice(0, 300) || 'file';
      return takeInSymbols(
        ctx,
        { file, name, folder, appId, accountId: account },
        { signal: request.signal },
      );
    });
    // This address is not passed through the proxy, which would hold the whole body in memory.
    const headers = Object.fromEntries(
      securityHeaders({ isSecure: ctx.env.NEXTAUTH_URL.startsWith('https:') }),
    );
    const isStored = data.symbols.some(({ outcome }) => outcome === 'stored');
    return { status: isStored ? 201 : 200, body: { data }, headers };
  },
});

export const deleteSymbols = endpoint({
  name: 'symbols',
  permission: 'symbols:write',
  async run({ ctx, params }) {
    await removeSymbols(ctx, params.uuid ?? '');
    return { status: 204 };
  },
});
