import { createHash } from 'node:crypto';
import { entryOf } from '@/lib/asc/catalogue';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { type OperationAddress, pathOf, relationshipOf } from '@/lib/asc/operations';
import { buildQuery } from '@/lib/asc/query';
import type { AscQuery } from '@/lib/asc/query-types';
import type { Database, Statement } from '@/lib/store/database';

/** An answer of Apple's as it was kept, and when it was given, ms since 1970. */
export interface KeptAnswer {
  readonly document: unknown;
  readonly fetchedAt: number;
}

/** Kept answers stand in the document table under a type that no resource of Apple's has. */
const KEPT = 'answers';
/** Larger answers are not kept, characters. */
const MOST = 2_000_000;

/** Where the answer to a read is kept. */
export function answerKey(
  address: OperationAddress,
  id: string | undefined,
  query: AscQuery,
  cursor = '',
): string {
  const text = `${pathOf(address, id ?? '')}?${buildQuery(query)}#${cursor}`;
  return text.length <= 200
    ? text
    : `${text.slice(0, 120)}#${createHash('sha256').update(text).digest('base64url')}`;
}

/** The kept answer, of whatever age, or null. */
export async function keptAnswer(db: Database, accountId: string, key: string): Promise<KeptAnswer | null> {
  const row = (
    await db.query<{ document: string; fetchedAt: number }>(
      'SELECT document, fetchedAt FROM documents WHERE accountId = ? AND type = ? AND id = ?',
      [accountId, KEPT, key],
    )
  )[0];
  return row ? { document: JSON.parse(row.document), fetchedAt: row.fetchedAt } : null;
}

/** Keeps an answer; none when it is too large. */
export function keepStatements(
  accountId: string,
  address: OperationAddress,
  key: string,
  answer: KeptAnswer,
): Statement[] {
  const document = JSON.stringify(answer.document);
  if (document.length > MOST) return [];
  return [
    {
      sql: `INSERT INTO documents (accountId, type, id, parent, document, fetchedAt) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (accountId, type, id) DO UPDATE SET document = excluded.document, fetchedAt = excluded.fetchedAt`,
      params: [accountId, KEPT, key, subjectOf(address), document, answer.fetchedAt],
    },
  ];
}

/** Drops the kept answers about the types a change makes stale. */
export function dropStatements(accountId: string, types: readonly ResourceType[]): Statement[] {
  const marks = types.map(() => '?').join(', ');
  return [
    {
      sql: `DELETE FROM documents WHERE accountId = ? AND type = ? AND parent IN (${marks})`,
      params: [accountId, KEPT, ...types],
    },
  ];
}

/** The types whose reads are no longer true after a change of this one. */
export function staleTypes(type: ResourceType, name?: string): ResourceType[] {
  const target = name === undefined ? undefined : relationshipOf(type, name)?.target;
  const { stale } = entryOf(type);
  return [
    ...new Set<ResourceType>([type, ...stale, ...(target === undefined ? [] : [target as ResourceType])]),
  ];
}

// A figure or a linkage belongs to the resource it is read from; a related list to what it lists.
function subjectOf({ type, operation, name = '' }: OperationAddress): string {
  return operation === 'related' ? (relationshipOf(type, name)?.target ?? type) : type;
}
