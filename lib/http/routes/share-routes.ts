import { RefusedError, tooMany } from '@/lib/services/errors';
import { createPace } from '@/lib/services/sharing/pace';
import { overHtml, sharedHtml } from '@/lib/services/sharing/page';
import {
  type CtxOf,
  listShares,
  makeShare,
  newShareBody,
  openShare,
  revokeShare,
  sharedDrawing,
  sharedPicture,
} from '@/lib/services/sharing/shares';
import { endpoint, type PublicCall, publicEndpoint } from '../core/endpoint';

/** Every link, or those of one report or issue: `kind`, `id`. */
export const readShares = endpoint({
  name: 'shares',
  permission: 'export:run',
  async run({ ctx, query, account }) {
    const [kind, id] = [query.get('kind'), query.get('id')];
    const isOfOne = (kind === 'report' || kind === 'issue') && id !== null;
    return { body: { data: await listShares(ctx, isOfOne ? { kind, id, accountId: account } : undefined) } };
  },
});

export const createShare = endpoint({
  name: 'shares',
  permission: 'export:run',
  body: newShareBody,
  run: async ({ ctx, body }) => ({ status: 201, body: { data: await makeShare(ctx, body) } }),
});

export const deleteShare = endpoint({
  name: 'shares',
  permission: 'export:run',
  async run({ ctx, params }) {
    await revokeShare(ctx, params.id ?? '');
    return { status: 204 };
  },
});

const MINUTE_MS = 60_000;
/** A page has pictures, and several people may open it at once. */
const opens = createPace({ most: 120, windowMs: MINUTE_MS, keys: 5_000 });
const strangers = createPace({ most: 300, windowMs: MINUTE_MS, keys: 1 });

const HEADERS = {
  'X-Robots-Tag': 'noindex, nofollow, noarchive',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};
const PAGE = { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8' };

const ctxOf =
  ({ app, requestId }: PublicCall): CtxOf =>
  (actor) =>
    app.ctx(actor, requestId);

/** Asks for a turn; one who only guesses shuts nobody out. @throws RefusedError 429 */
function paced({ app, params }: PublicCall): string {
  const token = params.token ?? '';
  const retryAt = opens.take(token, app.clock.now());
  if (retryAt !== null) throw tooMany('This link is opened too often. Wait a minute.', retryAt);
  return token;
}

/** There is nothing, for a reason that is nobody's business. @throws RefusedError 429 */
function nothing({ app }: PublicCall): Response {
  const retryAt = strangers.take('', app.clock.now());
  if (retryAt !== null) throw tooMany('Too many links are tried. Wait a minute.', retryAt);
  return new Response(overHtml(), { status: 404, headers: PAGE });
}

/** The page of a share link, for whoever holds it. */
export const readShared = publicEndpoint({
  name: 'share',
  async run(call) {
    const token = paced(call);
    try {
      const shared = await openShare({ ...call.app, ctxOf: ctxOf(call) }, token);
      return shared ? new Response(sharedHtml(shared, token), { headers: PAGE }) : nothing(call);
    } catch (error) {
      if (error instanceof RefusedError && error.status === 404) return nothing(call);
      throw error;
    }
  },
});

/** A picture of it. */
export const readSharedPicture = publicEndpoint({
  name: 'share/pictures',
  run: (call) => shownPicture(call, sharedPicture, call.params.position ?? ''),
});

/** What was drawn on a copy of one. */
export const readSharedDrawing = publicEndpoint({
  name: 'share/drawings',
  run: (call) => shownPicture(call, sharedDrawing, call.params.drawing ?? ''),
});

async function shownPicture(call: PublicCall, read: typeof sharedPicture, which: string): Promise<Response> {
  const token = paced(call);
  try {
    const picture = await read({ ...call.app, ctxOf: ctxOf(call) }, token, which);
    if (!picture?.bytes) return nothing(call);
    return new Response(new Uint8Array(picture.bytes), {
      headers: {
        ...HEADERS,
        'Content-Type': picture.type,
        'Content-Security-Policy': "default-src 'none'; sandbox",
        'Cross-Origin-Resource-Policy': 'same-origin',
      },
    });
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return nothing(call);
    throw error;
  }
}
