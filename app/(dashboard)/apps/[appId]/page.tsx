import type { Metadata } from 'next';
import { nameOf, Prefetched } from '@/app/prefetch';
import { AppOverviewPage } from '@/components/apps/app-overview';
import { Page } from '@/components/shell/page';
import { pageContext } from '@/lib/http/current-actor';
import { keys } from '@/lib/query/keys';
import { getOverview } from '@/lib/services/overview';

type Props = { params: Promise<{ appId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: await nameOf(await pageContext(), 'apps', (await params).appId) };
}

export default async function AppPage({ params }: Props) {
  const ctx = await pageContext();
  const { appId } = await params;
  await nameOf(ctx, 'apps', appId);
  return (
    <Prefetched seeds={[{ key: keys.own('overview', ''), load: () => ({ data: getOverview(ctx) }) }]}>
      <Page>
        <AppOverviewPage appId={appId} />
      </Page>
    </Prefetched>
  );
}
