import { createHash } from 'node:crypto';
import { entryOf } from '@/lib/asc/catalogue';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { type OperationAddress, pathOf, relationshipOf } from '@/lib/asc/operations';
import { buildQuery } from '@/lib/asc/query';
import type { AscQuery } from '@/lib/asc/query-types';
import type { Database, Write } from '@/lib/store/database';
import { shape } from '@/lib/store/shape';

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

const answerOf = shape((build, given: { readonly accountId: string; readonly key: string }) =>
  build
    .selectFrom('documents')
    .select(['document', 'fetchedAt'])
    .where('accountId', '=', given.accountId)
    .where('type', '=', KEPT)
    .where('id', '=', given.key),
);

/** The kept answer, of whatever age, or null. */
export async function keptAnswer(db: Database, accountId: string, key: string): Promise<KeptAnswer | null> {
  const [row] = await db.read<{ document: string; fetchedAt: number }>(answerOf({ accountId, key }));
  return row ? { document: JSON.parse(row.document), fetchedAt: row.fetchedAt } : null;
}

/** Keeps an answer; none when it is too large. */
export function keepStatements(
  { build }: Pick<Database, 'build'>,
  accountId: string,
  address: OperationAddress,
  key: string,
  answer: KeptAnswer,
): Write[] {
  const document = JSON.stringify(answer.document);
  if (document.length > MOST) return [];
  return [
    build
      .insertInto('documents')
      .values({
        accountId,
        type: KEPT,
        id: key,
        parent: subjectOf(address),
        document,
        fetchedAt: answer.fetchedAt,
      })
      .onConflict((held) =>
        held.columns(['accountId', 'type', 'id']).doUpdateSet(({ ref }) => ({
          document: ref('excluded.document'),
          fetchedAt: ref('excluded.fetchedAt'),
        })),
      ),
  ];
}

/** Drops the kept answers about the types a change makes stale. */
export function dropStatements(
  { build }: Pick<Database, 'build'>,
  accountId: string,
  types: readonly ResourceType[],
): Write[] {
  return [
    build
      .deleteFrom('documents')
      .where('accountId', '=', accountId)
      .where('type', '=', KEPT)
      .where('parent', 'in', types),
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
