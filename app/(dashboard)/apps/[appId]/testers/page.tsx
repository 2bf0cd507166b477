import type { Metadata } from 'next';
import { appAt, listSeed, OtherAccounts, Prefetched, type SearchParams, titleOf } from '@/app/prefetch';
import { Capacity } from '@/components/people/capacity';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { TestersActions } from '@/components/testers/testers-actions';
import { TestersList } from '@/components/testers/testers-list';
import { TESTERS } from '@/components/testers/testers-spec';
import { keys } from '@/lib/browser/keys';
import { pageContext } from '@/lib/http/core/current-actor';
import { capacityOf } from '@/lib/services/groups/capacity';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Testers · ${await titleOf(await pageContext(), (await params).appId)}` };
}

export default async function TestersPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const { appId: segment } = await params;
  const shown = { section: '/testers', searchParams };
  const place = await appAt(ctx, segment, shown);
  const { appId, accountId } = place;
  const { label } = place;
  const scope = { apps: appId };
  const seeds = [
    await listSeed(ctx, TESTERS, searchParams, scope, accountId),
    {
      key: keys.own('people', `capacity ${appId}`),
      load: async () => ({ data: await capacityOf(ctx, appId, accountId) }),
    },
  ];
  return (
    <Prefetched seeds={seeds}>
      <Page>
        <OtherAccounts ctx={ctx} place={place} shown={shown} />
        <PageHeader
          crumbs={[{ label, href: place.base }]}
          title="Testers"
          action={<TestersActions appId={appId} />}
        >
          <Capacity appId={appId} />
        </PageHeader>
        <TestersList scope={scope} />
      </Page>
    </Prefetched>
  );
}
