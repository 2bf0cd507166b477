import { sql } from 'kysely';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { isApp, isPerApp } from '../tables';
import { idColumnOf } from './by-id';
import { factsOf, type MirrorType } from './facts';
import { type Holder, holdersOf } from './holders';
import { dress } from './list';
import { includedOf } from './relations';
import { type MirrorRow, toResource } from './rows';
import type { MirrorDocument } from './types';

export interface GetOptions {
  readonly include?: readonly string[] | undefined;
  /** The most linkages shown, by relationship. */
  readonly limits?: Readonly<Record<string, number>> | undefined;
  /** Which app's row of a tester; otherwise that of the first app. */
  readonly appId?: string | undefined;
}

/** One resource from the mirror, or null when it is not there. Without an account, of the one `holdersOf` names first. */
export async function getMirror(
  db: Store,
  accountId: string | undefined,
  type: MirrorType,
  id: string,
  { include = [], limits = {}, appId }: GetOptions = {},
): Promise<MirrorDocument | null> {
  const holder = await resolveAccount(db, type, id, { accountId, appId });
  const row = holder && (await rowOf(db, type, id, holder));
  if (!row) return null;
  const [data] = await dress(db, type, [toResource(type, row)], include, limits);
  if (!data) return null;
  const rowApp = isApp(type) ? row.id : row.appId;
  const { included, isIncomplete } = await includedOf(db, type, [data], include);
  return {
    data,
    included,
    ...(isIncomplete ? { isIncomplete } : {}),
    accountId: row.accountId,
    appId: rowApp ? String(rowApp) : null,
    fetchedAt: row.fetchedAt,
  };
}

const rows = forms();

async function rowOf(
  db: Store,
  type: MirrorType,
  id: string,
  { accountId, appId }: Holder,
): Promise<MirrorRow | undefined> {
  const { table, where } = factsOf(type);
  const [row] = await db.read(
    rows(type, { id, accountId, appId }, (_, at, dialect) => {
      const inApp = isPerApp(type) ? sql`AND t."appId" = ${at.appId}` : sql``;
      return sql<MirrorRow>`SELECT t.* FROM ${sql.table(table)} AS t WHERE ${sql.ref(`t.${idColumnOf(type)}`)} = ${at.id}
        AND t."accountId" = ${at.accountId} ${inApp} ${where ? sql`AND ${where.is([], dialect)}` : sql``}`;
    }),
  );
  return row;
}

/** Which account and app an id belongs to, as far as the mirror knows; long-tail documents may have no app. */
export async function resolveAccount(
  db: Store,
  type: string,
  id: string,
  within: { readonly appId?: string | undefined; readonly accountId?: string | undefined } = {},
): Promise<Holder | null> {
  return (await holdersOf(db, type, id, within))[0] ?? null;
}
