/** What is about to be changed, by whom. */
export interface AuditDraft {
  /** ms since 1970 */
  readonly at: number;
  readonly actorId: string | null;
  readonly actorEmail: string | null;
  readonly accountId?: string | null | undefined;
  readonly appId?: string | null | undefined;
  /** `update`, `create`, `delete`, `addLinkage`, `removeLinkage`, `replaceLinkage`, `signIn` … */
  readonly action: string;
  readonly type: string;
  readonly resourceId?: string | null | undefined;
  /** What people call the thing at this moment. */
  readonly label?: string | null | undefined;
  /** The state before, any JSON. */
  readonly before?: unknown;
  /** What is asked for, any JSON; replaced by the outcome. */
  readonly requested?: unknown;
  readonly requestId?: string | null | undefined;
  readonly jobId?: string | null | undefined;
  readonly undoOf?: string | null | undefined;
  /** What the things it is about are called at this moment: `betaGroups/123` → `Hackathon`. */
  readonly names?: Names | undefined;
}

/** Names by `type/id`. */
export type Names = Readonly<Record<string, string>>;

export type AuditOutcome = 'succeeded' | 'failed' | 'unknown';
export type AuditStatus = 'pending' | AuditOutcome;

/** One reason why it failed: Apple's own words, or ours. */
export interface AuditProblem {
  readonly id?: string | undefined;
  readonly status?: string | number | undefined;
  readonly code?: string | undefined;
  readonly title?: string | undefined;
  readonly detail?: string | undefined;
}

/** A row of the audit trail. */
export interface AuditEntry {
  readonly seq: number;
  readonly id: string;
  readonly at: number;
  readonly actorId: string | null;
  readonly actorEmail: string | null;
  readonly accountId: string | null;
  readonly appId: string | null;
  readonly action: string;
  readonly type: string;
  readonly resourceId: string | null;
  readonly label: string | null;
  readonly status: AuditStatus;
  readonly before: unknown;
  readonly after: unknown;
  readonly errors: readonly AuditProblem[] | null;
  readonly requestId: string | null;
  readonly jobId: string | null;
  readonly undoOf: string | null;
  readonly names: Names;
  /** The undo of this entry that succeeded, if any. */
  readonly undoneBy: string | null;
  readonly appleRequestId: string | null;
  readonly finishedAt: number | null;
  /** The entry by which a person was taken out of this one. */
  readonly redactedBy: string | null;
}

/** The row as it stands in the table; `before`, `after`, `errors` and `names` are JSON text. */
export interface AuditRow extends Omit<AuditEntry, 'before' | 'after' | 'errors' | 'names' | 'undoneBy'> {
  readonly before: string | null;
  readonly after: string | null;
  readonly errors: string | null;
  readonly names: string | null;
  readonly previousHash: string;
  readonly hash: string;
  readonly outcomeHash: string | null;
}

/** The table's row as an entry. */
export function toEntry(stored: AuditRow & { undoneBy?: string | null }): AuditEntry {
  const { previousHash: _, hash: __, outcomeHash: ___, ...row } = stored;
  return {
    ...row,
    undoneBy: row.undoneBy ?? null,
    before: parse(row.before),
    after: parse(row.after),
    errors: parse(row.errors) as readonly AuditProblem[] | null,
    names: (parse(row.names) ?? {}) as Names,
  };
}

function parse(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
