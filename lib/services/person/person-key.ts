import { createHmac, randomBytes } from 'node:crypto';
import { PERSON_KEY } from '@/lib/access/key-store';
import { ERASED_PERSON, ERASED_TESTER } from '@/lib/format/people';
import { StaleWriteError } from '@/lib/store/errors';
import { shape } from '@/lib/store/shape';
import type { Ctx } from '../ctx';
import { conflict } from '../errors';

const TRIES = 5;

const held = shape((build, given: { key: string }) =>
  build.selectFrom('settings').select('value').where('key', '=', given.key),
);

/**
 * The key of the hashes that tell an erased address again without keeping it. It is made at its first use, and sealed
 * with the encryption key: who has the database alone can try no addresses.
 */
async function personKey(ctx: Ctx): Promise<Buffer> {
  const { db, keys, clock } = ctx;
  for (let nth = 1; nth <= TRIES; nth += 1) {
    const [row] = await db.read(held({ key: PERSON_KEY }));
    if (row) {
      const sealed = { id: PERSON_KEY, keyVersion: 1, sealedKey: row.value };
      return Buffer.from(await keys.open(sealed), 'base64');
    }
    const value = await keys.seal(PERSON_KEY, 1, randomBytes(32).toString('base64'));
    const insert = db.build
      .insertInto('settings')
      .values({ key: PERSON_KEY, value, updatedAt: clock.now() })
      // Of two processes the first one counts.
      .onConflict((conflict) => conflict.column('key').doNothing());
    await db.write([keys.guard(), insert]).catch((error: unknown) => {
      if (!(error instanceof StaleWriteError)) throw error;
    });
  }
  throw conflict('FLIGHTDECK.KEY_CHANGED', 'The encryption key is being changed at this moment. Try again.');
}

/** Hashes of addresses, which must be as `addressOf` gives them. */
export async function addressHashes(ctx: Ctx): Promise<(address: string) => string> {
  const key = await personKey(ctx);
  return (address) => createHmac('sha256', key).update(address, 'utf8').digest('hex');
}

/** What people read in place of a person; the same for the same address. */
export const pseudonymOf = (hash: string): string => `${ERASED_PERSON} ${hash.slice(0, 8)}`;

/** Counts the person among the testers of an issue, and is no id of Apple's. */
export const placeholderOf = (hash: string): string => `${ERASED_TESTER}${hash.slice(0, 16)}`;
