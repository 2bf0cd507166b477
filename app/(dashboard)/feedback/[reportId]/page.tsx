import type { Metadata } from 'next';
import { cache } from 'react';
import { Prefetched, type SearchParams } from '@/app/prefetch';
import { ReportPage } from '@/components/feedback/report-page';
import { reportTab } from '@/components/feedback/tab-title';
import { Page } from '@/components/shell/page';
import { type FeedbackResource, reportOptions } from '@/lib/browser/feedback';
import { pageContext } from '@/lib/http/core/current-actor';
import { reportPage } from '@/lib/services/feedback/report';

type Props = { params: Promise<{ reportId: string }>; searchParams: SearchParams };

const pageOf = cache(async (id: string, accountId: string | undefined) =>
  reportPage(await pageContext(), { id, accountId }),
);

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const [{ reportId }, { account }] = [await params, await searchParams];
  const page = await pageOf(reportId, typeof account === 'string' ? account : undefined).catch(() => null);
  return { title: page === null ? 'Feedback' : reportTab(page.report as unknown as FeedbackResource) };
}

export default async function OneReportPage({ params, searchParams }: Props) {
  const { reportId } = await params;
  const { account } = await searchParams;
  const accountId = typeof account === 'string' ? account : undefined;
  const seeds = [
    {
      key: reportOptions(reportId).queryKey,
      load: async () => ({ data: await pageOf(reportId, accountId) }),
    },
  ];
  return (
    <Prefetched seeds={seeds}>
      <Page>
        <ReportPage id={reportId} />
      </Page>
    </Prefetched>
  );
}
