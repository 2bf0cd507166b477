import { digestBody, readDigest, saveDigest } from '@/lib/services/digest/settings';
import { previewDigest, sendDigestNow } from '@/lib/services/digest/try';
import { endpoint } from '../core/endpoint';

/** One's own weekly digest: when it comes, and what became of the last. */
export const readOwnDigest = endpoint({
  name: 'digest',
  permission: 'programme:read',
  run: async ({ ctx }) => ({ body: { data: await readDigest(ctx) } }),
});

export const saveOwnDigest = endpoint({
  name: 'digest',
  permission: 'programme:read',
  body: digestBody,
  run: async ({ ctx, body }) => ({ body: { data: await saveDigest(ctx, body) } }),
});

/** What it would say now. */
export const previewOwnDigest = endpoint({
  name: 'digest/preview',
  permission: 'programme:read',
  run: async ({ ctx }) => ({ body: { data: await previewDigest(ctx) } }),
});

/** Sends it as it is now. */
export const sendOwnDigest = endpoint({
  name: 'digest/send',
  permission: 'programme:read',
  run: async ({ ctx }) => ({ body: { data: await sendDigestNow(ctx) } }),
});
