import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { nameOf, oneSeed, Prefetched } from '@/app/prefetch';
import { Page } from '@/components/shell/page';
import { testerName } from '@/components/testers/tester-href';
import { TesterPage } from '@/components/testers/tester-page';
import { pageContext } from '@/lib/http/current-actor';
import { keys } from '@/lib/query/keys';
import type { Ctx } from '@/lib/services/ctx';
import { RefusedError } from '@/lib/services/errors';
import { testerPage } from '@/lib/services/people/tester-page';
import { getResource } from '@/lib/services/resources/read';

type Props = { params: Promise<{ appId: string; testerId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const ctx = await pageContext();
  const { appId, testerId } = await params;
  return { title: `${await personOf(ctx, testerId)} · ${await nameOf(ctx, 'apps', appId)}` };
}

export default async function OneTesterPage({ params }: Props) {
  const ctx = await pageContext();
  const { appId, testerId } = await params;
  const appName = await nameOf(ctx, 'apps', appId);
  await personOf(ctx, testerId);
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

async function personOf(ctx: Ctx, id: string): Promise<string> {
  try {
    const { data } = await getResource(ctx, { type: 'betaTesters', id, parameters: new URLSearchParams() });
    return testerName(data?.attributes);
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) notFound();
    return 'Tester';
  }
}
