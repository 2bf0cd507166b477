import { draftBody, draftRemovalBody, dropDraft, keepDraft, readDraft } from '@/lib/services/drafts';
import { endpoint } from '../core/endpoint';

export const getDraft = endpoint({
  name: 'drafts',
  run: async ({ ctx, query }) => ({ body: { data: await readDraft(ctx, query.get('key') ?? '') } }),
});

export const putDraft = endpoint({
  name: 'drafts',
  body: draftBody,
  run: async ({ ctx, body }) => ({ body: { data: await keepDraft(ctx, body) } }),
});

export const deleteDraft = endpoint({
  name: 'drafts',
  body: draftRemovalBody,
  async run({ ctx, body }) {
    await dropDraft(ctx, body);
    return { body: { meta: {} } };
  },
});
