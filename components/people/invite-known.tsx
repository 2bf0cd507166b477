'use client';

import { Button } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import { Time } from '@/components/ui/time';
import type { InvitePreview, KnownHere } from '@/lib/browser/people';
import { label } from '@/lib/format/labels';

/** What the app knows of the address already, right at the field, and what is left to decide. */
export function InviteKnown({
  plan: { known, removedAt },
  row,
  onRecord,
  onName,
}: {
  plan: InvitePreview;
  row: InvitePreview['rows'][number];
  onRecord: (testerId: string) => void;
  onName: (decision: 'keep' | 'drop') => void;
}) {
  const isHeld = row.outcome === 'held';
  if (known.length === 0 && removedAt === null && !isHeld) return null;
  return (
    <div role="status" className="grid gap-2 rounded-md bg-accent-soft p-3 text-sm">
      {known.map((tester) => (
        <p key={tester.testerId} className="break-words">
          {tester.groups.some(({ isInternalGroup }) => isInternalGroup)
            ? 'Is an internal tester of this app'
            : 'Is a tester of this app already'}
          {tester.state === null ? '' : ` (${label(tester.state)})`}, <Groups groups={tester.groups} />.{' '}
          {wordsFor(row.outcome, tester)}
        </p>
      ))}
      {known.length === 0 && removedAt !== null ? (
        <p>
          Left or was removed <Time at={removedAt} />. A new invitation brings the person back.
        </p>
      ) : null}
      {row.question?.kind === 'record' ? (
        <div className="flex flex-wrap items-center gap-2">
          <span>Which of them is meant?</span>
          {row.question.options.map(({ id, name, state }) => (
            <Button key={id} size="sm" onClick={() => onRecord(id)}>
              {state === null ? 'Tester' : label(state)}, {name === '' ? 'in no group' : `in ${name}`}
            </Button>
          ))}
        </div>
      ) : null}
      {isHeld ? (
        <div className="flex flex-wrap items-center gap-2">
          <span className="text-attention">{row.reason?.detail}</span>
          <Button size="sm" onClick={() => onName('keep')}>
            Keep the name
          </Button>
          <Button size="sm" onClick={() => onName('drop')}>
            Invite without a name
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function Groups({ groups }: Pick<KnownHere, 'groups'>) {
  if (groups.length === 0) return 'in no group';
  return groups.map(({ id, name }, index) => (
    <span key={id}>
      {index === 0 ? 'in ' : ', '}
      <Name>{name}</Name>
    </span>
  ));
}

function wordsFor(outcome: InvitePreview['rows'][number]['outcome'], { state }: KnownHere): string {
  if (state === 'REVOKED') return 'Has lost access: a new invitation brings the person back.';
  if (outcome === 'alreadyThere') return 'Has all that is chosen below.';
  return 'Choose groups or a build to add.';
}
