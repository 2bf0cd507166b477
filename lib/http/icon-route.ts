import { appIcon } from '@/lib/services/app-icons';
import { endpoint } from './endpoint';

/** The icon of an app. */
export const readAppIcon = endpoint({
  name: 'apps/icon',
  permission: 'programme:read',
  run: ({ ctx, params }) => {
    const { contentType, bytes } = appIcon(ctx, params.appId ?? '');
    return new Response(new Uint8Array(bytes), {
      headers: { 'Content-Type': contentType },
    });
  },
});
