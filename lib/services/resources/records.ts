import type { AscClient } from '@/lib/asc/client-interface';
import type { Resource } from '@/lib/asc/types';

/** A tester's record in one app as Apple has it at this moment. */
export interface TesterRecord {
  readonly id: string;
  readonly state: string | null;
  readonly groupIds: readonly string[];
  /** Builds assigned one by one; empty unless they were asked for. */
  readonly buildIds: readonly string[];
  readonly resource: Resource<'betaTesters'>;
}

/** The records that an app has of one address: an internal and an external one, at most. */
export async function recordsOf(
  asc: AscClient,
  appId: string,
  email: string,
  withBuilds: boolean,
): Promise<TesterRecord[]> {
  const { document } = await asc.list('betaTesters', {
    filter: { email, apps: appId },
    include: withBuilds ? ['betaGroups', 'builds'] : ['betaGroups'],
    limit: { page: 10, betaGroups: 50, ...(withBuilds ? { builds: 50 } : {}) },
  });
  const wanted = email.toLowerCase();
  return document.data
    .filter((one) => one.attributes?.email?.toLowerCase() === wanted)
    .map((resource) => ({
      id: resource.id,
      state: resource.attributes?.state ?? null,
      groupIds: (resource.relationships?.betaGroups?.data ?? []).flatMap(({ id }) => id ?? []),
      buildIds: (resource.relationships?.builds?.data ?? []).flatMap(({ id }) => id ?? []),
      resource,
    }));
}

/** Whether a record has all these groups and builds. */
export function hasAll(
  record: Pick<TesterRecord, 'groupIds' | 'buildIds'>,
  wanted: { readonly groupIds: readonly string[]; readonly buildIds: readonly string[] },
): boolean {
  return (
    wanted.groupIds.every((id) => record.groupIds.includes(id)) &&
    wanted.buildIds.every((id) => record.buildIds.includes(id))
  );
}
