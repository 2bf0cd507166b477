import type { Metadata } from 'next';
import { appAt, OtherAccounts, type SearchParams, titleOf } from '@/app/prefetch';
import { AppClipsPage } from '@/components/app-clips/app-clips-page';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/core/current-actor';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `App Clips · ${await titleOf(await pageContext(), (await params).appId)}` };
}

export default async function AppsAppClipsPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const shown = { section: '/app-clips', searchParams };
  const place = await appAt(ctx, (await params).appId, shown);
  return (
    <Page>
      <OtherAccounts ctx={ctx} place={place} shown={shown} />
      <PageHeader crumbs={[{ label: place.label, href: place.base }]} title="App Clips" />
      <AppClipsPage appId={place.appId} />
    </Page>
  );
}
