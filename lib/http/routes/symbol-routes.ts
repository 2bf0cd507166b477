import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { badParameter, RefusedError } from '@/lib/services/errors';
import { symbolsPage } from '@/lib/services/symbols/page';
import { removeSymbols } from '@/lib/services/symbols/remove';
import { inRoom } from '@/lib/services/symbols/room';
import { MOST_SENT, sentFor, takeInSymbols } from '@/lib/services/symbols/upload';
import { endpoint, machineEndpoint } from '../core/endpoint';
import { securityHeaders } from '../core/security-headers';

/** Which symbols an app's crashes need, and which are here; `build` narrows what is missing to one. */
export const readSymbols = endpoint({
  name: 'symbols',
  permission: 'feedback:read',
  async run({ ctx, query, account }) {
    const appId = query.get('app') ?? '';
    if (appId === '') throw badParameter('app', 'Say which app: its id.');
    const build = query.get('build') ?? undefined;
    return { body: { data: await symbolsPage(ctx, { appId, accountId: account, build }) } };
  },
});

/** The same for build machines. */
export const readSymbolState = machineEndpoint({
  name: 'symbols/state',
  permission: 'symbols:write',
  async run({ ctx, query, account }) {
    const app = await sentFor(ctx, { appId: query.get('app') ?? undefined, accountId: account });
    if (!app) throw badParameter('app', 'Say which app: its id.');
    const build = query.get('build') ?? undefined;
    return { body: { data: await symbolsPage(ctx, { appId: app.appId, accountId: app.accountId, build }) } };
  },
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
      await keptBody(request, file);
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

/** Writes a body to a file while it is no longer than it may be. @throws RefusedError 400, 413, 507 */
async function keptBody(request: Request, file: string): Promise<void> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > MOST_SENT) throw tooLarge();
  if (!request.body)
    throw new RefusedError({
      status: 400,
      code: 'FLIGHTDECK.BODY',
      title: 'The request body is wrong',
      detail: 'There is no file in the request. Send it as the body itself.',
    });
  let size = 0;
  try {
    await pipeline(
      Readable.fromWeb(request.body as never),
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          size += piece.length;
          if (size > MOST_SENT) throw tooLarge();
          yield piece;
        }
      },
      createWriteStream(/* turbopackIgnore: true */ file, { flags: 'wx', mode: 0o600 }),
      { signal: request.signal },
    );
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (['ENOSPC', 'EDQUOT'].includes(code)) throw noRoom();
    throw error;
  }
}

const tooLarge = () =>
  new RefusedError({
    status: 413,
    code: 'FLIGHTDECK.FILE.TOO_LARGE',
    title: 'The file is too large',
    detail: `A file may have at most ${Math.floor(MOST_SENT / 1024 / 1024)} MB. Send the dSYMs one by one, packed as .zip.`,
  });

const noRoom = () =>
  new RefusedError({
    status: 507,
    code: 'FLIGHTDECK.DISK_FULL',
    title: 'The disk is full',
    detail: 'The disk of this server is full. Nothing was kept of the file; make room and send it again.',
  });
