import type { Metadata } from 'next';
import { appAt, OtherAccounts, Prefetched, type SearchParams, titleOf } from '@/app/prefetch';
import { AdoptionPage } from '@/components/adoption/adoption-page';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { adoptionKey } from '@/lib/browser/adoption';
import { pageContext } from '@/lib/http/core/current-actor';
import { appAdoption } from '@/lib/services/adoption/adoption';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Adoption · ${await titleOf(await pageContext(), (await params).appId)}` };
}

export default async function AppAdoptionPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const shown = { section: '/adoption', searchParams };
  const place = await appAt(ctx, (await params).appId, shown);
  const { appId, accountId, label, base } = place;
  const load = async () => ({ data: await appAdoption(ctx, { appId, accountId }) });
  return (
    <Prefetched seeds={[{ key: adoptionKey(appId), load }]}>
      <Page>
        <OtherAccounts ctx={ctx} place={place} shown={shown} />
        <PageHeader crumbs={[{ label, href: base }]} title="Adoption" />
        <AdoptionPage appId={appId} />
      </Page>
    </Prefetched>
  );
}
