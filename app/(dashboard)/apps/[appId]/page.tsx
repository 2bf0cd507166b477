import type { Metadata } from 'next';
import { appAt, OtherAccounts, Prefetched, type SearchParams, titleOf } from '@/app/prefetch';
import { AppOverviewPage } from '@/components/apps/app-overview';
import { Page } from '@/components/shell/page';
import { keys } from '@/lib/browser/keys';
import { lightsOptions } from '@/lib/browser/lights';
import { pageContext } from '@/lib/http/core/current-actor';
import type { Ctx } from '@/lib/services/ctx';
import { listLights } from '@/lib/services/health/health';
import { getOverview } from '@/lib/services/overview';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: await titleOf(await pageContext(), (await params).appId) };
}

function lightsSeed(ctx: Ctx, appId: string, accountId: string | undefined) {
  const parameters = new URLSearchParams({ app: appId });
  return {
    key: lightsOptions({ app: appId, account: accountId }).queryKey,
    load: () => listLights(ctx, { parameters, accountId }),
  };
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
        lightsSeed(ctx, appId, accountId),
      ]}
    >
      <Page>
        <OtherAccounts ctx={ctx} place={place} shown={shown} />
        <AppOverviewPage appId={appId} />
      </Page>
    </Prefetched>
  );
}
