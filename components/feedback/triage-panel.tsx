'use client';

import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { type FormEvent, type RefObject, useState } from 'react';
import { useMay } from '@/components/shell/use-may';
import { Button } from '@/components/ui/button';
import { SelectField, TextField } from '@/components/ui/field';
import { Time } from '@/components/ui/time';
import type { IssueTold, TriageBody } from '@/lib/browser/feedback';
import { foundOptions } from '@/lib/browser/lookups';
import type { BuildResource } from '@/lib/browser/types';
import { isSnoozed, PRIORITIES, priorityWord, statusWord } from '@/lib/format/feedback';
import { label } from '@/lib/format/labels';
import { IssueState, Labels, Priority } from './feedback-words';
import { useColleagues } from './use-colleagues';

type Change = TriageBody['change'];
export type Decide = (change: Change, done: string, expect?: TriageBody['expect']) => void;

const CHOICES = ['new', 'triaged', 'inProgress', 'wontFix'] as const;
const DAY_MS = 86_400_000;

/** What the team has decided about an issue, and the way to decide otherwise. */
export function TriagePanel({
  issue,
  appId,
  onDecide,
  resolveField,
}: {
  issue: IssueTold;
  appId: string;
  onDecide: Decide;
  resolveField: RefObject<HTMLSelectElement | null>;
}) {
  const mayWrite = useMay('feedback:write');
  const { people } = useColleagues();
  const { data: builds } = useQuery(foundOptions<BuildResource>('builds', { app: appId }, ''));
  if (!mayWrite) return <Told issue={issue} />;
  const isAsleep = isSnoozed(issue, Date.now());
  return (
    <div className="grid gap-4">
      <SelectField
        label="Status"
        value={issue.status}
        onChange={({ target }) =>
          onDecide({ status: target.value as (typeof CHOICES)[number] }, statusWord(target.value), {
            status: issue.status,
          })
        }
      >
        {CHOICES.map((status) => (
          <option key={status} value={status}>
            {statusWord(status)}
          </option>
        ))}
        {CHOICES.some((status) => status === issue.status) ? null : (
          <option value={issue.status} disabled>
            {statusWord(issue.status)}
          </option>
        )}
      </SelectField>
      <SelectField
        label="Resolved in"
        ref={resolveField}
        value=""
        hint="Should it come back in a newer build, it opens again by itself."
        onChange={({ target }) =>
          onDecide({ status: 'resolved', buildId: target.value }, 'Resolved', { status: issue.status })
        }
      >
        <option value="" disabled>
          {issue.resolvedLabel ?? 'Choose a build'}
        </option>
        {(builds?.data ?? []).map(({ id, attributes, meta }) => (
          <option key={id} value={id}>
            {meta?.trainVersion ?? '?'} ({attributes?.version ?? '?'})
            {meta?.platform ? ` · ${label(meta.platform)}` : ''}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Assignee"
        value={issue.assigneeId ?? ''}
        onChange={({ target }) =>
          onDecide({ assigneeId: target.value || null }, target.value ? 'Assigned' : 'Assigned to nobody', {
            assigneeId: issue.assigneeId,
          })
        }
      >
        <option value="">Nobody</option>
        {people.map(({ id, name, isYou }) => (
          <option key={id} value={id}>
            {isYou ? `${name} (you)` : name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Priority"
        value={String(issue.priority)}
        onChange={({ target }) =>
          onDecide({ priority: Number(target.value) }, `Priority: ${priorityWord(Number(target.value))}`, {
            priority: issue.priority,
          })
        }
      >
        {PRIORITIES.toReversed().map((priority) => (
          <option key={priority} value={priority}>
            {priorityWord(priority)}
          </option>
        ))}
      </SelectField>
      <LabelsField labels={issue.labels} onDecide={onDecide} />
      <div className="grid gap-2">
        <p className="font-medium text-sm">Snooze</p>
        {isAsleep ? (
          <p className="text-ink-soft text-sm">
            Out of sight until {issue.snoozedUntil ? <Time at={issue.snoozedUntil} /> : 'a newer build comes'}
          </p>
        ) : null}
        <div className="flex flex-wrap gap-2">
          {isAsleep ? (
            <Button size="sm" onClick={() => onDecide({ snooze: null }, 'Awake again')}>
              Wake
            </Button>
          ) : (
            <>
              <Button
                size="sm"
                onClick={() =>
                  onDecide({ snooze: new Date(Date.now() + 7 * DAY_MS).toISOString() }, 'Snoozed for a week')
                }
              >
                For a week
              </Button>
              <Button
                size="sm"
                data-keys="s"
                onClick={() => onDecide({ snooze: 'nextBuild' }, 'Snoozed until the next build')}
              >
                Until the next build
              </Button>
            </>
          )}
        </div>
      </div>
    </div>
  );
}

function Told({ issue }: { issue: IssueTold }) {
  return (
    <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-3 gap-y-2 text-sm">
      <dt className="text-ink-soft">Status</dt>
      <dd>
        <IssueState issue={issue} />
      </dd>
      <dt className="text-ink-soft">Assignee</dt>
      <dd>{issue.assigneeName ? <bdi>{issue.assigneeName}</bdi> : 'Nobody'}</dd>
      <dt className="text-ink-soft">Priority</dt>
      <dd>
        <Priority priority={issue.priority} hasWord />
      </dd>
      <dt className="text-ink-soft">Labels</dt>
      <dd>
        <Labels labels={issue.labels} />
      </dd>
    </dl>
  );
}

function LabelsField({ labels, onDecide }: { labels: readonly string[]; onDecide: Decide }) {
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const name = typed.trim();
    if (name === '') return;
    onDecide({ addLabels: [name] }, `Labelled ${name}`);
    setTyped('');
  };
  return (
    <div className="grid gap-2">
      <ul aria-label="Labels" className="flex flex-wrap gap-1.5 empty:hidden">
        {labels.map((one) => (
          <li key={one}>
            <button
              type="button"
              aria-label={`Take off label ${one}`}
              onClick={() => onDecide({ removeLabels: [one] }, `Label ${one} taken off`)}
              className="inline-flex h-6 items-center gap-1 rounded-full border bg-surface px-2.5 text-xs hover:bg-hover max-sm:h-8"
            >
              <bdi>{one}</bdi>
              <X size={12} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={submit} className="flex items-end gap-2">
        <div className="flex-1">
          <TextField
            label="Add a label"
            value={typed}
            maxLength={40}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
        <Button type="submit" className="h-9" disabled={typed.trim() === ''}>
          Add
        </Button>
      </form>
    </div>
  );
}
