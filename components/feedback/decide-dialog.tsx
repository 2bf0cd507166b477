'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useDeferredValue, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextField } from '@/components/ui/field';
import type { TriageBody } from '@/lib/browser/feedback';
import { foundOptions } from '@/lib/browser/lookups';
import { programmeNow } from '@/lib/browser/programme-now';
import type { BuildResource } from '@/lib/browser/types';
import { buildWords, numberOf } from '@/lib/format/builds';
import { PRIORITIES, priorityWord } from '@/lib/format/feedback';
import { formatPlural } from '@/lib/format/numbers';
import type { Intent, Subject } from './decide-intent';
import { issueHref } from './feedback-href';
import { Priority } from './feedback-words';
import IssuePickerDialog from './issue-picker-dialog';
import { OptionDialog } from './option-dialog';
import { snoozes, until } from './snooze-times';
import { useColleagues } from './use-colleagues';
import { useTriage } from './use-triage';

interface Props {
  readonly subject: Subject;
  readonly onClose: () => void;
}

/** Asks for what a decision needs, and makes it. */
export default function DecideDialog({ intent: { asks, subject }, onClose }: Asks) {
  const shared = { subject, onClose };
  switch (asks) {
    case 'resolve':
      return <Resolve {...shared} />;
    case 'assignee':
      return <Assign {...shared} />;
    case 'priority':
      return <Prioritise {...shared} />;
    case 'label':
      return <Label {...shared} />;
    case 'snooze':
      return <Snooze {...shared} />;
    case 'duplicate':
      return <Duplicate {...shared} />;
    case 'merge':
      return <Merge {...shared} />;
    case 'attach':
      return <Attach {...shared} />;
  }
}

interface Asks {
  readonly intent: Intent;
  readonly onClose: () => void;
}

function useDecide({ target, expect }: Subject) {
  const { run } = useTriage();
  return (change: TriageBody['change'], done: string) =>
    void run({ target, change, ...(expect ? { expect } : {}) }, done);
}

const ANY = '';

function Resolve({ subject, onClose }: Props) {
  const decide = useDecide(subject);
  const [typed, setTyped] = useState('');
  const { data } = useQuery(
    foundOptions<BuildResource>('builds', { app: subject.appId }, useDeferredValue(typed)),
  );
  const builds = (data?.data ?? []).map((build) => ({ id: build.id, words: buildWords(numberOf(build)) }));
  return (
    <OptionDialog
      title={`Resolve ${subject.called}`}
      label="In which build? Type its version or number"
      options={[...builds, ...(typed.trim() ? [] : [{ id: ANY, words: 'Resolved, in no build' }])]}
      nothing="No build of the app matches."
      onTyped={setTyped}
      onChoose={({ id, words }) =>
        id === ANY
          ? decide({ status: 'resolved' }, 'Resolved')
          : decide({ status: 'resolved', buildId: id }, `Resolved in ${words}`)
      }
      onClose={onClose}
    />
  );
}

function Assign({ subject, onClose }: Props) {
  const decide = useDecide(subject);
  const { people } = useColleagues();
  const options = people
    .toSorted((a, b) => Number(b.isYou) - Number(a.isYou))
    .map(({ id, name, isYou }) => ({ id, words: isYou ? `${name} (you)` : name }));
  return (
    <OptionDialog
      title={`Assign ${subject.called}`}
      label="To whom?"
      options={[...options, { id: ANY, words: 'Nobody' }]}
      nothing="Nobody of this name works on feedback."
      onChoose={({ id, words }) =>
        decide({ assigneeId: id || null }, id ? `Assigned to ${words}` : 'Assigned to nobody')
      }
      onClose={onClose}
    />
  );
}

function Prioritise({ subject, onClose }: Props) {
  const decide = useDecide(subject);
  return (
    <OptionDialog
      title={`Priority of ${subject.called}`}
      label="How urgent is it?"
      options={PRIORITIES.toReversed().map((priority) => ({
        id: String(priority),
        words: priorityWord(priority),
        content: <Priority priority={priority} hasWord />,
      }))}
      nothing="There is no such priority."
      onChoose={({ id, words }) => decide({ priority: Number(id) }, `Priority: ${words}`)}
      onClose={onClose}
    />
  );
}

function Snooze({ subject, onClose }: Props) {
  const decide = useDecide(subject);
  const [now] = useState(programmeNow);
  const [day, setDay] = useState('');
  const at = until(day);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={`Snooze ${subject.called}`}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (at === null) return;
          decide({ snooze: at }, `Snoozed until ${day}`);
          onClose();
        }}
      >
        <TextField
          label="Until a date"
          type="date"
          value={day}
          hint="It comes back on the morning of that day."
          onChange={({ target }) => setDay(target.value)}
        />
        <div className="dialog-actions flex-wrap">
          {snoozes(now).map(({ id, words, snooze, done }) => (
            <Button
              key={id}
              onClick={() => {
                decide({ snooze }, done);
                onClose();
              }}
            >
              {words}
            </Button>
          ))}
          <Button type="submit" variant="primary" disabled={at === null || Date.parse(at) <= now}>
            Snooze
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Label({ subject, onClose }: Props) {
  const decide = useDecide(subject);
  const [typed, setTyped] = useState('');
  const name = typed.trim();
  const error = name.includes(',') ? 'A label cannot hold a comma.' : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name === '' || error) return;
    decide({ addLabels: [name] }, `Labelled ${name}`);
    onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={`Label ${subject.called}`}>
      <form onSubmit={submit} className="grid gap-4">
        <TextField
          label="Label"
          value={typed}
          maxLength={40}
          autoComplete="off"
          error={error}
          onChange={({ target }) => setTyped(target.value)}
        />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={name === '' || error !== undefined}>
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Duplicate({ subject, onClose }: Props) {
  const decide = useDecide(subject);
  return (
    <IssuePickerDialog
      title="Duplicate of…"
      description="Both stay as they are, and this one says of which it is a duplicate. To make one of two, merge them."
      verb="Mark as duplicate"
      app={subject}
      without={subject.issueIds}
      suggested={subject.alike ?? []}
      suggestedAs="Same function"
      isBusy={false}
      onChoose={(id, title) => {
        decide({ status: 'duplicate', duplicateOf: id }, `Duplicate of ${title}`);
        onClose();
      }}
      onClose={onClose}
    />
  );
}

function Merge({ subject, onClose }: Props) {
  const { place, isBusy } = useTriage();
  const router = useRouter();
  const isOne = subject.issueIds.length === 1;
  return (
    <IssuePickerDialog
      title={isOne ? 'Merge into…' : `Merge ${subject.called}`}
      description={
        isOne
          ? 'Its reports go into the one you choose, and so does whatever comes of the same kind from now on.'
          : 'Choose the one that stays: all others go into it, and so does whatever comes of their kinds from now on.'
      }
      verb="Merge"
      app={subject}
      without={isOne ? subject.issueIds : []}
      suggested={isOne ? (subject.alike ?? []) : subject.issueIds}
      suggestedAs={isOne ? 'Same function' : 'Selected'}
      isBusy={isBusy}
      onChoose={async (into, title) => {
        const answer = await place(
          { do: 'merge', into, target: subject.target },
          ({ count }) => `${formatPlural(count, 'crash issue')} merged into ${title}`,
        );
        if (answer === null) return;
        onClose();
        if (isOne) router.replace(issueHref(into));
      }}
      onClose={onClose}
    />
  );
}

function Attach({ subject, onClose }: Props) {
  const { place, isBusy } = useTriage();
  return (
    <IssuePickerDialog
      title={`Attach ${subject.called} to a crash issue`}
      description="It is then triaged together with that crash, and no rule moves it any more."
      verb="Attach"
      app={subject}
      without={subject.issueIds.length === 1 ? subject.issueIds : []}
      isBusy={isBusy}
      onChoose={async (issueId, title) => {
        const answer = await place(
          { do: 'attach', issueId, target: subject.target },
          ({ count }) => `${formatPlural(count, 'report')} attached to ${title}`,
        );
        if (answer !== null) onClose();
      }}
      onClose={onClose}
    />
  );
}
