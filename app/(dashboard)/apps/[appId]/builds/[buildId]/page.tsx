import type { Metadata } from 'next';
import { appAt, OtherAccounts, oneSeed, Prefetched, type SearchParams, titleOf } from '@/app/prefetch';
import { BuildPage } from '@/components/builds/build-page';
import { BUILD_QUERY } from '@/components/builds/builds-spec';
import { Page } from '@/components/shell/page';
import { pageContext } from '@/lib/http/core/current-actor';

type Props = { params: Promise<{ appId: string; buildId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { appId, buildId } = await params;
  const ctx = await pageContext();
  return {
    title: `Build ${await titleOf(ctx, appId, 'builds', buildId)} · ${await titleOf(ctx, appId)}`,
  };
}

export default async function OneBuildPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const { appId: segment, buildId } = await params;
  const shown = {
    section: `/builds/${encodeURIComponent(buildId)}`,
    thing: { type: 'builds', id: buildId },
    searchParams,
  } as const;
  const place = await appAt(ctx, segment, shown);
  const { appId, accountId } = place;
  const appName = place.label;
  return (
    <Prefetched seeds={[oneSeed(ctx, 'builds', buildId, { query: BUILD_QUERY, accountId })]}>
      <Page>
        <OtherAccounts ctx={ctx} place={place} shown={shown} />
        <BuildPage appId={appId} appName={appName} buildId={buildId} />
      </Page>
    </Prefetched>
  );
}
