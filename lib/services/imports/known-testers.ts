import type { AppFacts } from '../app-facts';
import type { Ctx } from '../ctx';
import type { KnownTester } from './known-records';

const CHUNK = 200;

/** The people of these addresses whom the app has by the mirror, by lower-cased e-mail. */
export async function knownTesters(
  ctx: Ctx,
  { accountId, appId }: AppFacts,
  emails: readonly string[],
): Promise<Map<string, KnownTester[]>> {
  const known = new Map<string, KnownTester[]>();
  const wanted = [...new Set(emails)];
  for (let from = 0; from < wanted.length; from += CHUNK) {
    const chunk = wanted.slice(from, from + CHUNK);
    // Always the same number of marks, so that the statement is prepared once.
    const params = [...chunk, ...Array<string>(CHUNK - chunk.length).fill('')];
    const rows = await ctx.db.query<{
      id: string;
      emailLower: string;
      state: string | null;
      groups: string | null;
      builds: string | null;
    }>(
      `SELECT t.id, t.emailLower, t.state, (SELECT group_concat(m.groupId) FROM betaGroupTesters AS m
         WHERE m.accountId = t.accountId AND m.appId = t.appId AND m.testerId = t.id) AS groups,
       (SELECT group_concat(m.buildId) FROM buildTesters AS m
         WHERE m.accountId = t.accountId AND m.appId = t.appId AND m.testerId = t.id) AS builds
       FROM betaTesters AS t WHERE t.accountId = ? AND t.appId = ? AND t.emailLower IN (${marks}) ORDER BY t.id`,
      [accountId, appId, ...params],
    );
    for (const row of rows) {
      const record = {
        testerId: row.id,
        state: row.state,
        groupIds: listed(row.groups),
        buildIds: listed(row.builds),
      };
      known.set(row.emailLower, [...(known.get(row.emailLower) ?? []), record]);
    }
  }
  return known;
}

function listed(text: string | null): string[] {
  return text === null ? [] : text.split(',');
}

const marks = Array(CHUNK).fill('?').join(', ');
