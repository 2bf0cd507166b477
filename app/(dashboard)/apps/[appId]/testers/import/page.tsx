import type { Metadata } from 'next';
import { nameOf } from '@/app/prefetch';
import { ImportWizard } from '@/components/people/import-wizard';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/current-actor';

type Props = { params: Promise<{ appId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Import testers · ${await nameOf(await pageContext(), 'apps', (await params).appId)}` };
}

export default async function ImportTestersPage({ params }: Props) {
  const ctx = await pageContext();
  const { appId } = await params;
  const label = await nameOf(ctx, 'apps', appId);
  const base = `/apps/${encodeURIComponent(appId)}`;
  return (
    <Page>
      <PageHeader
        crumbs={[
          { label, href: base },
          { label: 'Testers', href: `${base}/testers` },
        ]}
        title="Import testers"
      >
        Nothing is sent before you have seen what happens with each row.
      </PageHeader>
      <ImportWizard appId={appId} />
    </Page>
  );
}
