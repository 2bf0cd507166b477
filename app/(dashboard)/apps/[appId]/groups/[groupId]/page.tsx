import type { Metadata } from 'next';
import { appLabel, labelWithin, listSeed, oneSeed, Prefetched, type SearchParams } from '@/app/prefetch';
import { BUILDS } from '@/components/builds/builds-spec';
import { GroupPage } from '@/components/groups/group-page';
import { Page } from '@/components/shell/page';
import { TESTERS } from '@/components/testers/testers-spec';
import { pageContext } from '@/lib/http/current-actor';

type Props = { params: Promise<{ appId: string; groupId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { appId, groupId } = await params;
  const ctx = await pageContext();
  return { title: `${await labelWithin(ctx, appId, 'betaGroups', groupId)} · ${await appLabel(ctx, appId)}` };
}

export default async function OneGroupPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const { appId, groupId } = await params;
  const appName = await appLabel(ctx, appId);
  await labelWithin(ctx, appId, 'betaGroups', groupId);
  const { tab } = await searchParams;
  const seeds = [oneSeed(ctx, 'betaGroups', groupId)];
  if (tab === 'testers')
    seeds.push(await listSeed(ctx, TESTERS, searchParams, { apps: appId, betaGroups: groupId }));
  if (tab === 'builds')
    seeds.push(await listSeed(ctx, BUILDS, searchParams, { app: appId, betaGroups: groupId }));
  return (
    <Prefetched seeds={seeds}>
      <Page>
        <GroupPage appId={appId} appName={appName} groupId={groupId} />
      </Page>
    </Prefetched>
  );
}
