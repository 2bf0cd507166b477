import type { Metadata } from 'next';
import { appAt, OtherAccounts, Prefetched, type SearchParams, titleOf } from '@/app/prefetch';
import { AppOverviewPage } from '@/components/apps/app-overview';
import { Page } from '@/components/shell/page';
import { keys } from '@/lib/browser/keys';
import { pageContext } from '@/lib/http/core/current-actor';
import { getOverview } from '@/lib/services/overview';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: await titleOf(await pageContext(), (await params).appId) };
}

export default async function AppPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const { appId: segment } = await params;
  const shown = { section: '', searchParams };
  const place = await appAt(ctx, segment, shown);
  const { appId, accountId } = place;
  return (
    <Prefetched
      seeds={[
        { key: keys.own('overview', ''), load: async () => ({ data: await getOverview(ctx, accountId) }) },
      ]}
    >
      <Page>
        <OtherAccounts ctx={ctx} place={place} shown={shown} />
        <AppOverviewPage appId={appId} />
      </Page>
    </Prefetched>
  );
}
