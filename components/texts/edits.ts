/** A text of App Store Connect's in one language; `id` is null while there is none. */
export interface TextRow {
  readonly id: string | null;
  readonly locale: string;
  /** By attribute; what is unset is ''. */
  readonly texts: Readonly<Record<string, string>>;
}

/** What somebody typed over a text, and what stood there when they began. */
interface Edit {
  readonly text: string;
  readonly base: string;
}

interface RowEdit {
  readonly fields: Readonly<Record<string, Edit>>;
  readonly isRemoved?: boolean;
  /** What stood there when it was marked for removal. */
  readonly seen?: TextRow['texts'];
  /** The language was chosen by hand. */
  readonly isAdded?: boolean;
}

/** What is typed and not saved, by language. It is what a draft keeps. */
export type Edits = Readonly<Record<string, RowEdit>>;

/** One request to App Store Connect. */
export type TextChange = { readonly locale: string } & (
  | { readonly kind: 'create'; readonly attributes: Readonly<Record<string, string>> }
  | {
      readonly kind: 'update';
      readonly id: string;
      readonly attributes: Readonly<Record<string, string | null>>;
      readonly expect: Readonly<Record<string, string | null>>;
    }
  | {
      readonly kind: 'delete';
      readonly id: string;
      readonly expect: Readonly<Record<string, string | null>>;
    }
);

/** Somebody else changed what one has changed too. */
export interface Conflict {
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
}

const NOTHING: RowEdit = { fields: {} };

/** A text as it stands in the form. */
export function textOf(row: TextRow, edits: Edits, field: string): string {
  return edits[row.locale]?.fields[field]?.text ?? row.texts[field] ?? '';
}

/** The edits with another text; one that is as it was before is none. */
export function withText(edits: Edits, row: TextRow, field: string, text: string): Edits {
  const edit = edits[row.locale] ?? NOTHING;
  const base = edit.fields[field]?.base ?? row.texts[field] ?? '';
  const { [field]: _, ...others } = edit.fields;
  const fields = text === base ? others : { ...others, [field]: { text, base } };
  return withRow(edits, row.locale, { ...edit, fields, isRemoved: false });
}

export function withAdded(edits: Edits, locale: string): Edits {
  return withRow(edits, locale, { ...(edits[locale] ?? NOTHING), isAdded: true, isRemoved: false });
}

/** A language that App Store Connect has is marked for removal; one that was only begun is forgotten. */
export function withRemoved(edits: Edits, row: TextRow): Edits {
  return withRow(
    edits,
    row.locale,
    row.id === null ? NOTHING : { fields: {}, isRemoved: true, seen: row.texts },
  );
}

/** The row as it is at App Store Connect. */
export function withoutRow(edits: Edits, locale: string): Edits {
  return withRow(edits, locale, NOTHING);
}

/** Goes on from what somebody else has written: it is what the next save expects to find. */
export function rebased(edits: Edits, row: TextRow, field: string, text: string): Edits {
  const edit = edits[row.locale] ?? NOTHING;
  const base = row.texts[field] ?? '';
  const { [field]: _, ...others } = edit.fields;
  const fields = text === base ? others : { ...others, [field]: { text, base } };
  return withRow(edits, row.locale, { ...edit, fields });
}

function withRow(edits: Edits, locale: string, edit: RowEdit): Edits {
  const { [locale]: _, ...others } = edits;
  const { fields, isRemoved = false, isAdded = false, seen } = edit;
  if (Object.keys(fields).length === 0 && !isRemoved && !isAdded) return others;
  return {
    ...others,
    [locale]: {
      fields,
      ...(isRemoved ? { isRemoved } : {}),
      ...(isRemoved && seen ? { seen } : {}),
      ...(isAdded ? { isAdded } : {}),
    },
  };
}

/** Where a text was changed by somebody else since it was typed over, and differently. */
export function conflictIn(row: TextRow, edits: Edits, field: string): Conflict | null {
  const edit = edits[row.locale]?.fields[field];
  const theirs = row.texts[field] ?? '';
  if (!edit || theirs === edit.base || theirs === edit.text) return null;
  return { base: edit.base, mine: edit.text, theirs };
}

/** The rows to show: what App Store Connect has, and the languages that were begun here. */
export function rowsWith(rows: readonly TextRow[], edits: Edits): TextRow[] {
  const begun = Object.keys(edits)
    .filter((locale) => !rows.some((row) => row.locale === locale))
    .map((locale) => ({ id: null, locale, texts: {} }));
  return [...rows, ...begun];
}

/** What has to be sent. A language without any text is created only where the row itself says something. */
export function changesOf(rows: readonly TextRow[], edits: Edits, isBlankSent: boolean): TextChange[] {
  return rowsWith(rows, edits).flatMap((row): TextChange[] => {
    const { id, locale } = row;
    const edit = edits[locale];
    if (!edit) return [];
    if (edit.isRemoved) {
      const seen = Object.entries(edit.seen ?? row.texts);
      const expect = Object.fromEntries(seen.map(([field, text]) => [field, text === '' ? null : text]));
      return id === null ? [] : [{ kind: 'delete', locale, id, expect }];
    }
    const changed = Object.entries(edit.fields).filter(
      ([field, { text }]) => text !== (row.texts[field] ?? ''),
    );
    if (id === null) {
      const attributes = Object.fromEntries(
        changed.flatMap(([field, { text }]) => (text.trim() === '' ? [] : [[field, text]])),
      );
      const isSent = Object.keys(attributes).length > 0 || (isBlankSent && edit.isAdded === true);
      return isSent ? [{ kind: 'create', locale, attributes }] : [];
    }
    if (changed.length === 0) return [];
    const attributes = Object.fromEntries(changed.map(([field, { text }]) => [field, orNull(text)]));
    const expect = Object.fromEntries(changed.map(([field, { base }]) => [field, orNull(base)]));
    return [{ kind: 'update', locale, id, attributes, expect }];
  });
}

/** Apple empties a text by null. */
function orNull(text: string): string | null {
  return text.trim() === '' ? null : text;
}

/** A draft as it was kept; null when it is none of these. */
export function readEdits(kept: unknown): Edits | null {
  if (!isRecord(kept)) return null;
  const isEdit = (value: unknown) =>
    isRecord(value) && typeof value.text === 'string' && typeof value.base === 'string';
  const isRow = (value: unknown) =>
    isRecord(value) &&
    isRecord(value.fields) &&
    Object.values(value.fields).every(isEdit) &&
    Object.values(isRecord(value.seen) ? value.seen : {}).every((text) => typeof text === 'string');
  return Object.values(kept).every(isRow) ? (kept as Edits) : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
