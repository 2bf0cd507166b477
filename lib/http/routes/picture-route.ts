import { addDrawing, MOST_DRAWING, removeDrawing } from '@/lib/services/feedback/drawings';
import { drawingOf, type Picture, pictureOf } from '@/lib/services/feedback/pictures';
import { endpoint } from '../core/endpoint';
import { readBytes } from '../core/read-bytes';

/** A picture of a report, or how it is shown small (`size=small`). */
export const readPicture = endpoint({
  name: 'feedback/pictures',
  permission: 'feedback:read',
  run: async ({ ctx, request, params, query, account }) =>
    shown(
      await pictureOf(ctx, {
        feedbackId: params.id ?? '',
        position: params.position ?? '',
        accountId: account,
        ...asked(request, query),
      }),
    ),
});

/** The same of what was drawn on a copy of one. */
export const readDrawing = endpoint({
  name: 'feedback/drawings',
  permission: 'feedback:read',
  run: async ({ ctx, request, params, query, account }) =>
    shown(
      await drawingOf(ctx, {
        feedbackId: params.id ?? '',
        id: params.drawing ?? '',
        accountId: account,
        ...asked(request, query),
      }),
    ),
});

/** Keeps what was drawn on a copy of a picture: the body is the file itself. */
export const createDrawing = endpoint({
  name: 'feedback/drawings',
  permission: 'feedback:write',
  async run({ ctx, request, params, account }) {
    const which = { feedbackId: params.id ?? '', position: params.position ?? '', accountId: account };
    const bytes = await readBytes(request, MOST_DRAWING);
    return { status: 201, body: { data: await addDrawing(ctx, which, bytes) } };
  },
});

export const deleteDrawing = endpoint({
  name: 'feedback/drawings',
  permission: 'feedback:write',
  async run({ ctx, params, account }) {
    const which = { feedbackId: params.id ?? '', id: params.drawing ?? '', accountId: account };
    await removeDrawing(ctx, which);
    return { status: 204 };
  },
});

/** In which size, and what the browser has of it. */
const asked = (request: Request, query: URLSearchParams) => ({
  isSmall: query.get('size') === 'small',
  known: /^(?:W\/)?"([0-9a-f]{64})"$/.exec(request.headers.get('if-none-match') ?? '')?.[1] ?? null,
});

function shown({ hash, type, bytes }: Picture): Response {
  const headers = {
    ETag: `"${hash}"`,
    // Shown again only after this session was asked for: it may be over, and the person in the picture erased.
    'Cache-Control': 'private, no-cache',
    Vary: 'Cookie',
    // Whatever the bytes are, they are shown as a picture and can do nothing.
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
  if (!bytes) return new Response(null, { status: 304, headers });
  return new Response(new Uint8Array(bytes), { headers: { ...headers, 'Content-Type': type } });
}
