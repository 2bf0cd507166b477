'use client';

import { ChevronDown, X } from 'lucide-react';
import Link from 'next/link';
import { type FormEvent, useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button, buttonClass } from '@/components/ui/button';
import { SelectField, TextField } from '@/components/ui/field';
import { Menu } from '@/components/ui/menu';
import { Time } from '@/components/ui/time';
import type { IssueTold } from '@/lib/browser/feedback';
import { programmeNow } from '@/lib/browser/programme-now';
import { isSnoozed, PRIORITIES, priorityWord, statusWord } from '@/lib/format/feedback';
import type { Asked } from './decide-intent';
import { issueHref } from './feedback-href';
import { IssueState, Labels, Priority } from './feedback-words';
import { snoozes } from './snooze-times';
import { useColleagues } from './use-colleagues';
import type { Decide } from './use-decisions';

const CHOICES = ['new', 'triaged', 'inProgress', 'wontFix'] as const;

/** What the team has decided about an issue, and the way to decide otherwise. */
export function TriagePanel({
  issue,
  onDecide,
  onAsk,
}: {
  issue: IssueTold;
  onDecide: Decide;
  /** Asks in a window of its own. */
  onAsk: (asks: Asked) => void;
}) {
  const mayWrite = useMay('feedback:write');
  const { people } = useColleagues();
  if (!mayWrite) return <Told issue={issue} />;
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
      {issue.duplicate ? (
        <p className="text-sm">
          Duplicate of{' '}
          <Link href={issueHref(issue.duplicate.id)} prefetch={false} className="text-accent-ink underline">
            <bdi>{issue.duplicate.title}</bdi>
          </Link>
        </p>
      ) : null}
      <div className="grid justify-items-start gap-1.5">
        <Button size="sm" data-keys="r" onClick={() => onAsk('resolve')}>
          {issue.status === 'resolved' ? 'Resolved in another build…' : 'Resolved in a build…'}
        </Button>
        <p className="text-ink-soft text-xs">
          {issue.status === 'resolved' && issue.resolvedLabel ? (
            <>
              It was resolved in <bdi>{issue.resolvedLabel}</bdi>.{' '}
            </>
          ) : null}
          Should it come back in a newer build, it opens again by itself.
        </p>
      </div>
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
      <Snoozed issue={issue} onDecide={onDecide} onAsk={onAsk} />
      <OutsideLink key={issue.link} link={issue.link} onDecide={onDecide} />
      <p>
        <Button size="sm" data-keys="d" onClick={() => onAsk('duplicate')}>
          Duplicate of…
        </Button>
      </p>
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
      {issue.link ? (
        <>
          <dt className="text-ink-soft">Link</dt>
          <dd>
            <Outside link={issue.link} />
          </dd>
        </>
      ) : null}
    </dl>
  );
}

function Snoozed({
  issue,
  onDecide,
  onAsk,
}: {
  issue: IssueTold;
  onDecide: Decide;
  onAsk: (asks: Asked) => void;
}) {
  const [now] = useState(programmeNow);
  const entries = [
    ...snoozes(now).map(({ id, words, snooze, done }) => ({
      ...{ id, label: words, onSelect: () => onDecide({ snooze }, done) },
      ...(id === 'build' ? { keys: 's' } : {}),
    })),
    { id: 'date', label: 'Until a date…', keys: 'h', onSelect: () => onAsk('snooze') },
  ];
  if (!isSnoozed(issue, now))
    return (
      <p>
        <Menu label="Snooze" className={buttonClass('secondary', 'sm')} entries={entries}>
          Snooze <ChevronDown size={13} aria-hidden />
        </Menu>
      </p>
    );
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 text-sm">
      <p className="text-ink-soft">
        Out of sight until {issue.snoozedUntil ? <Time at={issue.snoozedUntil} /> : 'a newer build comes'}
      </p>
      <Button size="sm" onClick={() => onDecide({ snooze: null }, 'Awake again')}>
        Wake
      </Button>
    </div>
  );
}

function Outside({ link }: { link: string }) {
  return (
    <a href={link} target="_blank" rel="noreferrer" className="text-accent-ink underline wrap-anywhere">
      <bdi>{link.replace(/^https:\/\//, '')}</bdi>
    </a>
  );
}

/** Where a tracker has the same. */
function OutsideLink({ link, onDecide }: { link: string | null; onDecide: Decide }) {
  const [typed, setTyped] = useState<string | null>(null);
  if (typed === null)
    return (
      <div className="flex flex-wrap items-center justify-between gap-2 text-sm">
        {link ? <Outside link={link} /> : <span className="text-ink-soft">No link to a tracker</span>}
        <Button size="sm" onClick={() => setTyped(link ?? '')}>
          {link ? 'Change' : 'Add a link'}
        </Button>
      </div>
    );
  const wanted = typed.trim();
  const error =
    wanted === '' || URL.parse(wanted)?.protocol === 'https:' ? undefined : 'A link begins with https://.';
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (error) return;
        if ((wanted || null) !== link)
          onDecide({ link: wanted || null }, wanted ? 'Linked' : 'Link taken away', { link });
        setTyped(null);
      }}
    >
      <TextField
        label="Link to a tracker"
        type="url"
        value={typed}
        maxLength={2000}
        placeholder="https://"
        autoComplete="off"
        error={error}
        onChange={({ target }) => setTyped(target.value)}
      />
      <p className="flex gap-2">
        <Button type="submit" size="sm" disabled={error !== undefined}>
          Save the link
        </Button>
        <Button size="sm" variant="ghost" onClick={() => setTyped(null)}>
          Cancel
        </Button>
      </p>
    </form>
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
