import { factsOf } from '@/lib/asc/operations';
import { resolveAccount } from '@/lib/mirror/query';
import { type ResourceObject, toOneId } from '@/lib/mirror/resource';
import type { Reader } from '@/lib/sync/members';

/**
 * The app that a thing belongs to which was read by its id: as App Store Connect says it, else as our copy has it, else that
 * of the build it hangs on. Never the one that somebody was looking at. Null where nobody knows.
 */
export async function appOfRead(
  { asc, db, options }: Pick<Reader, 'asc' | 'db' | 'options'>,
  accountId: string,
  data: ResourceObject,
): Promise<string | null> {
  const { type, id } = data;
  const { isApp, isPerApp } = factsOf(type);
  if (isApp) return id;
  // Somebody is in many apps.
  if (isPerApp) return null;
  const told = toOneId(data, 'app');
  if (typeof told === 'string') return told;
  const known = async (of: string, which: string) =>
    (await resolveAccount(db, of, which, { accountId }))?.appId ?? null;
  const own = await known(type, id);
  if (own !== null) return own;
  const buildId = toOneId(data, 'build');
  if (typeof buildId !== 'string') return null;
  const ofBuild = await known('builds', buildId);
  if (ofBuild !== null) return ofBuild;
  const { document } = await asc.get('builds', buildId, BUILD_APP, options);
  return toOneId(document.data, 'app') ?? null;
}

const BUILD_APP = { include: ['app'], fields: { builds: ['app'], apps: ['bundleId'] } } as const;
