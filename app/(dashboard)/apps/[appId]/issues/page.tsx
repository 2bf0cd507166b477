import type { Metadata } from 'next';
import {
  appAt,
  listSeed,
  OtherAccounts,
  Prefetched,
  type SearchParams,
  tabsSeed,
  titleOf,
} from '@/app/prefetch';
import { ISSUES } from '@/components/feedback/feedback-spec';
import { IssuesList } from '@/components/feedback/issues-list';
import { ListedAs } from '@/components/feedback/listed-as';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/core/current-actor';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Crash issues · ${await titleOf(await pageContext(), (await params).appId)}` };
}

export default async function IssuesPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const { appId: segment } = await params;
  const shown = { section: '/issues', searchParams };
  const place = await appAt(ctx, segment, shown);
  const { appId, accountId, label, base } = place;
  const scope = { app: appId };
  const seeds = [
    await listSeed(ctx, ISSUES, searchParams, scope, accountId),
    tabsSeed(ctx, 'issues', appId, accountId),
  ];
  return (
    <Prefetched seeds={seeds}>
      <Page>
        <OtherAccounts ctx={ctx} place={place} shown={shown} />
        <PageHeader crumbs={[{ label, href: base }]} title="Crash issues" action={<ListedAs base={base} />} />
        <IssuesList scope={scope} appId={appId} />
      </Page>
    </Prefetched>
  );
}
