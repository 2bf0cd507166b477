import type { ResourceLike } from '@/lib/mirror/resource';
import { isRecord, toOneId } from '@/lib/mirror/resource';
import type { ListPlan } from './plan';
import type { Run } from './run-state';

type PlacedType = 'betaGroups' | 'builds';

const isPlaced = (type: string): type is PlacedType => type === 'betaGroups' || type === 'builds';

/**
 * Groups and builds with their app, for answers that include the app without saying whose it is: from the mirror where it
 * is known, else by one request each.
 */
export async function withApps(
  run: Run,
  { type }: ListPlan,
  resources: readonly ResourceLike[],
): Promise<readonly ResourceLike[]> {
  const lost = resources.filter((resource) => typeof toOneId(resource, 'app') !== 'string');
  if (!isPlaced(type) || lost.length === 0) return resources;
  const known = await knownApps(run, type, lost);
  const found = new Map<string, string>();
  for (const { id } of lost) {
    const appId = known.get(id) ?? (await askApp(run, type, id));
    if (appId !== undefined) found.set(id, appId);
  }
  return resources.map((resource) => {
    const appId = found.get(resource.id);
    return appId === undefined ? resource : inApp(resource, appId);
  });
}

function inApp(resource: ResourceLike, id: string): ResourceLike {
  const relationships = isRecord(resource.relationships) ? resource.relationships : {};
  return { ...resource, relationships: { ...relationships, app: { data: { type: 'apps', id } } } };
}

async function knownApps({ db, accountId }: Run, type: PlacedType, lost: readonly ResourceLike[]) {
  const ids = lost.map(({ id }) => id);
  const rows = await db.read(
    db.build
      .selectFrom(type)
      .select(['id', 'appId'])
      .where('accountId', '=', accountId)
      .where((is) => db.dialect.among(is.ref('id'), ids)),
  );
  return new Map(rows.map(({ id, appId }) => [id, appId]));
}

async function askApp(run: Run, type: PlacedType, id: string): Promise<string | undefined> {
  run.signal.throwIfAborted();
  const { document, attempts } =
    type === 'builds'
      ? await run.asc.getLinkage('builds', id, 'app', run.options)
      : await run.asc.getLinkage('betaGroups', id, 'app', run.options);
  run.progress.requests += attempts;
  return document.data?.id;
}
