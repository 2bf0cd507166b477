'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button, IconButton } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { ListSkeleton } from '@/components/ui/skeleton';
import { toast, toastError } from '@/components/ui/toast';
import { useDo } from '@/components/ui/use-do';
import {
  orderRulesMutation,
  type RuleView,
  removeRuleMutation,
  ruleMatchesOptions,
  rulesOptions,
} from '@/lib/browser/rules';
import { RuleTold, RuleTrouble } from './rule-told';
import { RuleTried } from './rule-tried';

const RuleDialog = onDemand(() => import('./rule-dialog'));
const RemoveDialog = onDemand(() => import('@/components/ui/remove-dialog'));

/** What becomes of feedback without anybody deciding it. */
export function RulesPage() {
  const { data, error, refetch } = useQuery(rulesOptions());
  const mayChange = useMay('settings:write');
  const [editing, setEditing] = useState<RuleView | 'new' | null>(null);
  const [removing, setRemoving] = useState<RuleView | null>(null);
  const [isTried, setTried] = useState(false);
  const matches = useQuery({ ...ruleMatchesOptions(), enabled: isTried });
  const order = useMutation(orderRulesMutation());
  const remove = useMutation(removeRuleMutation());
  // Where a rule goes its button goes, and the focus with it.
  const list = useRef<HTMLOListElement>(null);
  const [moved, setMoved] = useState<{
    readonly id: string;
    readonly to: number;
    readonly way: string;
  } | null>(null);
  const at = data?.data.findIndex(({ id }) => id === moved?.id) ?? -1;
  useEffect(() => {
    if (moved === null || at !== moved.to) return;
    const row = list.current?.children[at];
    const button = (way: string) => row?.querySelector<HTMLElement>(`[data-move="${way}"]:not(:disabled)`);
    (button(moved.way) ?? button('earlier') ?? button('later'))?.focus();
  }, [moved, at]);
  useDo('add', () => mayChange && setEditing('new'));
  if (error && !data)
    return <ErrorState title="The rules could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton rows={3} />;
  const rules = data.data;
  const ids = rules.map(({ id }) => id);
  const move = (from: number, to: number) => {
    if (order.isPending) return;
    const id = ids[from] ?? '';
    const wanted = ids.filter((_, nth) => nth !== from);
    wanted.splice(to, 0, id);
    setMoved({ id, to, way: to < from ? 'earlier' : 'later' });
    order.mutate(
      { ids: wanted, seen: ids },
      { onError: (failure) => void toastError('The order was not changed', failure) },
    );
  };
  const add = mayChange ? (
    <Button variant="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setEditing('new')}>
      Add a rule
    </Button>
  ) : undefined;
  return (
    <div className="grid gap-4">
      {rules.length === 0 ? (
        <EmptyState title="No rules yet" action={add}>
          A rule assigns feedback by its app, a label, or what crashed, as soon as it comes in.
        </EmptyState>
      ) : (
        <>
          <p className="text-ink-soft text-sm">
            Asked from above when feedback comes in, when a crash log or symbols tell what crashed, and when
            somebody adds a label. The first rule that matches and assigns wins; so does the first that sets a
            priority. Labels are added by all. What a person has decided stays.
          </p>
          <ol ref={list} aria-label="Rules in their order" className="grid divide-y border-y">
            {rules.map((rule, nth) => (
              <li key={rule.id} className="grid gap-2 py-3">
                <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
                  <RuleTold rule={rule} nth={nth + 1} />
                  {mayChange ? (
                    <span className="flex flex-wrap gap-1">
                      <IconButton
                        data-move="earlier"
                        label={`Ask ${rule.name} earlier`}
                        disabled={nth === 0}
                        onClick={() => move(nth, nth - 1)}
                      >
                        <ArrowUp size={14} aria-hidden />
                      </IconButton>
                      <IconButton
                        data-move="later"
                        label={`Ask ${rule.name} later`}
                        disabled={nth === rules.length - 1}
                        onClick={() => move(nth, nth + 1)}
                      >
                        <ArrowDown size={14} aria-hidden />
                      </IconButton>
                      <Button
                        variant="ghost"
                        onClick={() => setEditing(rule)}
                        aria-label={`Change ${rule.name}`}
                      >
                        Change
                      </Button>
                      <Button
                        variant="ghost"
                        onClick={() => setRemoving(rule)}
                        aria-label={`Remove ${rule.name}`}
                      >
                        Remove
                      </Button>
                    </span>
                  ) : null}
                </div>
                <RuleTrouble rule={rule} onChange={mayChange ? () => setEditing(rule) : undefined} />
                {isTried ? (
                  <RuleTried rule={rule} match={matches.data?.data.find(({ id }) => id === rule.id)} />
                ) : null}
              </li>
            ))}
          </ol>
          <p role="status" className="sr-only">
            {moved && at === moved.to ? `${rules[at]?.name} is now asked as number ${at + 1}` : ''}
          </p>
          {matches.error ? (
            <ErrorState
              title="What they match could not be counted"
              error={matches.error}
              onRetry={() => void matches.refetch()}
            />
          ) : null}
          <div className="flex flex-wrap gap-2">
            {add}
            <Button
              busy={matches.isFetching}
              onClick={() => {
                if (isTried) void matches.refetch();
                else setTried(true);
              }}
            >
              Try them
            </Button>
          </div>
        </>
      )}
      {editing ? (
        <RuleDialog rule={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      ) : null}
      {removing ? (
        <RemoveDialog
          title="Remove this rule?"
          description={
            <>
              <Name>{removing.name}</Name> is not asked any more. What it has done so far stays.
            </>
          }
          busy={remove.isPending}
          onClose={() => setRemoving(null)}
          onRemove={() =>
            remove.mutate(removing.id, {
              onSuccess: () => void toast({ title: `The rule “${removing.name}” was removed` }),
              onError: (failure) => void toastError('The rule was not removed', failure),
              onSettled: () => setRemoving(null),
            })
          }
        />
      ) : null}
    </div>
  );
}
