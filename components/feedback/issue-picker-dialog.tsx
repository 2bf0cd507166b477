'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { type Choice, Picker } from '@/components/ui/picker';
import { Badge } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { type IssueChoice, issueChoicesOptions } from '@/lib/browser/placing';
import { stateWords } from '@/lib/format/feedback';
import { formatPlural } from '@/lib/format/numbers';
import { buildShort } from './feedback-words';

const EMPTY = new Set<string>();

/** Asks for one crash issue of an app: found by function, words or notes, told apart by reports, age and builds. */
export default function IssuePickerDialog({
  title,
  description,
  verb,
  app,
  without = [],
  suggested = [],
  suggestedAs,
  isBusy,
  onChoose,
  onClose,
}: {
  title: string;
  description: ReactNode;
  /** On the button. */
  verb: string;
  app: { readonly appId: string; readonly accountId: string | undefined };
  /** Cannot be chosen. */
  without?: readonly string[];
  /** Stand first while nothing is typed. */
  suggested?: readonly string[];
  /** Why, in a word or two. */
  suggestedAs?: string;
  isBusy: boolean;
  onChoose: (id: string, title: string) => void;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const asked = useDeferredValue(typed);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(EMPTY);
  const list = useInfiniteQuery(issueChoicesOptions(app, asked));
  const first = useInfiniteQuery({
    ...issueChoicesOptions(app, '', suggested),
    enabled: suggested.length > 0,
  });
  const front = asked.trim() === '' ? (first.data?.pages.flatMap((page) => page.data) ?? []) : [];
  const known = new Set(front.map(({ id }) => id));
  const found = list.data?.pages.flatMap((page) => page.data) ?? [];
  const rows = [...front, ...found.filter(({ id }) => !known.has(id))].filter(
    ({ id }) => !without.includes(id),
  );
  const [id] = chosen;
  const choose = () => {
    const row = rows.find((one) => one.id === id);
    if (id !== undefined) onChoose(id, row?.attributes?.title ?? 'the crash issue');
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} description={description} wide>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          choose();
        }}
      >
        <Picker
          name="Crash issues"
          label="Search by function or words"
          search={typed}
          onSearch={setTyped}
          choices={rows.map((row) => choiceOf(row, known.has(row.id) ? suggestedAs : undefined))}
          chosen={chosen}
          onChange={setChosen}
          isPending={list.isPending || list.isFetchingNextPage}
          isSingle
          nothing={
            typed.trim() ? 'No other crash issue of this app matches.' : 'There is no other crash issue.'
          }
          error={list.error?.message}
          onMore={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
        />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isBusy} disabled={id === undefined}>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function choiceOf(row: IssueChoice, why: string | undefined): Choice {
  const { attributes, meta } = row;
  const { title = 'Crash', reportCount = 0 } = attributes ?? {};
  const builds = buildsOf(meta?.seenIn);
  return {
    id: row.id,
    label: `${title}, ${formatPlural(reportCount, 'report')}${builds ? `, ${builds}` : ''}`,
    content: (
      <span className="grid gap-0.5">
        <span className="flex items-center gap-2">
          <bdi dir="auto" className="min-w-0 wrap-anywhere">
            {title}
          </bdi>
          {why ? <Badge>{why}</Badge> : null}
        </span>
        <span className="text-ink-soft text-xs">
          {formatPlural(reportCount, 'report')} · last <Time at={attributes?.lastDate} />
          {builds ? ` · ${builds}` : ''}
          {meta?.issue ? ` · ${stateWords(meta.issue)}` : ''}
        </span>
      </span>
    ),
  };
}

/** “1.4 (6) to 1.4 (7)”. */
function buildsOf(seen: NonNullable<IssueChoice['meta']>['seenIn']): string {
  if (!seen) return '';
  const [first, last] = [seen.first, seen.last].map((build) => buildShort({ id: '', ...build }));
  return seen.count === 1 || first === last ? `in ${last}` : `in ${first} to ${last}`;
}
