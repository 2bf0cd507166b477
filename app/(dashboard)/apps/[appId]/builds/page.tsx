import type { Metadata } from 'next';
import { appLabel, listSeed, Prefetched, type SearchParams } from '@/app/prefetch';
import { BuildsList } from '@/components/builds/builds-list';
import { BUILDS } from '@/components/builds/builds-spec';
import { ExportMenu } from '@/components/people/export-menu';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/current-actor';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Builds · ${await appLabel(await pageContext(), (await params).appId)}` };
}

export default async function BuildsPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const { appId } = await params;
  const label = await appLabel(ctx, appId);
  const scope = { app: appId };
  return (
    <Prefetched seeds={[await listSeed(ctx, BUILDS, searchParams, scope)]}>
      <Page>
        <PageHeader
          crumbs={[{ label, href: `/apps/${encodeURIComponent(appId)}` }]}
          title="Builds"
          action={<ExportMenu spec={BUILDS} scope={scope} type="builds" />}
        />
        <BuildsList scope={scope} appId={appId} />
      </Page>
    </Prefetched>
  );
}
