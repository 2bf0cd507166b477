import { appIcon } from '@/lib/services/app-icons';
import { endpoint } from './endpoint';

/** The icon of an app. Its address changes with the picture, so a browser may keep it. */
export const readAppIcon = endpoint({
  name: 'apps/icon',
  permission: 'programme:read',
  run: ({ ctx, params }) => {
    const { contentType, bytes } = appIcon(ctx, params.appId ?? '');
    return new Response(new Uint8Array(bytes), {
      headers: {
        'Content-Type': contentType,
        'Cache-Control': 'private, max-age=604800, immutable',
        'Content-Security-Policy': "default-src 'none'; sandbox",
      },
    });
  },
});
