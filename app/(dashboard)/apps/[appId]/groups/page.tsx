import type { Metadata } from 'next';
import { appAt, listSeed, OtherAccounts, Prefetched, type SearchParams, titleOf } from '@/app/prefetch';
import { GroupsList } from '@/components/groups/groups-list';
import { GROUPS } from '@/components/groups/groups-spec';
import { NewGroup } from '@/components/groups/new-group';
import { ExportMenu } from '@/components/people/export-menu';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/core/current-actor';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Groups · ${await titleOf(await pageContext(), (await params).appId)}` };
}

export default async function GroupsPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const { appId: segment } = await params;
  const shown = { section: '/groups', searchParams };
  const place = await appAt(ctx, segment, shown);
  const { appId, accountId } = place;
  const { label } = place;
  const scope = { app: appId };
  return (
    <Prefetched seeds={[await listSeed(ctx, GROUPS, searchParams, scope, accountId)]}>
      <Page>
        <OtherAccounts ctx={ctx} place={place} shown={shown} />
        <PageHeader
          crumbs={[{ label, href: place.base }]}
          title="Groups"
          action={
            <>
              <ExportMenu spec={GROUPS} scope={scope} type="betaGroups" />
              <NewGroup appId={appId} />
            </>
          }
        />
        <GroupsList scope={scope} appId={appId} />
      </Page>
    </Prefetched>
  );
}
