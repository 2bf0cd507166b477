import type { Store, Write } from '@/lib/store/store';
import { exactly } from '@/lib/store/store';
import { storedTexts } from '@/lib/store/text';
import type { AuditDraft, AuditRow } from './entry';
import { begin, finishStatement, hashOfIntent, hashOfOutcome } from './trail';

/** What an entry that takes a person out of others is known by. */
export const REDACTION = { action: 'redact', type: 'auditEntries' } as const;

/** The columns of an entry in which a person may stand. */
const TEXTS = ['label', 'before', 'after', 'names', 'errors'] as const;
export type AuditTexts = Pick<AuditRow, (typeof TEXTS)[number]>;

/** An entry with what it is to read from now on. */
export interface Redacted {
  readonly row: AuditRow;
  readonly texts: AuditTexts;
}

/** What the hashes of an entry are since a person was taken out of it: id, of the intent, of the outcome. */
type Mark = readonly [id: string, intent: string, outcome: string | null];

/**
 * Takes a person out of entries. Their own hashes stay, so the chain stays whole; what they read since is hashed in an
 * entry of its own, which stands in the chain like any other and says who did it.
 * @throws StaleWriteError when one of them has got its outcome meanwhile: nothing was changed
 */
export async function redactEntries(
  db: Store,
  draft: Omit<AuditDraft, 'action' | 'type' | 'before'>,
  entries: readonly Redacted[],
  write: (writes: readonly Write[]) => Promise<unknown>,
): Promise<void> {
  const sound = entries.map(({ row, texts }) => ({ row, texts: storedTexts(texts) }));
  const marks = sound.map(({ row, texts }): Mark => {
    const now = { ...row, ...texts };
    return [row.id, hashOfIntent(now), row.status === 'pending' ? null : hashOfOutcome(row.hash, now)];
  });
  const intent = await begin(db, { ...draft, ...REDACTION, before: { entries: marks } });
  const count = sound.length;
  const finish = (status: 'succeeded' | 'failed') =>
    finishStatement(intent, { status, at: draft.at, after: { count } });
  try {
    await write([
      ...sound.map(({ row, texts }) =>
        exactly(
          1,
          db.build
            .updateTable('auditEntries')
            .set({ ...texts, redactedBy: intent.id })
            .where('id', '=', row.id)
            .where('status', '=', row.status)
            .where('outcomeHash', 'is not distinct from', row.outcomeHash),
        ),
      ),
      finish('succeeded'),
    ]);
  } catch (error) {
    await db.write([finish('failed')]).catch(() => undefined);
    throw error;
  }
}

/** Says by which redaction an entry reads as it does. */
export type Redactions = (
  row: AuditRow,
) => { readonly intent: string; readonly outcome: string | null } | null;

/** All redactions of the trail: few, and each is itself held by the chain. */
export async function readRedactions(db: Store): Promise<Redactions> {
  const rows = await db.read(
    db.build
      .selectFrom('auditEntries')
      .select(['id', 'before'])
      .where('type', '=', REDACTION.type)
      .where('action', '=', REDACTION.action)
      .where('status', '=', 'succeeded'),
  );
  const found = new Map<string, Mark>();
  for (const { id, before } of rows) for (const mark of marksIn(before)) found.set(`${id} ${mark[0]}`, mark);
  return ({ id, redactedBy }) => {
    const mark = redactedBy === null ? undefined : found.get(`${redactedBy} ${id}`);
    return mark ? { intent: mark[1], outcome: mark[2] } : null;
  };
}

function marksIn(before: string | null): Mark[] {
  const told = (before === null ? {} : JSON.parse(before)) as { entries?: unknown };
  return Array.isArray(told.entries) ? (told.entries as Mark[]) : [];
}
