import type { Store } from '@/lib/store/store';
import type { AuditRow } from './entry';
import { type Redactions, readRedactions } from './redaction';
import { FIRST_HASH, hashOfIntent, hashOfOutcome } from './trail';

export interface ChainReport {
  readonly isWhole: boolean;
  readonly checked: number;
  /** Entries that read otherwise than they were written, because a person was taken out of them; the trail says so. */
  readonly redacted: number;
  /** The first entry that does not fit, and why. */
  readonly broken?: { readonly seq: number; readonly id: string; readonly reason: string };
}

/** Recomputes every hash of the trail, oldest first, in blocks so that a long trail does not fill the memory. */
export async function verifyChain(db: Store, block = 1000): Promise<ChainReport> {
  let previousHash = FIRST_HASH;
  let seq = 0;
  let checked = 0;
  let redacted = 0;
  const redactions = await readRedactions(db);
  for (;;) {
    const rows = await db.read(
      db.build
        .selectFrom('auditEntries')
        .selectAll()
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(block)
        .$castTo<AuditRow>(),
    );
    for (const row of rows) {
      const reason = faultOf(row, previousHash, redactions);
      if (reason) return { isWhole: false, checked, redacted, broken: { seq: row.seq, id: row.id, reason } };
      previousHash = row.hash;
      seq = row.seq;
      checked += 1;
      if (row.redactedBy !== null) redacted += 1;
    }
    if (rows.length < block) return { isWhole: true, checked, redacted };
  }
}

function faultOf(row: AuditRow, previousHash: string, redactions: Redactions): string | null {
  if (row.previousHash !== previousHash)
    return 'It does not follow the entry before it: one was removed or put in.';
  const redaction = redactions(row);
  const intent = hashOfIntent(row);
  if (row.hash !== intent && redaction?.intent !== intent) return 'What was intended has been changed.';
  const outcome = row.status === 'pending' ? null : hashOfOutcome(row.hash, row);
  if (row.outcomeHash !== outcome && !(redaction && redaction.outcome === outcome))
    return 'Its outcome has been changed.';
  return null;
}
