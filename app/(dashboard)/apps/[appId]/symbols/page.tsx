import type { Metadata } from 'next';
import { appAt, OtherAccounts, Prefetched, type SearchParams, titleOf } from '@/app/prefetch';
import { ListedAs } from '@/components/feedback/listed-as';
import { SymbolsPage } from '@/components/feedback/symbols-page';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { keys } from '@/lib/browser/keys';
import { pageContext } from '@/lib/http/core/current-actor';
import { symbolsPage } from '@/lib/services/symbols/page';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Symbols · ${await titleOf(await pageContext(), (await params).appId)}` };
}

export default async function AppSymbolsPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const shown = { section: '/symbols', searchParams };
  const place = await appAt(ctx, (await params).appId, shown);
  const { appId, accountId, label, base } = place;
  const load = async () => ({
    pages: [{ data: await symbolsPage(ctx, { appId, accountId }) }],
    pageParams: [''],
  });
  return (
    <Prefetched seeds={[{ key: keys.own('symbols', appId), load }]}>
      <Page>
        <OtherAccounts ctx={ctx} place={place} shown={shown} />
        <PageHeader crumbs={[{ label, href: base }]} title="Symbols" action={<ListedAs base={base} />} />
        <SymbolsPage appId={appId} />
      </Page>
    </Prefetched>
  );
}
