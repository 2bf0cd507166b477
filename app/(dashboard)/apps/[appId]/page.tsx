import type { Metadata } from 'next';
import { appLabel, Prefetched } from '@/app/prefetch';
import { AppOverviewPage } from '@/components/apps/app-overview';
import { Page } from '@/components/shell/page';
import { pageContext } from '@/lib/http/current-actor';
import { keys } from '@/lib/query/keys';
import { getOverview } from '@/lib/services/overview';

type Props = { params: Promise<{ appId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: await appLabel(await pageContext(), (await params).appId) };
}

export default async function AppPage({ params }: Props) {
  const ctx = await pageContext();
  const { appId } = await params;
  await appLabel(ctx, appId);
  return (
    <Prefetched seeds={[{ key: keys.own('overview', ''), load: () => ({ data: getOverview(ctx) }) }]}>
      <Page>
        <AppOverviewPage appId={appId} />
      </Page>
    </Prefetched>
  );
}
