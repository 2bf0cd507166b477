import { authorise } from '@/lib/access/policy';
import { type AppIcon, iconStatement, missingIcons, readIcon } from '@/lib/mirror/app-icons';
import { resolveAccount } from '@/lib/mirror/query';
import { accountRow } from './accounts/rows';
import type { Ctx } from './ctx';
import { notFound } from './errors';

/** Width and height asked for, pixels: the largest shown is 44, on screens of three pixels a point. */
const SIDE = 144;
const MOST_BYTES = 256 * 1024;
const PATIENCE_MS = 10_000;
const PICTURES = ['image/png', 'image/jpeg', 'image/webp'];
/** Apple's picture hosts: `is1-ssl.mzstatic.com` and its like. */
const APPLES = /(^|\.)mzstatic\.com$/;

/**
 * Fetches the icons that are new since the last time, without the key and from Apple's picture hosts only (or from the
 * sandbox itself). What cannot be had is noted and tried again a day later; it never fails a sync.
 */
export async function fetchAppIcons(
  ctx: Pick<Ctx, 'db' | 'clock' | 'log' | 'fetch'>,
  accountId: string,
  signal: AbortSignal,
): Promise<void> {
  const { db, clock, log } = ctx;
  const { baseUrl } = await accountRow(db, accountId);
  for (const { appId, templateUrl } of await missingIcons(db, accountId, clock.now())) {
    if (signal.aborted) return;
    const picture = await fetchPicture(ctx.fetch ?? fetch, addressOf(templateUrl, baseUrl), signal).catch(
      (error: unknown) => {
        log.debug({ error, accountId, appId }, 'The icon could not be fetched.');
        return null;
      },
    );
    if (signal.aborted) return;
    await db.write([iconStatement({ accountId, appId, templateUrl, picture }, clock.now())]);
  }
}

/** The icon of an app. @throws RefusedError (404) when there is none */
export async function appIcon(
  ctx: Ctx,
  appId: string,
  accountId?: string | undefined,
): Promise<NonNullable<AppIcon['picture']>> {
  authorise(ctx.actor, 'programme:read');
  const holder = await resolveAccount(ctx.db, 'apps', appId, { accountId });
  const icon = holder && (await readIcon(ctx.db, holder.accountId, appId));
  if (!icon) throw notFound('There is no picture of this app.');
  return icon;
}

/** The address for one size; null when it leads anywhere but to Apple's picture hosts or the sandbox. */
function addressOf(templateUrl: string, baseUrl: string): URL | null {
  const filled = templateUrl
    .replaceAll('{w}', String(SIDE))
    .replaceAll('{h}', String(SIDE))
    .replaceAll('{c}', 'bb')
    .replaceAll('{f}', 'png');
  if (!URL.canParse(filled)) return null;
  const url = new URL(filled);
  const isApples = url.protocol === 'https:' && url.port === '' && APPLES.test(url.hostname);
  const isSandbox =
    url.origin === new URL(baseUrl).origin && ['127.0.0.1', 'localhost'].includes(url.hostname);
  return isApples || isSandbox ? url : null;
}

async function fetchPicture(
  get: NonNullable<Ctx['fetch']>,
  url: URL | null,
  stop: AbortSignal,
): Promise<AppIcon['picture']> {
  if (!url) return null;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)]);
  const answer = await get(url.href, { method: 'GET', headers: {}, redirect: 'manual', signal });
  const contentType = answer.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
  if (answer.status !== 200 || !PICTURES.includes(contentType) || !answer.body) {
    await answer.body?.cancel();
    return null;
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body) {
    size += part.length;
    if (size > MOST_BYTES) return null;
    parts.push(part);
  }
  return { contentType, bytes: Buffer.concat(parts) };
}
