import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';

const setting = shape((build, given: { key: string }) =>
  build.selectFrom('settings').select('value').where('key', '=', given.key),
);

/** A small durable fact of the installation, or undefined. */
export async function readSetting(db: Store, key: string): Promise<string | undefined> {
  const [row] = await db.read(setting({ key }));
  return row?.value;
}

/** Writes a fact unless it is there already: of two processes that start together the first one wins. */
export async function insertSetting(db: Store, key: string, value: string, now: number): Promise<boolean> {
  const [changes] = await db.write([
    db.build
      .insertInto('settings')
      .values({ key, value, updatedAt: now })
      .onConflict((conflict) => conflict.column('key').doNothing()),
  ]);
  return changes === 1;
}

/** The write that sets a fact, whatever it was. */
export function settingStatement({ build }: Store, key: string, value: string, now: number): Write {
  return build
    .insertInto('settings')
    .values({ key, value, updatedAt: now })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value, updatedAt: now }));
}
