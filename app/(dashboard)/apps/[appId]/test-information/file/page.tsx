import type { Metadata } from 'next';
import { appAt, OtherAccounts, type SearchParams, titleOf } from '@/app/prefetch';
import { ProgrammeFilePage } from '@/components/programme-file/programme-file-page';
import { Page } from '@/components/shell/page';
import { PageHeader } from '@/components/shell/page-header';
import { pageContext } from '@/lib/http/core/current-actor';

type Props = { params: Promise<{ appId: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Programme as code · ${await titleOf(await pageContext(), (await params).appId)}` };
}

export default async function AppProgrammeFilePage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const shown = { section: '/test-information/file', searchParams };
  const place = await appAt(ctx, (await params).appId, shown);
  const { appId, label, base } = place;
  return (
    <Page>
      <OtherAccounts ctx={ctx} place={place} shown={shown} />
      <PageHeader
        crumbs={[
          { label, href: base },
          { label: 'Test information', href: `${base}/test-information` },
        ]}
        title="Programme as code"
      >
        Groups, recruitment criteria, public links, test information and App Clip addresses as one file: keep
        it beside your code, see what differs, and bring the programme to what it says.
      </PageHeader>
      <ProgrammeFilePage appId={appId} appName={label} base={base} />
    </Page>
  );
}
