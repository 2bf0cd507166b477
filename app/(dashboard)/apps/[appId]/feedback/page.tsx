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
import { FeedbackList } from '@/components/feedback/feedback-list';
import { FEEDBACK } from '@/components/feedback/feedback-spec';
import { ListedAs } from '@/components/feedback/listed-as';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/core/current-actor';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Feedback · ${await titleOf(await pageContext(), (await params).appId)}` };
}

export default async function FeedbackPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const { appId: segment } = await params;
  const shown = { section: '/feedback', searchParams };
  const place = await appAt(ctx, segment, shown);
  const { appId, accountId, label, base } = place;
  const scope = { app: appId };
  const seeds = [
    await listSeed(ctx, FEEDBACK, searchParams, scope, accountId),
    tabsSeed(ctx, 'feedback', appId, accountId),
  ];
  return (
    <Prefetched seeds={seeds}>
      <Page>
        <OtherAccounts ctx={ctx} place={place} shown={shown} />
        <PageHeader crumbs={[{ label, href: base }]} title="Feedback" action={<ListedAs base={base} />} />
        <FeedbackList scope={scope} appId={appId} />
      </Page>
    </Prefetched>
  );
}
