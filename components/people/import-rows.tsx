'use client';

import { Button, buttonClass } from '@/components/ui/button';
import { Section } from '@/components/ui/section';
import { Status } from '@/components/ui/status';
import {
  type ImportPreview,
  type ImportRow,
  OUTCOMES,
  PREVIEW_ROWS,
  type RowOutcome,
} from '@/lib/browser/import';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { ourTone } from '@/lib/format/tones';
import { Consequences } from './consequences';

const GIVE_BUILD = 'Give the build';
const WORDS: Readonly<Record<RowOutcome, string>> = {
  invite: 'Invite',
  addToGroup: 'Add to group',
  alreadyThere: 'Already there',
  held: 'Look at the name',
  invalid: 'Cannot be sent',
};

/** What would happen with each row; nothing has been sent. */
export function ImportRows({
  preview,
  rows,
  into,
  outcome,
  offset,
  isRefreshing,
  onOutcome,
  onOffset,
  onName,
}: {
  preview: ImportPreview;
  /** The page of them that is shown. */
  rows: readonly ImportRow[];
  into: 'groups' | 'builds';
  outcome: RowOutcome | null;
  offset: number;
  isRefreshing: boolean;
  onOutcome: (outcome: RowOutcome | null) => void;
  onOffset: (offset: number) => void;
  /** What is decided about the name of a row, or of all rows that wait. */
  onName: (rowId: string, decision: 'keep' | 'drop') => void;
}) {
  const total = outcome === null ? preview.total : preview.counts[outcome];
  return (
    <Section title="What will happen">
      <Consequences takesAway={[]} warnings={preview.warnings} />
      {preview.counts.held > 0 ? (
        <div className="flex flex-wrap items-center gap-2 rounded-md bg-attention-soft p-3 text-sm">
          <p className="min-w-0 flex-1 basis-60 text-attention">
            {formatPlural(preview.counts.held, 'name looks', 'names look')} broken and will not be sent until
            you have looked. Perhaps another encoding reads them right.
          </p>
          <Button size="sm" onClick={() => onName('*', 'keep')}>
            The names are right
          </Button>
          <Button size="sm" onClick={() => onName('*', 'drop')}>
            Invite without names
          </Button>
        </div>
      ) : null}
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">Show rows</legend>
        <Choice isChosen={outcome === null} count={preview.total} onChoose={() => onOutcome(null)}>
          All
        </Choice>
        {OUTCOMES.map((each) => (
          <Choice
            key={each}
            isChosen={outcome === each}
            count={preview.counts[each]}
            onChoose={() => onOutcome(each)}
          >
            {each === 'addToGroup' && into === 'builds' ? GIVE_BUILD : WORDS[each]}
          </Choice>
        ))}
      </fieldset>
      <div aria-busy={isRefreshing} className="overflow-x-auto aria-busy:opacity-70">
        <table aria-label="Rows of the file" className="w-full table-fixed text-sm max-sm:block">
          <thead className="text-left text-ink-soft text-xs max-sm:sr-only">
            <tr className="h-8 border-b">
              {['Line', 'Name', 'E-mail', into === 'groups' ? 'Groups' : 'Builds', 'What happens'].map(
                (header) => (
                  <th key={header} scope="col" className="px-2 font-medium first:w-16 last:w-1/3">
                    {header}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody data-list="" className="max-sm:block">
            {rows.map((row) => (
              <Row key={row.id} row={row} onName={onName} />
            ))}
          </tbody>
        </table>
      </div>
      {total > PREVIEW_ROWS ? (
        <div className="flex items-center gap-3 text-sm">
          <Button
            size="sm"
            disabled={offset === 0}
            onClick={() => onOffset(Math.max(0, offset - PREVIEW_ROWS))}
          >
            Earlier rows
          </Button>
          <span className="text-ink-soft tabular-nums">
            {formatCount(offset + 1)} to {formatCount(Math.min(total, offset + PREVIEW_ROWS))} of{' '}
            {formatCount(total)}
          </span>
          <Button
            size="sm"
            disabled={offset + PREVIEW_ROWS >= total}
            onClick={() => onOffset(offset + PREVIEW_ROWS)}
          >
            Later rows
          </Button>
        </div>
      ) : null}
    </Section>
  );
}

function Choice({
  isChosen,
  count,
  onChoose,
  children,
}: {
  isChosen: boolean;
  count: number;
  onChoose: () => void;
  children: string;
}) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onChoose}
      className={buttonClass('ghost', 'md', 'aria-pressed:bg-active aria-pressed:text-ink')}
    >
      {children} <span className="tabular-nums">{formatCount(count)}</span>
    </button>
  );
}

const CELL = 'px-2 py-1.5 align-top break-words max-sm:p-0';
/** Long values never push the reason away. */
const CUT = 'line-clamp-3 break-all';

function Row({
  row,
  onName,
}: {
  row: ImportRow;
  onName: (rowId: string, decision: 'keep' | 'drop') => void;
}) {
  const places = row.builds.length > 0 ? row.builds : row.groups;
  const isBuild = row.outcome === 'addToGroup' && row.builds.length > 0;
  return (
    <tr data-list-row="" tabIndex={-1} className="border-b max-sm:grid max-sm:py-2">
      <td className={`${CELL} text-ink-soft tabular-nums`}>
        <span className="sm:hidden">Line </span>
        {row.line}
      </td>
      <td className={CELL}>
        <bdi className="line-clamp-3 break-words">
          {[row.firstName, row.lastName].filter(Boolean).join(' ')}
        </bdi>
      </td>
      <td className={CELL}>
        <bdi className={CUT}>{row.email}</bdi>
      </td>
      <td className={`${CELL} text-ink-soft`}>
        <bdi className="line-clamp-3 break-words">
          {places.length > 0 ? places.map(({ name }) => name).join(', ') : row.groupsCell}
        </bdi>
      </td>
      <td className={CELL}>
        <Status tone={ourTone(`row.${row.outcome}`)}>{isBuild ? GIVE_BUILD : WORDS[row.outcome]}</Status>
        {row.reason ? (
          <span className={row.outcome === 'held' ? 'block text-attention' : 'block text-bad'}>
            {row.reason.detail}
          </span>
        ) : null}
        {row.note ? <span className="block text-ink-soft">{row.note}</span> : null}
        {row.outcome === 'held' ? (
          <span className="mt-1 flex flex-wrap gap-1">
            <Button size="sm" onClick={() => onName(row.id, 'keep')}>
              Keep the name
            </Button>
            <Button size="sm" onClick={() => onName(row.id, 'drop')}>
              Without a name
            </Button>
          </span>
        ) : null}
      </td>
    </tr>
  );
}
