import type { Metadata } from 'next';
import { listSeed, Prefetched, type SearchParams } from '@/app/prefetch';
import { BUILDS } from '@/components/builds/builds-spec';
import { BuildsView } from '@/components/builds/builds-view';
import { UploadsButton } from '@/components/builds/uploads-button';
import { ExportMenu } from '@/components/people/export-menu';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/core/current-actor';

export const metadata: Metadata = { title: 'All builds' };

const EVERYWHERE = {};

export default async function AllBuildsPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await pageContext();
  return (
    <Prefetched seeds={[await listSeed(ctx, BUILDS, searchParams)]}>
      <Page>
        <PageHeader
          title="All builds"
          action={
            <>
              <UploadsButton />
              <ExportMenu spec={BUILDS} scope={EVERYWHERE} type="builds" />
            </>
          }
        />
        <BuildsView scope={EVERYWHERE} />
      </Page>
    </Prefetched>
  );
}
