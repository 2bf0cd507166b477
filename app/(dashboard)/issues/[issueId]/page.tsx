import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Prefetched } from '@/app/prefetch';
import { IssuePage } from '@/components/feedback/issue-page';
import { Page } from '@/components/shell/page';
import { issueOptions } from '@/lib/browser/feedback';
import { pageContext } from '@/lib/http/core/current-actor';
import { issuePage, loneReport } from '@/lib/services/feedback/issue-page';

export const metadata: Metadata = { title: 'Crash issue' };

export default async function OneIssuePage({ params }: { params: Promise<{ issueId: string }> }) {
  const ctx = await pageContext();
  const { issueId } = await params;
  const lone = await loneReport(ctx, issueId);
  if (lone)
    redirect(`/feedback/${encodeURIComponent(lone.id)}?account=${encodeURIComponent(lone.accountId)}`);
  const seeds = [
    { key: issueOptions(issueId).queryKey, load: async () => ({ data: await issuePage(ctx, issueId) }) },
  ];
  return (
    <Prefetched seeds={seeds}>
      <Page>
        <IssuePage id={issueId} />
      </Page>
    </Prefetched>
  );
}
