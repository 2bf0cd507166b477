import type { Statement } from '@/lib/store/database';

export interface TesterEventFacts {
  readonly accountId: string;
  readonly appId: string;
  readonly testerId: string;
  readonly email: string | null;
  /** ms since 1970 */
  readonly at: number;
  readonly kind: 'invited' | 'restored' | 'removed';
  readonly after?: unknown;
}

/** A line of a tester's history; history is ours and never overwritten. */
export function testerEvent({
  accountId,
  appId,
  testerId,
  email,
  at,
  kind,
  after,
}: TesterEventFacts): Statement {
  return {
    sql: `INSERT INTO testerEvents (accountId, appId, testerId, emailLower, at, kind, after)
      VALUES (?, ?, ?, ?, ?, ?, ?)`,
    params: [
      accountId,
      appId,
      testerId,
      email?.toLowerCase() ?? null,
      at,
      kind,
      after === undefined ? null : JSON.stringify(after),
    ],
  };
}
