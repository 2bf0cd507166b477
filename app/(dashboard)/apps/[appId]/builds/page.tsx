import type { Metadata } from 'next';
import { appAt, listSeed, OtherAccounts, Prefetched, type SearchParams, titleOf } from '@/app/prefetch';
import { BUILDS_OF_APP } from '@/components/builds/builds-spec';
import { BuildsView } from '@/components/builds/builds-view';
import { ExpireMany } from '@/components/builds/expire-many';
import { UploadsButton } from '@/components/builds/uploads-button';
import { ExportMenu } from '@/components/people/export-menu';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/core/current-actor';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Builds · ${await titleOf(await pageContext(), (await params).appId)}` };
}

export default async function BuildsPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const { appId: segment } = await params;
  const shown = { section: '/builds', searchParams };
  const place = await appAt(ctx, segment, shown);
  const { appId, accountId } = place;
  const { label } = place;
  const scope = { app: appId };
  return (
    <Prefetched seeds={[await listSeed(ctx, BUILDS_OF_APP, searchParams, scope, accountId)]}>
      <Page>
        <OtherAccounts ctx={ctx} place={place} shown={shown} />
        <PageHeader
          crumbs={[{ label, href: place.base }]}
          title="Builds"
          action={
            <>
              <UploadsButton appId={appId} />
              <ExpireMany appId={appId} />
              <ExportMenu spec={BUILDS_OF_APP} scope={scope} type="builds" />
            </>
          }
        />
        <BuildsView scope={scope} appId={appId} />
      </Page>
    </Prefetched>
  );
}
