import type { Metadata } from 'next';
import { appAt, OtherAccounts, Prefetched, type SearchParams, testerSeed, titleOf } from '@/app/prefetch';
import { Page } from '@/components/shell/page';
import { TesterPage } from '@/components/testers/tester-page';
import { keys } from '@/lib/browser/keys';
import { pageContext } from '@/lib/http/core/current-actor';
import { testerPage } from '@/lib/services/testers/tester-page';

type Props = { params: Promise<{ appId: string; testerId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const ctx = await pageContext();
  const { appId, testerId } = await params;
  return {
    title: `${await titleOf(ctx, appId, 'betaTesters', testerId)} · ${await titleOf(ctx, appId)}`,
  };
}

export default async function OneTesterPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const { appId: segment, testerId } = await params;
  const shown = {
    section: `/testers/${encodeURIComponent(testerId)}`,
    thing: { type: 'betaTesters', id: testerId },
    searchParams,
  } as const;
  const place = await appAt(ctx, segment, shown);
  const { appId, accountId } = place;
  const appName = place.label;
  const seeds = [
    testerSeed(ctx, { appId, testerId, accountId }),
    {
      key: keys.own('people', `tester ${appId} ${testerId}`),
      load: async () => ({ data: await testerPage(ctx, { appId, testerId, accountId }) }),
    },
  ];
  return (
    <Prefetched seeds={seeds}>
      <Page>
        <OtherAccounts ctx={ctx} place={place} shown={shown} />
        <TesterPage appId={appId} appName={appName} testerId={testerId} />
      </Page>
    </Prefetched>
  );
}
