import type { Metadata } from 'next';
import { appLabel } from '@/app/prefetch';
import { PrunePage } from '@/components/people/prune-page';
import { Needs } from '@/components/shell/needs';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/current-actor';

type Props = { params: Promise<{ appId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Prune testers · ${await appLabel(await pageContext(), (await params).appId)}` };
}

export default async function PruneTestersPage({ params }: Props) {
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
