import type { Metadata } from 'next';
import {
  appAt,
  listSeed,
  OtherAccounts,
  oneSeed,
  Prefetched,
  type SearchParams,
  titleOf,
} from '@/app/prefetch';
import { BUILDS } from '@/components/builds/builds-spec';
import { GroupPage } from '@/components/groups/group-page';
import { Page } from '@/components/shell/page';
import { TESTERS } from '@/components/testers/testers-spec';
import { pageContext } from '@/lib/http/core/current-actor';

type Props = { params: Promise<{ appId: string; groupId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { appId, groupId } = await params;
  const ctx = await pageContext();
  return { title: `${await titleOf(ctx, appId, 'betaGroups', groupId)} · ${await titleOf(ctx, appId)}` };
}

export default async function OneGroupPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const { appId: segment, groupId } = await params;
  const shown = {
    section: `/groups/${encodeURIComponent(groupId)}`,
    thing: { type: 'betaGroups', id: groupId },
    searchParams,
  } as const;
  const place = await appAt(ctx, segment, shown);
  const { appId, accountId } = place;
  const appName = place.label;
  const { tab } = await searchParams;
  const seeds = [oneSeed(ctx, 'betaGroups', groupId, { accountId })];
  if (tab === 'testers')
    seeds.push(await listSeed(ctx, TESTERS, searchParams, { apps: appId, betaGroups: groupId }, accountId));
  if (tab === 'builds')
    seeds.push(await listSeed(ctx, BUILDS, searchParams, { app: appId, betaGroups: groupId }, accountId));
  return (
    <Prefetched seeds={seeds}>
      <Page>
        <OtherAccounts ctx={ctx} place={place} shown={shown} />
        <GroupPage appId={appId} appName={appName} groupId={groupId} />
      </Page>
    </Prefetched>
  );
}
