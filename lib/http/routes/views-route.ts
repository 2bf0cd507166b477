import {
  changeView,
  listViews,
  newViewBody,
  removeView,
  saveView,
  viewChangeBody,
  viewRemovalBody,
} from '@/lib/services/views';
import { endpoint } from '../core/endpoint';

export const readViews = endpoint({
  name: 'views',
  run: async ({ ctx, query }) => ({ body: { data: await listViews(ctx, query.get('page') ?? undefined) } }),
});

export const addView = endpoint({
  name: 'views',
  permission: 'views:write',
  body: newViewBody,
  run: async ({ ctx, body }) => ({ status: 201, body: { data: await saveView(ctx, body) } }),
});

export const editView = endpoint({
  name: 'views',
  permission: 'views:write',
  body: viewChangeBody,
  run: async ({ ctx, body }) => ({ body: { data: await changeView(ctx, body) } }),
});

export const deleteView = endpoint({
  name: 'views',
  permission: 'views:write',
  body: viewRemovalBody,
  async run({ ctx, body }) {
    await removeView(ctx, body);
    return { body: { meta: {} } };
  },
});
