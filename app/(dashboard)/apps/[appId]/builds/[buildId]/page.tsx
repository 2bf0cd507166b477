import type { Metadata } from 'next';
import { nameOf, oneSeed, Prefetched } from '@/app/prefetch';
import { BuildPage } from '@/components/builds/build-page';
import { BUILD_QUERY } from '@/components/builds/builds-spec';
import { Page } from '@/components/shell/page';
import { pageContext } from '@/lib/http/current-actor';

type Props = { params: Promise<{ appId: string; buildId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { appId, buildId } = await params;
  const ctx = await pageContext();
  return { title: `Build ${await nameOf(ctx, 'builds', buildId)} · ${await nameOf(ctx, 'apps', appId)}` };
}

export default async function OneBuildPage({ params }: Props) {
  const ctx = await pageContext();
  const { appId, buildId } = await params;
  const appName = await nameOf(ctx, 'apps', appId);
  await nameOf(ctx, 'builds', buildId);
  return (
    <Prefetched seeds={[oneSeed(ctx, 'builds', buildId, BUILD_QUERY)]}>
      <Page>
        <BuildPage appId={appId} appName={appName} buildId={buildId} />
      </Page>
    </Prefetched>
  );
}
