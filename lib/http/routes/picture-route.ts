import { pictureOf } from '@/lib/services/feedback/pictures';
import { endpoint } from '../core/endpoint';

/** A picture of a report, or how it is shown small (`size=small`). */
export const readPicture = endpoint({
  name: 'feedback/pictures',
  permission: 'feedback:read',
  async run({ ctx, request, params, query, account }) {
    const { hash, type, bytes } = await pictureOf(ctx, {
      feedbackId: params.id ?? '',
      position: params.position ?? '',
      accountId: account,
      isSmall: query.get('size') === 'small',
      known: /^(?:W\/)?"([0-9a-f]{64})"$/.exec(request.headers.get('if-none-match') ?? '')?.[1] ?? null,
    });
    const headers = {
      ETag: `"${hash}"`,
      // Which file stands at a place may change; asking whether it did costs next to nothing.
      'Cache-Control': query.get('v') === hash ? 'private, max-age=31536000, immutable' : 'private, no-cache',
      Vary: 'Cookie',
      // Whatever the bytes are, they are shown as a picture and can do nothing.
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cross-Origin-Resource-Policy': 'same-origin',
    };
    if (!bytes) return new Response(null, { status: 304, headers });
    return new Response(new Uint8Array(bytes), { headers: { ...headers, 'Content-Type': type } });
  },
});
