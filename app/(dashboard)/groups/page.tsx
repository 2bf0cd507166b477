import type { Metadata } from 'next';
import { listSeed, Prefetched, type SearchParams } from '@/app/prefetch';
import { GroupsList } from '@/components/groups/groups-list';
import { GROUPS } from '@/components/groups/groups-spec';
import { NewGroup } from '@/components/groups/new-group';
import { ExportMenu } from '@/components/people/export-menu';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/core/current-actor';

export const metadata: Metadata = { title: 'All groups' };

const EVERYWHERE = {};

export default async function AllGroupsPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await pageContext();
  return (
    <Prefetched seeds={[await listSeed(ctx, GROUPS, searchParams)]}>
      <Page>
        <PageHeader
          title="All groups"
          action={
            <>
              <ExportMenu spec={GROUPS} scope={EVERYWHERE} type="betaGroups" />
              <NewGroup />
            </>
          }
        />
        <GroupsList scope={EVERYWHERE} />
      </Page>
    </Prefetched>
  );
}
