import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { RuleMatch } from '@/lib/services/feedback/apply-rules';
import type { TriageAnswer } from '@/lib/services/feedback/decide';
import type { RuleView } from '@/lib/services/feedback/rules';
import { api } from './api';
import { keys } from './keys';

export type { RuleMatch, RuleView };

/** What the form of a rule holds. */
export interface RuleForm extends Pick<RuleView, 'name' | 'label' | 'frame' | 'priority' | 'addLabel'> {
  readonly app: { readonly appId: string; readonly accountId?: string } | null;
  readonly assigneeId: string | null;
}

const path = (id: string) => `/api/rules/${encodeURIComponent(id)}`;

/** Every rule, in the order in which they are asked. */
export function rulesOptions() {
  return queryOptions({
    queryKey: keys.own('rules', ''),
    queryFn: ({ signal }) => api<{ data: readonly RuleView[] }>('/api/rules', { signal }),
  });
}

/** What each rule would do with what is open now. */
export function ruleMatchesOptions() {
  return queryOptions({
    queryKey: keys.own('rules', 'matches'),
    queryFn: ({ signal }) => api<{ data: readonly RuleMatch[] }>('/api/rules/matches', { signal }),
    staleTime: 0,
  });
}

/** Adds a rule, or changes one as it was seen. */
export function saveRuleMutation() {
  return mutationOptions({
    mutationFn: ({ rule, ...body }: RuleForm & { rule: Pick<RuleView, 'id' | 'version'> | null }) =>
      rule === null
        ? api<{ data: { id: string } }>('/api/rules', { method: 'POST', body })
        : api<{ data: { id: string } }>(path(rule.id), {
            method: 'PUT',
            body: { ...body, version: rule.version },
          }),
    meta: { stale: ['rules', 'activity'] },
  });
}

/** Takes a rule away. */
export function removeRuleMutation() {
  return mutationOptions({
    mutationFn: (id: string) => api<unknown>(path(id), { method: 'DELETE' }),
    meta: { stale: ['rules', 'activity'] },
  });
}

/** Puts the rules in another order. */
export function orderRulesMutation() {
  return mutationOptions({
    mutationFn: (body: { ids: readonly string[]; seen: readonly string[] }) =>
      api<{ data: readonly RuleView[] }>('/api/rules', { method: 'PUT', body }),
    meta: { stale: ['rules', 'activity'] },
  });
}

/** Lets a rule do what it does with all that is open now. */
export function applyRuleMutation() {
  return mutationOptions({
    mutationFn: ({ id, version }: Pick<RuleView, 'id' | 'version'>) =>
      api<{ data: TriageAnswer }>(`${path(id)}/apply`, { method: 'POST', body: { version } }),
    meta: { stale: ['rules', 'feedback', 'issues', 'activity', 'notices'] },
  });
}
