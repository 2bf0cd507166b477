// Checked by the compiler, never run: each expected error below is a promise of the client's types.
import type { AscClient, AscWriter } from '@/lib/asc/client-interface';
import type { Resource } from '@/lib/asc/types';

export async function reads(client: AscClient): Promise<unknown[]> {
  const groups = await client.list('betaGroups', {
    filter: { app: '1', isInternalGroup: false },
    sort: ['-createdDate', 'name'],
    include: ['builds', 'betaTesters'],
    fields: { betaGroups: ['name', 'builds'], builds: ['version'] },
    limit: { page: 200, builds: 10 },
  });
  const [group] = groups.document.data;
  const name: string | null | undefined = group?.attributes?.name;
  const linked = group?.relationships?.builds?.data;
  const builds: readonly { type: 'builds'; id: string }[] | null | undefined = linked;
  // @ts-expect-error -- betaGroups have no attribute of this name
  const unknownAttribute = group?.attributes?.nickname;
  // @ts-expect-error -- the name may be null or absent, so it is not a plain string
  const plain: string = group?.attributes?.name;
  // @ts-expect-error -- betaTesters cannot be filtered by state
  await client.list('betaTesters', { filter: { state: 'INVITED' } });
  // @ts-expect-error -- groups cannot be sorted by the number of testers
  await client.list('betaGroups', { sort: ['betaTesters'] });
  // @ts-expect-error -- groups have no such include
  await client.list('betaGroups', { include: ['individualTesters'] });
  // @ts-expect-error -- builds have no field of this name
  await client.list('builds', { fields: { builds: ['nickname'] } });
  // @ts-expect-error -- fields of a type that cannot be included here
  await client.list('users', { fields: { builds: ['version'] } });
  // @ts-expect-error -- app is a to-one relationship, so there is nothing to limit
  await client.list('betaGroups', { limit: { app: 10 } });
  // @ts-expect-error -- a single read has no page
  await client.get('betaGroups', '1', { limit: { page: 10 } });
  // @ts-expect-error -- webhooks have no collection
  await client.list('webhooks');
  // @ts-expect-error -- build bundles cannot be read by id
  await client.get('buildBundles', '1');
  // @ts-expect-error -- the list of review details needs filter[app]
  await client.list('betaAppReviewDetails');
  // @ts-expect-error -- and an empty filter does not give it
  await client.list('betaAppReviewDetails', { filter: {} });
  await client.list('betaAppReviewDetails', { filter: { app: '1' } });
  return [name, builds, unknownAttribute, plain];
}

export async function relatedReads(client: AscClient): Promise<unknown[]> {
  const testers = await client.listRelated('betaGroups', '1', 'betaTesters', { limit: { page: 200 } });
  const email: string | null | undefined = testers.document.data[0]?.attributes?.email;
  // @ts-expect-error -- the nested list is bare: it takes no include
  await client.listRelated('betaGroups', '1', 'betaTesters', { include: ['apps'] });
  // @ts-expect-error -- apps have no related list of testers
  await client.listRelated('apps', '1', 'betaTesters');
  // @ts-expect-error -- app is one resource, not a list
  await client.listRelated('betaGroups', '1', 'app');
  const app = await client.getRelated('betaGroups', '1', 'app');
  const bundleId: string | null | undefined = app.document.data?.attributes?.bundleId;
  // @ts-expect-error -- the related resource may be null
  const id: string = app.document.data.id;
  const feedback = await client.listRelated('apps', '1', 'betaFeedbackCrashSubmissions', {
    filter: { osVersion: ['18.1'] },
    sort: ['-createdDate'],
    include: ['build', 'tester'],
  });
  // @ts-expect-error -- feedback has no filter on dates
  await client.listRelated('apps', '1', 'betaFeedbackCrashSubmissions', { filter: { createdDate: 'x' } });
  const usage = await client.metrics('betaGroups', '1', 'publicLinkUsages');
  const views: number | null | undefined = usage.document.data[0]?.dataPoints[0]?.values?.viewCount;
  // @ts-expect-error -- this figure counts no views
  (await client.metrics('builds', '1', 'betaBuildUsages')).document.data[0]?.dataPoints[0]?.values?.viewCount;
  // @ts-expect-error -- a tester's usage needs filter[apps]
  await client.metrics('betaTesters', '1', 'betaTesterUsages');
  // @ts-expect-error -- there is no such period
  await client.metrics('apps', '1', 'betaTesterUsages', { period: 'P8D' });
  // @ts-expect-error -- apps have no report
  await client.report('apps', '1', 'perfPowerMetrics');
  return [email, bundleId, id, feedback, views];
}

export async function onlyReads(client: AscClient): Promise<void> {
  // @ts-expect-error -- whoever may ask may not change: that is for the one verb that keeps a trail
  await client.delete('betaGroups', '1');
  // @ts-expect-error -- nor by an operation of the catalogue
  await client.perform({ type: 'betaGroups', operation: 'delete', id: '1' });
  // @ts-expect-error -- nor by a request of its own
  await client.send({ method: 'DELETE', path: '/v1/betaGroups/1' });
  // @ts-expect-error -- nor in another lane
  await client.withLane('write').delete('betaGroups', '1');
  await client.perform({ type: 'betaGroups', operation: 'get', id: '1' });
}

export async function writes(client: AscWriter): Promise<void> {
  await client.create('betaGroups', {
    attributes: { name: 'Early birds' },
    relationships: { app: { data: { type: 'apps', id: '1' } } },
  });
  // @ts-expect-error -- a group needs its app
  await client.create('betaGroups', { attributes: { name: 'x' } });
  // @ts-expect-error -- isInternalGroup is fixed at creation
  await client.update('betaGroups', '1', { attributes: { isInternalGroup: true } });
  // @ts-expect-error -- testers cannot be changed
  await client.update('betaTesters', '1', { attributes: { firstName: 'x' } });
  // @ts-expect-error -- builds cannot be created
  await client.create('builds', {});
  // @ts-expect-error -- apps cannot be deleted
  await client.delete('apps', '1');
  await client.addLinkage('betaGroups', '1', 'betaTesters', ['2']);
  // @ts-expect-error -- the groups of a build can be changed but not read
  await client.listLinkages('builds', '1', 'betaGroups');
  // @ts-expect-error -- apps take no new testers, they only lose them
  await client.addLinkage('apps', '1', 'betaTesters', ['2']);
  await client.removeLinkage('apps', '1', 'betaTesters', ['2']);
  await client.replaceLinkage('builds', '1', 'appEncryptionDeclaration', '2');
  // @ts-expect-error -- the app of a group is fixed
  await client.replaceLinkage('betaGroups', '1', 'app', '2');
}

export function enumsAreWords(build: Resource<'backgroundAssetVersions'>): boolean {
  return build.attributes?.state === 'COMPLETE';
}

export function narrows(state: NonNullable<Resource<'betaTesters'>['attributes']>['state']): boolean {
  // @ts-expect-error -- there is no such state
  if (state === 'INSTALED') return true;
  return state === 'INSTALLED';
}
