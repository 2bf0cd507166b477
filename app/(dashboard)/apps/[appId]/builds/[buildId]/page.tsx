import type { Metadata } from 'next';
import { appLabel, labelWithin, oneSeed, Prefetched } from '@/app/prefetch';
import { BuildPage } from '@/components/builds/build-page';
import { BUILD_QUERY } from '@/components/builds/builds-spec';
import { Page } from '@/components/shell/page';
import { pageContext } from '@/lib/http/current-actor';

type Props = { params: Promise<{ appId: string; buildId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { appId, buildId } = await params;
  const ctx = await pageContext();
  return {
    title: `Build ${await labelWithin(ctx, appId, 'builds', buildId)} · ${await appLabel(ctx, appId)}`,
  };
}

export default async function OneBuildPage({ params }: Props) {
  const ctx = await pageContext();
  const { appId, buildId } = await params;
  const appName = await appLabel(ctx, appId);
  await labelWithin(ctx, appId, 'builds', buildId);
  return (
    <Prefetched seeds={[oneSeed(ctx, 'builds', buildId, BUILD_QUERY)]}>
      <Page>
        <BuildPage appId={appId} appName={appName} buildId={buildId} />
      </Page>
    </Prefetched>
  );
}
