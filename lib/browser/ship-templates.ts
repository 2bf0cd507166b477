import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { TemplateChoices } from '@/lib/services/ship/template-choices';
import type { ShipTemplates, ShipTemplateView } from '@/lib/services/ship/templates';
import { api } from './api';
import { keys } from './keys';

export type { ShipTemplateView, TemplateChoices };

const ofApp = (appId: string) => `/api/ship-templates?app=${encodeURIComponent(appId)}`;
const path = (id: string) => `/api/ship-templates/${encodeURIComponent(id)}`;
const STALE = ['ship-templates', 'activity'] as const;

interface Place {
  readonly appId: string;
  readonly accountId: string | undefined;
}

/** The templates of ships of an app, and what another build than this was shipped by last. */
export function shipTemplatesOptions({ appId, accountId }: Place, buildId: string) {
  const query = `${ofApp(appId)}&build=${encodeURIComponent(buildId)}`;
  return queryOptions({
    queryKey: keys.own('ship-templates', `${query} ${accountId ?? ''}`),
    queryFn: ({ signal }) => api<{ data: ShipTemplates }>(query, { signal, accountId }),
  });
}

interface Saved {
  readonly data: { readonly auditId: string };
}

/** Adds a template, or changes one as it was seen. */
export function saveShipTemplateMutation({ appId, accountId }: Place) {
  return mutationOptions({
    mutationFn: ({
      template,
      ...body
    }: {
      template: ShipTemplateView | null;
      name: string;
      choices: TemplateChoices;
    }) =>
      template?.id == null
        ? api<Saved>(ofApp(appId), { method: 'POST', body, accountId })
        : api<Saved>(path(template.id), { method: 'PUT', body: { ...body, version: template.version } }),
    meta: { stale: STALE },
  });
}

export function removeShipTemplateMutation() {
  return mutationOptions({
    mutationFn: (id: string) => api<Saved>(path(id), { method: 'DELETE' }),
    meta: { stale: STALE },
  });
}

/** Takes a change of a template back. */
export function undoShipTemplateMutation() {
  return mutationOptions({
    mutationFn: (auditId: string) =>
      api<unknown>(`/api/activity/${encodeURIComponent(auditId)}/undo`, { method: 'POST' }),
    meta: { stale: STALE },
  });
}
