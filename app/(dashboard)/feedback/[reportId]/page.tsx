import type { Metadata } from 'next';
import { Prefetched, type SearchParams } from '@/app/prefetch';
import { ReportPage } from '@/components/feedback/report-page';
import { Page } from '@/components/shell/page';
import { reportOptions } from '@/lib/browser/feedback';
import { pageContext } from '@/lib/http/core/current-actor';
import { reportPage } from '@/lib/services/feedback/report';

type Props = { params: Promise<{ reportId: string }>; searchParams: SearchParams };

export const metadata: Metadata = { title: 'Feedback' };

export default async function OneReportPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const { reportId } = await params;
  const { account } = await searchParams;
  const accountId = typeof account === 'string' ? account : undefined;
  const seeds = [
    {
      key: reportOptions(reportId).queryKey,
      load: async () => ({ data: await reportPage(ctx, { id: reportId, accountId }) }),
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
