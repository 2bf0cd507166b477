import type { AscClient } from '@/lib/asc/client-interface';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Write } from '@/lib/store/database';
import { narrowed } from '../imports/known-records';
import { presentAmong } from '../resources/read-back';
import { recordsOf, type TesterRecord } from '../resources/records';

/** A tester of one app as Apple has it at this moment. */
export interface FoundTester extends TesterRecord {
  /** What the answer brings to the mirror. */
  readonly statements: readonly Write[];
}

interface Scope {
  readonly asc: AscClient;
  readonly accountId: string;
  readonly appId: string;
  /** ms since 1970 */
  now(): number;
}

interface LookUp {
  readonly withBuilds?: boolean;
  /**
   * A group the person is meant to be in, and the app's internal groups: they tell records of one address apart. Of those
   * that fit equally, the one that is known already is meant.
   */
  readonly meant?: {
    readonly groupId: string;
    readonly internal: ReadonlySet<string>;
    readonly testerId: string | null;
  };
}

/**
 * Looks a person up by e-mail in one app, with the single builds when they matter; null when the app has nobody of
 * this address.
 */
export async function findByEmail(
  scope: Scope,
  email: string,
  { withBuilds = false, meant }: LookUp = {},
): Promise<FoundTester | null> {
  const { asc, accountId, appId } = scope;
  const fetchedAt = scope.now();
  const records = await recordsOf(asc, appId, email, withBuilds);
  const fitting = meant ? narrowed(records, meant.groupId, meant.internal) : records;
  const record = fitting.find(({ id }) => id === meant?.testerId) ?? fitting[0];
  if (!record) return null;
  const resources = [record.resource];
  return {
    ...record,
    statements: upsertStatements({ accountId, appId, resources, fetchedAt, source: 'read' }),
  };
}

/** Where testers are looked for; in the whole team when nothing is said. */
export interface Within {
  readonly apps?: string;
  readonly betaGroups?: string;
  readonly builds?: string;
}

/** Which of these testers are in the app, the group or the build now. */
export function presentTesters(asc: AscClient, within: Within, ids: readonly string[]): Promise<Set<string>> {
  return presentAmong(asc, 'betaTesters', { ...within }, ids);
}
