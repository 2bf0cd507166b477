import { existsSync, readFileSync } from 'node:fs';
import { ENGINE, type TestDatabase, tableNames } from './database';

/** Every byte of the database, as far as a client of its engine gets at it. */
export async function allThatIsKept(db: TestDatabase): Promise<string> {
  if (ENGINE === 'sqlite') {
    const files = [db.file, `${db.file}-wal`].filter((file) => existsSync(file));
    return files.map((file) => readFileSync(file, 'latin1')).join('');
  }
  const rows = await Promise.all(
    (await tableNames(db)).map((name) => db.query<Record<string, unknown>>(`SELECT * FROM "${name}"`)),
  );
  const cells = rows.flat().flatMap((row) => Object.values(row));
  return cells.map((cell) => (Buffer.isBuffer(cell) ? cell.toString('latin1') : String(cell))).join('\n');
}
