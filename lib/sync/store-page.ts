import { withTotalOnly } from '@/lib/mirror/inlined';
import { largeMembersOf } from '@/lib/mirror/memberships';
import type { ResourceLike } from '@/lib/mirror/resource';
import { isPerApp } from '@/lib/mirror/tables';
import { testerPageStatements } from '@/lib/mirror/tester-page';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Store, Write } from '@/lib/store/store';
import type { ListPage, ListPlan } from './plan';

/** The included types that a list is the source of; the others were only asked for their ids. */
const INCLUDED: Readonly<Record<string, readonly string[]>> = {
  builds: ['preReleaseVersions', 'betaBuildLocalizations'],
};

export interface PageInput {
  readonly accountId: string;
  readonly plan: ListPlan;
  readonly page: ListPage;
  readonly generation: number;
  /** When the page was asked for, ms since 1970. */
  readonly fetchedAt: number;
}

/** The statements that store a page of a list. */
export async function pageStatements(db: Store, input: PageInput): Promise<Write[]> {
  const { accountId, plan, page, generation, fetchedAt } = input;
  // A group is asked for the number of its testers only: who they are, also that there are none, the testers say.
  const members = largeMembersOf(plan.type);
  const resources = unique(page.resources).map((resource) =>
    members ? withTotalOnly(resource, members.name) : resource,
  );
  if (isPerApp(plan.type) && plan.appId !== undefined) {
    const recordsEvents = generation > 1;
    return testerPageStatements(db, {
      accountId,
      appId: plan.appId,
      resources,
      generation,
      fetchedAt,
      recordsEvents,
    });
  }
  return upsertStatements({
    accountId,
    resources,
    included: page.included,
    includedTypes: INCLUDED[plan.type] ?? [],
    appId: plan.appId,
    generation,
    fetchedAt,
    source: 'sync',
  });
}

/** One statement may not meet the same row twice. */
function unique(resources: readonly ResourceLike[]): ResourceLike[] {
  return [...new Map(resources.map((resource) => [resource.id, resource])).values()];
}
