import type { Database } from '@/lib/store/database';
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

/** The accounts that were not removed, oldest first. */
export async function accountRows(db: Database): Promise<AccountRow[]> {
  return db.query<AccountRow>('SELECT * FROM Account WHERE removedAt IS NULL ORDER BY createdAt, id');
}

/** @throws RefusedError (404) when there is no such account */
export async function accountRow(db: Database, id: string): Promise<AccountRow> {
  const row = (
    await db.query<AccountRow>('SELECT * FROM Account WHERE id = ? AND removedAt IS NULL', [id])
  )[0];
  if (!row) throw notFound('There is no App Store Connect account of this id.');
  return row;
}
