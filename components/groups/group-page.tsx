'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useAppBase } from '@/components/shell/use-app-base';
import { useRememberOpened } from '@/components/shell/use-opened';
import { AsOf } from '@/components/ui/as-of';
import { GoneState } from '@/components/ui/gone-state';
import { ErrorState } from '@/components/ui/late-error';
import { ListSkeleton } from '@/components/ui/skeleton';
import { useLook } from '@/components/ui/use-look';
import { isGone } from '@/lib/browser/freshness';
import { oneOptions } from '@/lib/browser/lists';
import { whenReachable } from '@/lib/browser/reach';
import type { GroupResource } from '@/lib/browser/types';
import { formatPlural } from '@/lib/format/numbers';
import { GroupHeader } from './group-header';
import { tabsOf } from './group-tab-names';
import { GroupTabs, useGroupTab } from './group-tabs';
import { KnownMembers } from './known-members';

// Each part's code comes with the part; the page's own must stay near that of an empty page.
const GroupOverview = dynamic(
  whenReachable(() => import('./group-overview').then((module) => module.GroupOverview)),
);
const GroupTesters = dynamic(
  whenReachable(() => import('./group-testers').then((module) => module.GroupTesters)),
);
const GroupBuilds = dynamic(
  whenReachable(() => import('./group-builds').then((module) => module.GroupBuilds)),
);
const PublicLinkTab = dynamic(
  whenReachable(() => import('@/components/links/public-link-tab').then((module) => module.PublicLinkTab)),
);

/** One group: its settings, its testers, its builds and its public link. */
export function GroupPage({ appId, appName, groupId }: { appId: string; appName: string; groupId: string }) {
  const base = useAppBase(appId);
  const { data, error, refetch, isPending } = useQuery(oneOptions<GroupResource>('betaGroups', groupId));
  const isInternal = data?.data.attributes?.isInternalGroup === true;
  const { tab, show } = useGroupTab(isInternal);
  useRememberOpened('group', `${base}/groups/${encodeURIComponent(groupId)}`, data?.data.attributes?.name);
  const look = useLook({ of: 'betaGroups', id: groupId, app: appId });
  if (isPending) return <ListSkeleton />;
  if (isGone(error)) {
    const href = `${base}/groups`;
    return <GoneState error={error} href={href} to="Go to the groups" />;
  }
  if (!data)
    return <ErrorState title="The group could not be loaded" error={error} onRetry={() => void refetch()} />;
  const group = data.data;
  const { testerCount, buildCount } = group.meta ?? {};
  const hasAll = group.attributes?.hasAccessToAllBuilds;
  const words = {
    overview: 'Overview',
    testers: typeof testerCount === 'number' ? formatPlural(testerCount, 'tester') : 'Testers',
    builds: hasAll
      ? 'All builds'
      : typeof buildCount === 'number'
        ? formatPlural(buildCount, 'build')
        : 'Builds',
    link: 'Public link',
  };
  return (
    <>
      <GroupHeader
        group={group}
        appId={appId}
        appName={appName}
        age={tab === 'testers' || tab === 'builds' ? null : <AsOf {...look} />}
      />
      <GroupTabs tab={tab} tabs={tabsOf(isInternal)} words={words} onShow={show} />
      <KnownMembers group={group} appId={appId} />
      {tab === 'overview' ? <GroupOverview group={group} appName={appName} onShow={show} /> : null}
      {tab === 'testers' ? <GroupTesters group={group} appId={appId} /> : null}
      {tab === 'builds' ? <GroupBuilds group={group} appId={appId} /> : null}
      {tab === 'link' ? <PublicLinkTab group={group} appId={appId} /> : null}
    </>
  );
}
