import type { Metadata } from 'next';
import { appAt, OtherAccounts, type SearchParams, titleOf } from '@/app/prefetch';
import { ImportWizard } from '@/components/people/import-wizard';
import { Needs } from '@/components/shell/needs';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/core/current-actor';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Import testers · ${await titleOf(await pageContext(), (await params).appId)}` };
}

export default async function ImportTestersPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const { appId: segment } = await params;
  const shown = { section: '/testers/import', searchParams };
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
        title="Import testers"
      >
        Nothing is sent before you have seen what happens with each row.
      </PageHeader>
      <Needs permission="testers:write" back={`${base}/testers`} to="Go to the testers">
        <ImportWizard appId={appId} />
      </Needs>
    </Page>
  );
}
