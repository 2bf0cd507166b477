'use client';

import { Button } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import { Section } from '@/components/ui/section';
import type { ImportQuestion } from '@/lib/browser/import';
import { label } from '@/lib/format/labels';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { GroupPicker, single } from './target-picker';

/** Names that mean nothing or several things: answered once, they hold for the whole file. */
export function ImportQuestions({
  appId,
  questions,
  onGroup,
  onRecord,
}: {
  appId: string;
  questions: readonly ImportQuestion[];
  onGroup: (key: string, groupId: string) => void;
  onRecord: (email: string, testerId: string) => void;
}) {
  if (questions.length === 0) return null;
  return (
    <Section title="To be decided">
      <ul className="grid gap-3">
        {questions.map((question) => (
          <li
            key={question.kind === 'group' ? `group ${question.key}` : `record ${question.email}`}
            className="grid gap-2 rounded-md border p-3 text-sm"
          >
            {question.kind === 'record' ? (
              <RecordChoice question={question} onRecord={onRecord} />
            ) : (
              <GroupChoice appId={appId} question={question} onGroup={onGroup} />
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function GroupChoice({
  appId,
  question,
  onGroup,
}: {
  appId: string;
  question: Extract<ImportQuestion, { kind: 'group' }>;
  onGroup: (key: string, groupId: string) => void;
}) {
  const { name, key, options, rows } = question;
  return (
    <>
      <p className="break-words">
        {formatPlural(rows, 'row names', 'rows name')} the group “<Name>{name}</Name>”.{' '}
        {options.length > 0
          ? `The app has ${formatCount(options.length)} groups of this name. Which one is meant?`
          : 'The app has no group of this name. Which one is meant?'}
      </p>
      <div className="flex flex-wrap items-end gap-2">
        {options.map((group) => (
          <Button key={group.id} size="sm" onClick={() => onGroup(key, group.id)}>
            {wordsOf(group, options)}
          </Button>
        ))}
        {options.length === 0 ? (
          <GroupPicker appId={appId} {...single('', (id) => id !== '' && onGroup(key, id))} withInternal />
        ) : null}
        <Button size="sm" variant="ghost" onClick={() => onGroup(key, '')}>
          Leave this name out
        </Button>
      </div>
    </>
  );
}

type Option = Extract<ImportQuestion, { kind: 'group' }>['options'][number];

/** What tells groups of one name apart; the id only where nothing else does. */
function wordsOf(group: Option, options: readonly Option[]): string {
  const plain = ({ isInternalGroup, testerCount }: Option) =>
    `${isInternalGroup ? 'Internal' : 'External'}${typeof testerCount === 'number' ? `, ${formatPlural(testerCount, 'tester')}` : ''}`;
  const words = plain(group);
  return options.some((other) => other !== group && plain(other) === words)
    ? `${words} (${group.id})`
    : words;
}

function RecordChoice({
  question: { email, options },
  onRecord,
}: {
  question: Extract<ImportQuestion, { kind: 'record' }>;
  onRecord: (email: string, testerId: string) => void;
}) {
  return (
    <>
      <p className="break-words">
        The app has {formatCount(options.length)} testers with the address <bdi>{email}</bdi>. Which one is
        meant?
      </p>
      <div className="flex flex-wrap gap-2">
        {options.map(({ id, name, state }) => (
          <Button key={id} size="sm" onClick={() => onRecord(email.toLowerCase(), id)}>
            {state === null ? 'Tester' : label(state)}, {name === '' ? 'in no group' : `in ${name}`}
          </Button>
        ))}
      </div>
    </>
  );
}
