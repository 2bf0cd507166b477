import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { NoteValues } from '@/lib/format/note-variables';
import type { NoteTemplateView } from '@/lib/services/notes/templates';
import { api } from './api';
import { keys } from './keys';

export type { NoteTemplateView };

const ofApp = (appId: string) => `/api/note-templates?app=${encodeURIComponent(appId)}`;
const path = (id: string) => `/api/note-templates/${encodeURIComponent(id)}`;

/** The templates of What to Test of an app. */
export function templatesOptions(appId: string) {
  return queryOptions({
    queryKey: keys.own('note-templates', appId),
    queryFn: ({ signal }) => api<{ data: readonly NoteTemplateView[] }>(ofApp(appId), { signal }),
  });
}

/** What the variables of templates are for a build. */
export function noteValuesOptions(buildId: string) {
  return queryOptions({
    queryKey: keys.related('builds', buildId, 'note-values'),
    queryFn: ({ signal }) =>
      api<{ data: NoteValues }>(`/api/programme/builds/${encodeURIComponent(buildId)}/note-values`, {
        signal,
      }),
  });
}

export type TemplateForm = Pick<NoteTemplateView, 'name' | 'texts'>;

/** Adds a template, or changes one as it was seen. */
export function saveTemplateMutation(appId: string) {
  return mutationOptions({
    mutationFn: ({ template, ...body }: TemplateForm & { template: NoteTemplateView | null }) =>
      template === null
        ? api<{ data: { id: string } }>(ofApp(appId), { method: 'POST', body })
        : api<{ data: { id: string } }>(path(template.id), {
            method: 'PUT',
            body: { ...body, version: template.version },
          }),
    meta: { stale: ['note-templates', 'activity'] },
  });
}

/** Takes a template away. */
export function removeTemplateMutation() {
  return mutationOptions({
    mutationFn: (id: string) => api<unknown>(path(id), { method: 'DELETE' }),
    meta: { stale: ['note-templates', 'activity'] },
  });
}
