import {
  addNote,
  changeNote,
  newNoteBody,
  noteChangeBody,
  noteRemovalBody,
  removeNote,
} from '@/lib/services/feedback/notes';
import { myNotices, noticesReadBody, readNotices } from '@/lib/services/feedback/notices';
import { reportPage } from '@/lib/services/feedback/report';
import { triage, triageBody } from '@/lib/services/feedback/triage';
import { endpoint } from '../core/endpoint';

/** So much fit the ids of 20,000 reports, bytes. */
const BODY_LIMIT = 2_000_000;

/** Decides about reports or issues: one, several, or all that a list matches. */
export const decide = endpoint({
  name: 'feedback/triage',
  permission: 'feedback:write',
  body: triageBody,
  bodyLimit: BODY_LIMIT,
  run: async ({ ctx, body }) => ({ body: { data: await triage(ctx, body) } }),
});

/** One report for its page. */
export const readReport = endpoint({
  name: 'feedback/report',
  permission: 'feedback:read',
  run: async ({ ctx, params, account }) => ({
    body: { data: await reportPage(ctx, { id: params.id ?? '', accountId: account }) },
  }),
});

export const createNote = endpoint({
  name: 'feedback/notes',
  permission: 'feedback:write',
  body: newNoteBody,
  run: async ({ ctx, body }) => ({ status: 201, body: { data: await addNote(ctx, body) } }),
});

export const editNote = endpoint({
  name: 'feedback/notes',
  permission: 'feedback:write',
  body: noteChangeBody,
  async run({ ctx, body }) {
    await changeNote(ctx, body);
    return { body: { data: { id: body.id } } };
  },
});

export const deleteNote = endpoint({
  name: 'feedback/notes',
  permission: 'feedback:write',
  body: noteRemovalBody,
  async run({ ctx, body }) {
    await removeNote(ctx, body);
    return { body: { data: { id: body.id } } };
  },
});

/** What the bell tells. */
export const listNotices = endpoint({
  name: 'notices',
  permission: 'feedback:read',
  run: async ({ ctx }) => ({ body: { data: await myNotices(ctx) } }),
});

/** Marks what the bell tells as read. */
export const markNotices = endpoint({
  name: 'notices',
  permission: 'feedback:read',
  body: noticesReadBody,
  async run({ ctx, body }) {
    await readNotices(ctx, body);
    return { body: { data: await myNotices(ctx) } };
  },
});
