'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useDraft } from '@/components/drafts/use-draft';
import { toast } from '@/components/ui/toast';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { ApiError } from '@/lib/browser/api';
import { undoMutation, updateMutation } from '@/lib/browser/mutations';
import type { Linkage } from '@/lib/browser/types';
import { createMutation, deleteMutation } from '@/lib/browser/writes';
import {
  changesOf,
  conflictIn,
  type Edits,
  readEdits,
  rowsWith,
  type TextChange,
  type TextRow,
  withoutRow,
} from './edits';

interface Kept {
  /** What the row is by an answer that is younger than the list; null when it is gone. */
  readonly row: TextRow | null;
  /** The row of the list when that answer came: a list that says something else is younger still. */
  readonly over: string;
}

export interface TextOptions {
  readonly type: ResourceType;
  /** What the texts belong to: the name of the relationship and its target. */
  readonly owner: { readonly name: string; readonly to: Linkage };
  readonly rows: readonly TextRow[];
  readonly draftKey: string;
  /** What the toast says of so many that were saved. */
  readonly said: (count: number) => string;
  /** Whether a language without any text is created too. */
  readonly isBlankSent?: boolean;
  /** Sends all changes together, where there is a way for that; else each is a request of its own. */
  readonly sendAll?: (changes: readonly TextChange[]) => Promise<ReadonlyMap<string, SentText>>;
}

/** What became of the text of one language. */
export type SentText =
  | { readonly id: string | null; readonly auditId: string | null }
  | { readonly id: string | null; readonly error: unknown };

/** Texts in several languages that are typed, kept as a draft, and saved: each has its own outcome. */
export function useTextRows(options: TextOptions) {
  const { type, owner, rows: listed, draftKey, said, isBlankSent = false, sendAll } = options;
  const client = useQueryClient();
  const create = useMutation(createMutation(type));
  const update = useMutation(updateMutation(client, type));
  const remove = useMutation(deleteMutation(type));
  const undo = useMutation(undoMutation([type]));
  const [edits, setEdits] = useState<Edits>({});
  const [kept, setKept] = useState<Readonly<Record<string, Kept>>>({});
  const [errors, setErrors] = useState<Readonly<Record<string, unknown>>>({});
  const [isSaving, setSaving] = useState(false);
  const draft = useDraft<Edits>({ key: draftKey, value: edits, restore: setEdits, read: readEdits });

  const rows = withKept(listed, kept);
  const changes = changesOf(rows, edits, isBlankSent);
  const conflicts = rowsWith(rows, edits).flatMap((row) =>
    Object.keys(edits[row.locale]?.fields ?? {}).filter((field) => conflictIn(row, edits, field)),
  ).length;

  const told = (locale: string, row: TextRow | null) =>
    setKept((before) => ({ ...before, [locale]: { row, over: textOfRow(listed, locale) } }));

  const sendOne = async (change: TextChange): Promise<string | undefined> => {
    const { locale } = change;
    if (change.kind === 'create') {
      const attributes = { ...change.attributes, locale };
      const relationships = { [owner.name]: { data: owner.to } };
      const answer = await create.mutateAsync({ attributes, relationships });
      told(locale, { id: answer.data.id, locale, texts: change.attributes });
      return answer.meta?.auditId;
    }
    if (change.kind === 'delete') {
      const { meta } = await remove.mutateAsync({ id: change.id, expect: change.expect });
      told(locale, null);
      return meta?.auditId;
    }
    const { id, attributes, expect } = change;
    const { meta } = await update.mutateAsync({ id, attributes, expect });
    told(locale, { id, locale, texts: { ...rowOf(rows, locale)?.texts, ...plain(attributes) } });
    return meta?.auditId;
  };

  /** The same of one that was sent together with others. */
  const sentOf = (change: TextChange, sent: SentText | undefined): string | undefined => {
    const { locale } = change;
    if (!sent || 'error' in sent) {
      const theirs = changedMeanwhile(sent?.error);
      // Somebody else has made the language meanwhile.
      if (theirs && sent?.id && !rowOf(rows, locale))
        told(locale, { id: sent.id, locale, texts: plain(theirs) });
      throw sent?.error ?? new Error('Flightdeck gave no outcome for this language.');
    }
    if (change.kind === 'delete') told(locale, null);
    else
      told(locale, {
        ...{ id: sent.id, locale },
        texts: { ...rowOf(rows, locale)?.texts, ...plain(change.attributes) },
      });
    return sent.auditId ?? undefined;
  };

  /** Sends what was changed; what is refused stays in the form with its reason. */
  const save = async (): Promise<boolean> => {
    setSaving(true);
    const refused: Record<string, unknown> = {};
    const audits: string[] = [];
    let done = 0;
    let unsent = 0;
    // One request that fails as a whole is the same reason for each.
    const together = sendAll
      ? await sendAll(changes).catch(
          (error: unknown) => new Map(changes.map(({ locale }) => [locale, { id: null, error }])),
        )
      : null;
    for (const change of changes) {
      try {
        const auditId = together ? sentOf(change, together.get(change.locale)) : await sendOne(change);
        if (auditId) audits.push(auditId);
        else unsent += 1;
        done += 1;
        setEdits((now) =>
          now[change.locale] === edits[change.locale] ? withoutRow(now, change.locale) : now,
        );
      } catch (error) {
        const theirs = changedMeanwhile(error);
        const row = rowOf(rows, change.locale);
        if (theirs && row) told(change.locale, { ...row, texts: { ...row.texts, ...plain(theirs) } });
        // What is there now is not what was to go: it is shown, and may be removed again.
        if (theirs && change.kind === 'delete') setEdits((now) => withoutRow(now, change.locale));
        if (!theirs || !row || change.kind === 'delete') refused[change.locale] = error;
      }
    }
    setErrors(refused);
    setSaving(false);
    if (done > 0) {
      const back = async () => {
        for (const auditId of audits.toReversed()) await undo.mutateAsync(auditId);
        setKept({});
      };
      void toast({
        title: said(done),
        undo: audits.length > 0 && audits.length + (together ? unsent : 0) === done ? back : undefined,
      });
    }
    return done === changes.length;
  };

  return {
    rows: rowsWith(rows, edits),
    edits,
    setEdits,
    changes,
    conflicts,
    errors,
    isSaving,
    save,
    draft,
    discard: () => {
      setEdits({});
      setErrors({});
    },
  };
}

export type TextRows = ReturnType<typeof useTextRows>;

function rowOf(rows: readonly TextRow[], locale: string): TextRow | undefined {
  return rows.find((row) => row.locale === locale);
}

function textOfRow(rows: readonly TextRow[], locale: string): string {
  return JSON.stringify(rowOf(rows, locale) ?? null);
}

function withKept(listed: readonly TextRow[], kept: Readonly<Record<string, Kept>>): TextRow[] {
  const valid = Object.entries(kept).filter(([locale, { over }]) => textOfRow(listed, locale) === over);
  const others = listed.filter((row) => !valid.some(([locale]) => locale === row.locale));
  return [...others, ...valid.flatMap(([, { row }]) => row ?? [])];
}

function plain(attributes: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  );
}

/** What somebody else has written meanwhile, where that is why a change was refused. */
function changedMeanwhile(error: unknown): Readonly<Record<string, unknown>> | null {
  if (!(error instanceof ApiError)) return null;
  const { actual } = (error.problems.find(({ code }) => code === 'FLIGHTDECK.STALE')?.meta ?? {}) as {
    actual?: Readonly<Record<string, unknown>>;
  };
  return actual ?? null;
}
