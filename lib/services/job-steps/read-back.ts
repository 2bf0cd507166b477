import type { AscClient } from '@/lib/asc/client-interface';
import type { Resource } from '@/lib/asc/types';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Write } from '@/lib/store/database';
import { narrowed } from '../imports/known-records';

/** A tester of one app as Apple has it at this moment. */
export interface FoundTester {
  readonly id: string;
  readonly state: string | null;
  readonly groupIds: readonly string[];
  /** Builds assigned one by one; empty unless they were asked for. */
  readonly buildIds: readonly string[];
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
  /** A group the person is meant to be in, and the app's internal groups: they tell records of one address apart. */
  readonly meant?: { readonly groupId: string; readonly internal: ReadonlySet<string> };
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
  const fetchedAt = scope.now();
  const page = await scope.asc.list('betaTesters', {
    filter: { email, apps: scope.appId },
    include: withBuilds ? ['betaGroups', 'builds'] : ['betaGroups'],
    limit: { page: 10, betaGroups: 50, ...(withBuilds ? { builds: 50 } : {}) },
  });
  const wanted = email.toLowerCase();
  const records = page.document.data
    .filter((one) => one.attributes?.email?.toLowerCase() === wanted)
    .map((one) => found(scope, one, fetchedAt));
  return (meant ? narrowed(records, meant.groupId, meant.internal)[0] : records[0]) ?? null;
}

function found(scope: Scope, tester: Resource<'betaTesters'>, fetchedAt: number): FoundTester {
  const groups = tester.relationships?.betaGroups?.data ?? [];
  const builds = tester.relationships?.builds?.data ?? [];
  return {
    id: tester.id,
    state: tester.attributes?.state ?? null,
    groupIds: groups.flatMap((group) => group.id ?? []),
    buildIds: builds.flatMap((build) => build.id ?? []),
    statements: upsertStatements({
      accountId: scope.accountId,
      appId: scope.appId,
      resources: [tester],
      fetchedAt,
      source: 'read',
    }),
  };
}

/** Where testers are looked for; in the whole team when nothing is said. */
export interface Within {
  readonly apps?: string;
  readonly betaGroups?: string;
  readonly builds?: string;
}

/** Which of these testers are in the app, the group or the build now; one request per 200. */
export async function presentTesters(
  asc: AscClient,
  within: Within,
  ids: readonly string[],
): Promise<Set<string>> {
  const present = new Set<string>();
  for (let from = 0; from < ids.length; from += 100) {
    const chunk = ids.slice(from, from + 100);
    const pages = asc.pages('betaTesters', {
      filter: { ...within, id: chunk },
      fields: { betaTesters: ['inviteType'] },
      limit: { page: 200 },
    });
    // Apple may give fewer rows to a page than were asked for.
    for await (const page of pages) for (const tester of page.document.data) present.add(tester.id);
  }
  return present;
}
