import type { Metadata } from 'next';
import { appLabel, labelWithin, oneSeed, Prefetched } from '@/app/prefetch';
import { Page } from '@/components/shell/page';
import { TesterPage } from '@/components/testers/tester-page';
import { pageContext } from '@/lib/http/current-actor';
import { keys } from '@/lib/query/keys';
import { testerPage } from '@/lib/services/people/tester-page';

type Props = { params: Promise<{ appId: string; testerId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const ctx = await pageContext();
  const { appId, testerId } = await params;
  return {
    title: `${await labelWithin(ctx, appId, 'betaTesters', testerId)} · ${await appLabel(ctx, appId)}`,
  };
}

export default async function OneTesterPage({ params }: Props) {
  const ctx = await pageContext();
  const { appId, testerId } = await params;
  const appName = await appLabel(ctx, appId);
  await labelWithin(ctx, appId, 'betaTesters', testerId);
  const seeds = [
    oneSeed(ctx, 'betaTesters', testerId),
    {
      key: keys.own('people', `tester ${appId} ${testerId}`),
      load: () => ({ data: testerPage(ctx, { appId, testerId }) }),
    },
  ];
  return (
    <Prefetched seeds={seeds}>
      <Page>
        <TesterPage appId={appId} appName={appName} testerId={testerId} />
      </Page>
    </Prefetched>
  );
}
