import type { Metadata } from 'next';
import { appAt, OtherAccounts, type SearchParams, titleOf } from '@/app/prefetch';
import { PrunePage } from '@/components/people/prune-page';
import { Needs } from '@/components/shell/needs';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/core/current-actor';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Prune testers · ${await titleOf(await pageContext(), (await params).appId)}` };
}

export default async function PruneTestersPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const { appId: segment } = await params;
  const shown = { section: '/testers/prune', searchParams };
  const place = await appAt(ctx, segment, shown);
  const { appId } = place;
  const { label } = place;
  const { base } = place;
  return (
    <Page>
      <OtherAccounts ctx={ctx} place={place} shown={shown} />
      <PageHeader
        crumbs={[
          { label, href: base },
          { label: 'Testers', href: `${base}/testers` },
        ]}
        title="Prune testers"
      >
        Make room by removing testers who do not test. Who is removed can be invited again.
      </PageHeader>
      <Needs permission="testers:write" back={`${base}/testers`} to="Go to the testers">
        <PrunePage appId={appId} appName={label} />
      </Needs>
    </Page>
  );
}
