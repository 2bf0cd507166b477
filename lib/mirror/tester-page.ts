import { testerEventStatements } from '@/lib/history/tester-events';
import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';
import { claimsOf, type MembershipClaim, type Row, rowOf, type Values } from './codec';
import { membershipStatements } from './membership';
import type { ResourceLike } from './resource';
import { rowStatements } from './row-statements';
import { type KnownTester, knownTesters, testerChanges } from './tester-changes';
import { buriedRows, buriedTesters } from './tombstones';

export interface TesterPageInput {
  readonly accountId: string;
  readonly appId: string;
  readonly resources: readonly ResourceLike[];
  readonly generation: number;
  /** When the request started, ms since 1970. */
  readonly fetchedAt: number;
  /** Whether changes are written to the testers' history; not on the first pass, where everybody is new. */
  readonly recordsEvents: boolean;
  /** See {@link membershipStatements}. */
  readonly isSettling?: boolean | undefined;
}

/**
 * The statements that store a page of an app's testers. Most pages bring nothing new: rows that did not change are
 * only stamped, which leaves their indexes alone and makes a sweep of ten thousand testers cheap.
 */
export async function testerPageStatements(
  db: Pick<Store, 'read'>,
  input: TesterPageInput,
): Promise<Write[]> {
  const { accountId, appId, fetchedAt, generation } = input;
  const around = { appId, isSparse: false, included: () => undefined };
  const ids = input.resources.map(({ id }) => id);
  // Whoever was removed here meanwhile is neither stored nor noted as somebody who joined.
  const buried = await buriedTesters(db, input, ids);
  const resources = input.resources.filter(({ id }) => !buried.has(id));
  const rows = resources.map((resource) => stamped(rowOf(resource, around), input));
  const claims: MembershipClaim[] = resources.flatMap((resource) => claimsOf(resource, appId));
  const known = await knownTesters(db, accountId, appId, ids);
  const changed = rows.filter(({ values }) => !isUnchanged(known.get(String(values.id)), values));
  const changedIds = new Set(changed.map(({ values }) => values.id));
  const unchanged = ids.filter((id) => !changedIds.has(id) && !buried.has(id));
  const events = input.recordsEvents
    ? changed.flatMap(({ values }) =>
        testerChanges(known.get(String(values.id)), values, { accountId, appId, at: fetchedAt }),
      )
    : [];
  return [
    ...testerEventStatements(events),
    ...rowStatements(changed, { generation, isSparse: false }),
    ...(unchanged.length > 0 ? [stamp({ accountId, appId, generation, fetchedAt, ids: unchanged })] : []),
    ...membershipStatements(claims, { accountId, fetchedAt, isSettling: input.isSettling }),
    ...buriedRows(accountId, rows),
  ];
}

function stamped({ table, values }: Row, { accountId, fetchedAt }: TesterPageInput): Row {
  return { table, values: { accountId, fetchedAt, ...values } };
}

function isUnchanged(known: KnownTester | undefined, values: Values): boolean {
  if (!known || known.document !== values.document) return false;
  const isSame = (column: 'state' | 'appDevices') =>
    values[column] === undefined || values[column] === known[column];
  return isSame('state') && isSame('appDevices');
}

interface Stamp extends Pick<TesterPageInput, 'accountId' | 'appId' | 'generation' | 'fetchedAt'> {
  readonly ids: readonly string[];
}

const stamp = shape((build, { accountId, appId, generation, fetchedAt, ids }: Stamp, { among }) =>
  build
    .updateTable('betaTesters')
    .set((set) => ({
      generation: set
        .case()
        .when('generation', '>', generation)
        .then(set.ref('generation'))
        .else(generation)
        .end(),
      fetchedAt,
    }))
    .where('accountId', '=', accountId)
    .where('appId', '=', appId)
    .where((is) => among(is.ref('id'), ids))
    .where('fetchedAt', '<=', fetchedAt),
);
