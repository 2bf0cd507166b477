import { insertAccount } from '@/lib/services/accounts/accounts';
import { ACCOUNT, type ApiBench } from './context';
import type { TestDatabase } from './database';

export const SECOND = 'account-2';

const COPIED = [
  'apps',
  'betaGroups',
  'betaTesters',
  'betaGroupTesters',
  'buildTesters',
  'buildGroups',
  'preReleaseVersions',
  'builds',
  'betaBuildLocalizations',
  'feedback',
] as const;

/**
 * A second account, “Studio”, with a key of its own that sees the same apps. What it knows was read later, and its
 * groups, testers and builds say “of Studio” in their document.
 * @returns the id of its key
 */
export async function addSecondAccount({ sandbox, app, db }: ApiBench): Promise<string> {
  const key = sandbox.parts().keys.create({ kind: 'individual' });
  await insertAccount(app, {
    id: SECOND,
    name: 'Studio',
    kind: 'individual',
    issuerId: null,
    keyId: key.keyId,
    privateKey: key.privateKey,
  });
  // Whatever the machine's clock did between the two: the second is the younger.
  await db.write([{ sql: 'UPDATE Account SET createdAt = createdAt + 1000 WHERE id = ?', params: [SECOND] }]);
  for (const table of COPIED) await copyTable(db, table);
  for (const [table, member] of [
    ['betaGroups', 'name'],
    ['betaTesters', 'lastName'],
    ['builds', 'minOsVersion'],
  ] as const) {
    await db.write([
      {
        sql: `UPDATE "${table}" SET "${member}" = 'of Studio', "document" = json_set("document", '$.${member}', 'of Studio')
              WHERE "accountId" = ?`,
        params: [SECOND],
      },
    ]);
  }
  return key.keyId;
}

async function copyTable(db: TestDatabase, table: string): Promise<void> {
  const [row = {}] = await db.query<Record<string, unknown>>(`SELECT * FROM "${table}" LIMIT 1`);
  const columns = Object.keys(row).filter((name) => name !== 'rowKey');
  if (columns.length === 0) return;
  const values = columns.map((name) =>
    name === 'accountId' ? `'${SECOND}'` : name === 'fetchedAt' ? '"fetchedAt" + 60000' : `"${name}"`,
  );
  const sql = `INSERT INTO "${table}" (${columns.map((name) => `"${name}"`).join(', ')})
    SELECT ${values.join(', ')} FROM "${table}" WHERE "accountId" = ?`;
  await db.write([{ sql, params: [ACCOUNT] }]);
}
