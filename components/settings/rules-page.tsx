'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, Plus } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button, IconButton } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { ListSkeleton } from '@/components/ui/skeleton';
import { toast, toastError } from '@/components/ui/toast';
import { useDo } from '@/components/ui/use-do';
import { undoTriageMutation } from '@/lib/browser/feedback';
import {
  applyRuleMutation,
  orderRulesMutation,
  type RuleMatch,
  type RuleView,
  removeRuleMutation,
  ruleMatchesOptions,
  rulesOptions,
} from '@/lib/browser/rules';
import { priorityWord } from '@/lib/format/feedback';
import { formatCount, formatPlural } from '@/lib/format/numbers';

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
                  <Told rule={rule} nth={nth + 1} />
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
                <Trouble rule={rule} onChange={mayChange ? () => setEditing(rule) : undefined} />
                {isTried ? (
                  <Tried rule={rule} match={matches.data?.data.find(({ id }) => id === rule.id)} />
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

function Told({ rule, nth }: { rule: RuleView; nth: number }) {
  return (
    <div className="min-w-0">
      <p className="font-medium">
        {nth}. <Name>{rule.name}</Name>
      </p>
      <p className="text-ink-soft text-sm wrap-anywhere">
        When <Joined parts={conditions(rule)} />: <Joined parts={deeds(rule)} />
      </p>
    </div>
  );
}

function Joined({ parts }: { parts: readonly (readonly [string, ReactNode])[] }) {
  return parts.map(([key, part], at) => (
    <span key={key}>
      {at === 0 ? '' : ' and '}
      {part}
    </span>
  ));
}

function conditions({ app, label, frame }: RuleView): readonly (readonly [string, ReactNode])[] {
  const parts: (readonly [string, ReactNode])[] = [];
  if (app)
    parts.push([
      'app',
      <span key="app">
        the app is <Name>{app.name}</Name>
      </span>,
    ]);
  if (label)
    parts.push([
      'label',
      <span key="label">
        it is labelled <bdi>{label}</bdi>
      </span>,
    ]);
  if (frame)
    parts.push([
      'frame',
      <span key="frame">
        a call is{' '}
        <code className="font-mono">
          <bdi>{frame}</bdi>
        </code>
      </span>,
    ]);
  return parts.length > 0 ? parts : [['any', 'anything comes']];
}

function deeds({ assignee, priority, addLabel }: RuleView): readonly (readonly [string, ReactNode])[] {
  const parts: (readonly [string, ReactNode])[] = [];
  if (assignee)
    parts.push([
      'assignee',
      <span key="assignee">
        assign it to <bdi>{assignee.name}</bdi>
      </span>,
    ]);
  if (priority !== null)
    parts.push(['priority', `make its priority ${priorityWord(priority).toLowerCase()}`]);
  if (addLabel)
    parts.push([
      'add',
      <span key="add">
        label it <bdi>{addLabel}</bdi>
      </span>,
    ]);
  return parts;
}

/** A rule whose assignee works on feedback no more, with the next step. */
function Trouble({ rule: { assignee }, onChange }: { rule: RuleView; onChange: (() => void) | undefined }) {
  if (!assignee || assignee.mayWork) return null;
  return (
    <div role="alert" className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
      <p className="text-bad">
        <bdi>{assignee.name}</bdi> left or may not work on feedback any more, so this rule assigns nobody and
        the next one that matches does.
      </p>
      {onChange ? (
        <Button size="sm" onClick={onChange}>
          Choose somebody else
        </Button>
      ) : null}
    </div>
  );
}

/** What a rule matches of what is open now, and the button that applies it to those. */
function Tried({ rule, match }: { rule: RuleView; match: RuleMatch | undefined }) {
  const mayDecide = useMay('feedback:write');
  const apply = useMutation(applyRuleMutation());
  const { mutateAsync: takeBack } = useMutation(undoTriageMutation());
  if (!match) return <p className="text-ink-soft text-sm">Counting what it matches…</p>;
  const { matching, changing } = match;
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
      <p>
        Matches {formatPlural(matching, 'open issue')}
        {matching === 0
          ? '.'
          : changing === 0
            ? '; there is nothing to change about them.'
            : `, and would change ${formatCount(changing)}.`}
      </p>
      {mayDecide && changing > 0 ? (
        <Button
          size="sm"
          busy={apply.isPending}
          onClick={() =>
            apply.mutate(rule, {
              onSuccess({ data: { changed, auditId } }) {
                if (auditId === null) return void toast({ title: 'It is so already' });
                void toast({
                  title: `“${rule.name}” applied to ${formatPlural(changed, 'issue')}`,
                  undo: () => takeBack(auditId),
                });
              },
              onError: (failure) => void toastError('Not applied', failure),
            })
          }
          aria-label={`Apply ${rule.name} to ${formatPlural(changing, 'issue')}`}
        >
          Apply to {formatCount(changing)}
        </Button>
      ) : null}
    </div>
  );
}
