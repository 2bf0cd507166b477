import { appIcon } from '@/lib/services/app-icons';
import { endpoint } from '../core/endpoint';

/** The icon of an app. */
export const readAppIcon = endpoint({
  name: 'apps/icon',
  permission: 'programme:read',
  run: async ({ ctx, params, query, account }) => {
    const { contentType, bytes } = await appIcon(ctx, params.appId ?? '', account);
    return new Response(new Uint8Array(bytes), {
      headers: {
        'Content-Type': contentType,
        // The address changes with the picture; without a version nothing says which one it is.
        'Cache-Control': query.has('v') ? 'private, max-age=31536000, immutable' : 'no-store',
      },
    });
  },
});
