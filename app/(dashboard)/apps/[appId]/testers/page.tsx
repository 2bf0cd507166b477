import type { Metadata } from 'next';
import { appLabel, listSeed, Prefetched, type SearchParams } from '@/app/prefetch';
import { Capacity } from '@/components/people/capacity';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { TestersActions } from '@/components/testers/testers-actions';
import { TestersList } from '@/components/testers/testers-list';
import { TESTERS } from '@/components/testers/testers-spec';
import { pageContext } from '@/lib/http/current-actor';
import { keys } from '@/lib/query/keys';
import { capacityOf } from '@/lib/services/people/capacity';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Testers · ${await appLabel(await pageContext(), (await params).appId)}` };
}

export default async function TestersPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const { appId } = await params;
  const label = await appLabel(ctx, appId);
  const scope = { apps: appId };
  const seeds = [
    await listSeed(ctx, TESTERS, searchParams, scope),
    { key: keys.own('people', `capacity ${appId}`), load: () => ({ data: capacityOf(ctx, appId) }) },
  ];
  return (
    <Prefetched seeds={seeds}>
      <Page>
        <PageHeader
          crumbs={[{ label, href: `/apps/${encodeURIComponent(appId)}` }]}
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
