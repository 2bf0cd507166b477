import type { Metadata } from 'next';
import { appLabel } from '@/app/prefetch';
import { ImportWizard } from '@/components/people/import-wizard';
import { Needs } from '@/components/shell/needs';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/current-actor';

type Props = { params: Promise<{ appId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Import testers · ${await appLabel(await pageContext(), (await params).appId)}` };
}

export default async function ImportTestersPage({ params }: Props) {
  const ctx = await pageContext();
  const { appId } = await params;
  const label = await appLabel(ctx, appId);
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
      <Needs permission="testers:write" back={`${base}/testers`} to="Go to the testers">
        <ImportWizard appId={appId} />
      </Needs>
    </Page>
  );
}
