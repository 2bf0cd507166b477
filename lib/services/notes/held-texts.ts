import { shape } from '@/lib/store/shape';
import type { Ctx } from '../ctx';

const held = shape((build, { accountId, buildId }: { accountId: string; buildId: string }) =>
  build
    .selectFrom('betaBuildLocalizations')
    .select(['id', 'locale', 'whatsNew'])
    .where('accountId', '=', accountId)
    .where('buildId', '=', buildId),
);

/** What to Test of a build as our copy has it, by language. */
export async function heldTexts({ db }: Pick<Ctx, 'db'>, accountId: string, buildId: string) {
  const rows = await db.read(held({ accountId, buildId }));
  return new Map(rows.map(({ locale, ...row }) => [locale, row]));
}
