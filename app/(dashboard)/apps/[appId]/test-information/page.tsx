import type { Metadata } from 'next';
import { appAt, OtherAccounts, Prefetched, type SearchParams, soonSeed, titleOf } from '@/app/prefetch';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { TestInformationPage } from '@/components/test-information/test-information-page';
import { ButtonLink } from '@/components/ui/button-link';
import { TEST_INFORMATION, testInformationKey } from '@/lib/browser/texts';
import { pageContext } from '@/lib/http/core/current-actor';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Test information · ${await titleOf(await pageContext(), (await params).appId)}` };
}

export default async function AppTestInformationPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const shown = { section: '/test-information', searchParams };
  const place = await appAt(ctx, (await params).appId, shown);
  const { appId, accountId, label, base } = place;
  const parts = Object.keys(TEST_INFORMATION) as (keyof typeof TEST_INFORMATION)[];
  const seeds = parts.map((part) =>
    soonSeed(ctx, testInformationKey(part, appId), {
      path: TEST_INFORMATION[part].path,
      owner: { type: 'apps', id: appId },
      accountId,
    }),
  );
  return (
    <Prefetched seeds={seeds}>
      <Page>
        <OtherAccounts ctx={ctx} place={place} shown={shown} />
        <PageHeader
          crumbs={[{ label, href: base }]}
          title="Test information"
          action={<ButtonLink href={`${base}/test-information/file`}>Programme as code</ButtonLink>}
        />
        <TestInformationPage appId={appId} />
      </Page>
    </Prefetched>
  );
}
