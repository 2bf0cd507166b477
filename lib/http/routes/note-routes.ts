import type { Ctx } from '@/lib/services/ctx';
import { noteValues } from '@/lib/services/notes/note-values';
import {
  addTemplate,
  changeTemplate,
  listTemplates,
  removeTemplate,
  templateBody,
} from '@/lib/services/notes/templates';
import { type NoteOutcome, writeNotes, writeNotesBody } from '@/lib/services/notes/write-notes';
import { type EndpointCall, endpoint } from '../core/endpoint';
import { shown } from '../core/errors';

const placeOf = ({ query, account }: Pick<EndpointCall, 'query' | 'account'>) => ({
  appId: query.get('app') ?? '',
  accountId: account,
});

/** The templates of What to Test of an app. */
export const readTemplates = endpoint({
  name: 'note-templates',
  permission: 'programme:read',
  run: async (call) => ({ body: { data: await listTemplates(call.ctx, placeOf(call)) } }),
});

export const createTemplate = endpoint({
  name: 'note-templates',
  permission: 'programme:write',
  body: templateBody,
  run: async (call) => ({
    status: 201,
    body: { data: await addTemplate(call.ctx, placeOf(call), call.body) },
  }),
});

export const editTemplate = endpoint({
  name: 'note-templates',
  permission: 'programme:write',
  body: templateBody,
  run: async ({ ctx, params, body }) => ({
    body: { data: await changeTemplate(ctx, params.id ?? '', body) },
  }),
});

export const deleteTemplate = endpoint({
  name: 'note-templates',
  permission: 'programme:write',
  async run({ ctx, params }) {
    await removeTemplate(ctx, params.id ?? '');
    return { status: 204 };
  },
});

/** What the variables of templates are for a build. */
export const readNoteValues = endpoint({
  name: 'programme/builds/note-values',
  permission: 'programme:read',
  run: async ({ ctx, params, account: accountId }) => ({
    body: { data: await noteValues(ctx, { id: params.buildId ?? '', accountId }) },
  }),
});

/** Writes What to Test of a build, language by language: each has its outcome, and its reasons where it was refused. */
export const putNotes = endpoint({
  name: 'programme/builds/notes',
  permission: 'programme:write',
  body: writeNotesBody,
  async run({ ctx, params, body, account: accountId }) {
    const outcomes = await writeNotes(ctx, { buildId: params.buildId ?? '', accountId }, body.changes);
    return { body: { data: outcomes.map((one) => toldOf(ctx, one)) } };
  },
});

/** An outcome as the browser is told it: with the status and the errors that a request of its own would have had. */
function toldOf(ctx: Ctx, outcome: NoteOutcome) {
  if (outcome.status === 'done') return outcome;
  const { locale, id, status, error: err } = outcome;
  const { status: code, problems, isFault } = shown(err, ctx.clock.now());
  if (isFault) ctx.log.error({ requestId: ctx.requestId, locale, err }, 'a language could not be written');
  return { locale, id, status, code, errors: problems };
}
