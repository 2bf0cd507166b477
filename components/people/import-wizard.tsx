'use client';

import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { DraftNote } from '@/components/drafts/draft-note';
import { Button } from '@/components/ui/button';
import { Refusal } from '@/components/ui/error-state';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { ApiError } from '@/lib/browser/api';
import {
  type ImportFile,
  type ImportOptions,
  type ImportPreview,
  importPreviewOptions,
  importRowsOptions,
  PREVIEW_ROWS,
  type RowOutcome,
  startImportMutation,
} from '@/lib/browser/import';
import { formatPlural } from '@/lib/format/numbers';
import { Way } from './access-choice';
import { ImportColumns, type ShownColumns } from './import-columns';
import { ImportFileField } from './import-file-field';
import { ImportQuestions } from './import-questions';
import { ImportReading } from './import-reading';
import { ImportRows } from './import-rows';
import { BuildPicker, GroupPicker } from './target-picker';
import { useImportDraft } from './use-import-draft';

type Choices = Omit<ImportOptions, 'appId'>;

/** From a file to a job: the file, what its columns hold, what would happen with each row, and only then the start. */
export function ImportWizard({ appId }: { appId: string }) {
  const router = useRouter();
  const [file, setFile] = useState<ImportFile | null>(null);
  const [choices, setChoices] = useState<Choices>(NONE_CHOSEN);
  const [into, setInto] = useState<'groups' | 'builds'>('groups');
  const [outcome, setOutcome] = useState<RowOutcome | null>(null);
  const [offset, setOffset] = useState(0);
  const options: ImportOptions = { appId, ...choices };
  const preview = useQuery({
    ...importPreviewOptions(file ?? NO_FILE, options),
    enabled: file !== null,
    placeholderData: keepPreviousData,
  });
  const isFirstPage = outcome === null && offset === 0;
  const others = useQuery({
    ...importRowsOptions(preview.data?.data.draft ?? '', { outcome, offset, limit: PREVIEW_ROWS }),
    enabled: file !== null && !isFirstPage && preview.isSuccess && !preview.isPlaceholderData,
    placeholderData: keepPreviousData,
  });
  const start = useMutation(startImportMutation());
  const change = (part: Partial<Choices>) => {
    setChoices((before) => ({ ...before, ...part }));
    setOffset(0);
  };
  const choose = (next: ImportFile | null) => {
    setFile(next);
    // Another file has other columns; groups and builds stay chosen.
    setChoices(({ groupIds, buildIds }) => ({ groupIds, buildIds }));
    setOutcome(null);
    setOffset(0);
    start.reset();
  };
  const data = file && !preview.error ? preview.data?.data : undefined;
  const columns = data ?? columnsOf(preview.error);
  const draft = useImportDraft({
    appId,
    file,
    // While another file is read, what is shown is still the one before.
    columns: preview.isPlaceholderData ? undefined : columns?.columns,
    choices,
    into,
    restore: (kept) => {
      setFile(kept.file);
      setChoices(kept.choices);
      setInto(kept.into);
    },
  });
  return (
    <div className="grid gap-8">
      <div className="grid gap-3">
        <DraftNote draft={draft} />
        <ImportFileField file={file} onFile={choose} />
      </div>
      {file && preview.isPending ? <Skeleton className="h-40" /> : null}
      <Refusal error={file && preview.error ? preview.error : null} />
      {data ? (
        <ImportReading
          preview={data}
          onChange={(reading) => {
            setChoices(({ groupIds, buildIds }) => ({ groupIds, buildIds, ...reading }));
            setOffset(0);
          }}
        />
      ) : null}
      {file && columns ? (
        <>
          <ImportColumns
            shown={{ ...columns, ...chosenOf(choices) }}
            onMapping={(mapping) => change({ mapping })}
            onHeader={(hasHeader) => change({ hasHeader })}
          />
          <Section title="What they get">
            <Target
              appId={appId}
              into={into}
              choices={choices}
              onInto={(next) => {
                setInto(next);
                change(NONE_CHOSEN);
              }}
              onChange={change}
            />
          </Section>
        </>
      ) : null}
      {data ? (
        <>
          <ImportQuestions
            appId={appId}
            questions={data.questions}
            onGroup={(key, id) => change({ groupNames: { ...choices.groupNames, [key]: id } })}
            onRecord={(email, id) => change({ records: { ...choices.records, [email]: id } })}
          />
          <ImportRows
            preview={data}
            rows={isFirstPage ? data.rows : others.error ? [] : (others.data?.data.rows ?? data.rows)}
            into={choices.buildIds.length > 0 ? 'builds' : 'groups'}
            outcome={outcome}
            offset={offset}
            isRefreshing={preview.isPlaceholderData || (!isFirstPage && others.isFetching)}
            onOutcome={(next) => {
              setOutcome(next);
              setOffset(0);
            }}
            onOffset={setOffset}
            onName={(rowId, decision) => change({ names: { ...choices.names, [rowId]: decision } })}
          />
          <Refusal error={isFirstPage ? null : others.error} />
          {isGone(others.error) || isGone(start.error) ? (
            <Button className="w-fit" onClick={() => choose(null)}>
              Choose the file again
            </Button>
          ) : null}
          <Start
            preview={data}
            into={into}
            isUnchosen={into === 'builds' && choices.buildIds.length === 0}
            error={start.error}
            isBusy={start.isPending || preview.isPlaceholderData}
            onStart={() =>
              start.mutate(
                { draft: data.draft },
                {
                  onSuccess: ({ data: { jobId } }) => {
                    draft.clear();
                    router.push(`/jobs/${encodeURIComponent(jobId)}`);
                  },
                },
              )
            }
          />
        </>
      ) : null}
    </div>
  );
}

const NONE_CHOSEN = { groupIds: [], buildIds: [] };

/** Groups, or single builds: Apple gives a new tester one or the other. */
function Target({
  appId,
  into,
  choices,
  onInto,
  onChange,
}: {
  appId: string;
  into: 'groups' | 'builds';
  choices: Choices;
  onInto: (into: 'groups' | 'builds') => void;
  onChange: (part: Partial<Choices>) => void;
}) {
  return (
    <fieldset className="grid max-w-xl gap-2 text-sm">
      <legend className="sr-only">What they get</legend>
      <Way name="Groups" isChosen={into === 'groups'} onChoose={() => onInto('groups')}>
        Those that a row names; for rows that name none, these.
      </Way>
      {into === 'groups' ? (
        <GroupPicker
          appId={appId}
          chosen={choices.groupIds}
          onChange={(groupIds) => onChange({ groupIds })}
          withInternal
        />
      ) : null}
      <Way name="Single builds" isChosen={into === 'builds'} onChoose={() => onInto('builds')}>
        Everybody in the file gets these builds and no later ones.
      </Way>
      {into === 'builds' ? (
        <BuildPicker
          appId={appId}
          chosen={choices.buildIds}
          onChange={(buildIds) => onChange({ buildIds })}
        />
      ) : null}
    </fieldset>
  );
}

/** What a person chose shows at once; the server's answer follows. */
function chosenOf({ hasHeader, mapping }: Choices): Pick<Choices, 'hasHeader' | 'mapping'> {
  return { ...(hasHeader === undefined ? {} : { hasHeader }), ...(mapping === undefined ? {} : { mapping }) };
}

/** The draft was given up for newer ones, or a day has passed. */
function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.problems[0]?.code === 'FLIGHTDECK.IMPORT.GONE';
}

const NO_FILE: ImportFile = { key: '', name: '', blob: new Blob([]) };

/** A file without an address column is refused with its columns, so that a person can point at the right one. */
function columnsOf(error: unknown): ShownColumns | undefined {
  const columns = error instanceof ApiError ? error.problems[0]?.meta?.columns : undefined;
  if (!Array.isArray(columns)) return undefined;
  const known = columns as ImportPreview['columns'];
  const mapping = Object.fromEntries(known.flatMap(({ field, index }) => (field ? [[field, index]] : [])));
  return { columns: known, mapping, hasHeader: known.some(({ header }) => header !== null) };
}

function Start({
  preview,
  into,
  isUnchosen,
  error,
  isBusy,
  onStart,
}: {
  preview: ImportPreview;
  into: 'groups' | 'builds';
  /** Builds are to be given, and none is chosen yet: nothing may go to groups by mistake. */
  isUnchosen: boolean;
  error: unknown;
  isBusy: boolean;
  onStart: () => void;
}) {
  const { invite, addToGroup, alreadyThere, held, invalid } = preview.counts;
  const toDo = invite + addToGroup;
  const verb = [
    invite > 0 ? `Invite ${formatPlural(invite, 'tester')}` : '',
    addToGroup > 0 ? addWords(addToGroup, into, invite > 0) : '',
  ].filter(Boolean);
  const left = [
    alreadyThere > 0 ? `${formatPlural(alreadyThere, 'row is', 'rows are')} there already` : '',
    held > 0 ? `${formatPlural(held, 'name waits', 'names wait')} for your word and will not be sent` : '',
    invalid > 0
      ? `${formatPlural(invalid, 'row', 'rows')} cannot be sent and will be listed with the reason`
      : '',
  ].filter(Boolean);
  return (
    <div className="sticky bottom-0 z-10 grid gap-2 border-t bg-surface py-4 max-sm:bottom-14">
      <Refusal error={error} />
      <div className="flex flex-wrap items-center gap-3">
        <Button variant="primary" busy={isBusy} disabled={toDo === 0 || isUnchosen} onClick={onStart}>
          {isUnchosen ? 'Choose a build first' : toDo === 0 ? 'Nothing to import' : verb.join(' and ')}
        </Button>
        <p className="text-ink-soft text-sm">
          {left.length > 0 ? `${left.join('; ')}. ` : ''}
          <span className="max-sm:hidden">
            It runs as a job: you can close the page, pause it, and get a file of what was refused.
          </span>
        </p>
      </div>
    </div>
  );
}

function addWords(count: number, into: 'groups' | 'builds', isSecond: boolean): string {
  const testers = formatPlural(count, 'tester');
  const words = into === 'groups' ? `Add ${testers} to groups` : `Give the builds to ${testers}`;
  return isSecond ? words.charAt(0).toLowerCase() + words.slice(1) : words;
}
