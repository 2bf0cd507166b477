import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { notFound } from '../errors';

/** An account's row as it stands in the store; `sealedKey` never leaves the server. Instants in ms since 1970. */
export interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly kind: 'team' | 'individual';
  readonly issuerId: string | null;
  readonly keyId: string;
  readonly baseUrl: string;
  readonly sealedKey: string;
  readonly keyVersion: number;
  readonly status: string;
  readonly statusDetail: string | null;
  readonly statusAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

const all = shape((build) =>
  build
    .selectFrom('Account')
    .selectAll()
    .where('removedAt', 'is', null)
    .orderBy('createdAt')
    .orderBy('id')
    .$castTo<AccountRow>(),
);
/** Asked before each call to Apple. */
const one = shape((build, given: { id: string }) =>
  build
    .selectFrom('Account')
    .selectAll()
    .where('id', '=', given.id)
    .where('removedAt', 'is', null)
    .$castTo<AccountRow>(),
);

/** The accounts that were not removed, oldest first. */
export async function accountRows(db: Store): Promise<AccountRow[]> {
  return db.read(all({}));
}

/** @throws RefusedError (404) when there is no such account */
export async function accountRow(db: Store, id: string): Promise<AccountRow> {
  const [row] = await db.read(one({ id }));
  if (!row) throw notFound('There is no App Store Connect account of this id.');
  return row;
}
