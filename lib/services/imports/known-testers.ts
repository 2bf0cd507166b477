import type { AppFacts } from '../app-facts';
import type { Ctx } from '../ctx';
import { testersBy } from '../testers/selection';
import type { KnownTester } from './known-records';

/** The people of these addresses whom the app has by the mirror, by lower-cased e-mail. */
export async function knownTesters(
  ctx: Ctx,
  app: AppFacts,
  emails: readonly string[],
): Promise<Map<string, KnownTester[]>> {
  const known = new Map<string, KnownTester[]>();
  const wanted = [...new Set(emails)];
  for await (const { emailLower, testerId, state, groupIds, buildIds } of testersBy(
    ctx,
    app,
    'emailLower',
    wanted,
  )) {
    const email = emailLower ?? '';
    known.set(email, [...(known.get(email) ?? []), { testerId, state, groupIds, buildIds }]);
  }
  return known;
}
