import {
  addReply,
  changeReply,
  listReplies,
  noteReply,
  removeReply,
  replyBody,
  replyOpenedBody,
  replyTo,
} from '@/lib/services/feedback/replies';
import { endpoint } from '../core/endpoint';

export const readReplies = endpoint({
  name: 'replies',
  permission: 'feedback:write',
  run: async ({ ctx }) => ({ body: { data: await listReplies(ctx) } }),
});

export const createReply = endpoint({
  name: 'replies',
  permission: 'feedback:write',
  body: replyBody,
  run: async ({ ctx, body }) => ({ status: 201, body: { data: await addReply(ctx, body) } }),
});

export const editReply = endpoint({
  name: 'replies',
  permission: 'feedback:write',
  body: replyBody,
  run: async ({ ctx, params, body }) => ({ body: { data: await changeReply(ctx, params.id ?? '', body) } }),
});

export const deleteReply = endpoint({
  name: 'replies',
  permission: 'feedback:write',
  async run({ ctx, params }) {
    await removeReply(ctx, params.id ?? '');
    return { status: 204 };
  },
});

/** To whom, and with what, a report is answered. */
export const readReplyTo = endpoint({
  name: 'feedback/reply',
  permission: 'testers:identify',
  run: async ({ ctx, params, account }) => ({
    body: { data: await replyTo(ctx, { id: params.id ?? '', accountId: account }) },
  }),
});

/** Notes that an answer was opened in a mail program. */
export const openedReply = endpoint({
  name: 'feedback/reply',
  permission: 'testers:identify',
  body: replyOpenedBody,
  async run({ ctx, params, account, body }) {
    await noteReply(ctx, { id: params.id ?? '', accountId: account }, body);
    return { status: 204 };
  },
});
