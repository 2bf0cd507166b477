import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { Prefetched } from '@/app/prefetch';
import { IssuePage } from '@/components/feedback/issue-page';
import { issueTab } from '@/components/feedback/tab-title';
import { Page } from '@/components/shell/page';
import { issueOptions } from '@/lib/browser/feedback';
import { pageContext } from '@/lib/http/core/current-actor';
import { issuePage, loneReport } from '@/lib/services/feedback/issue-page';

type Props = { params: Promise<{ issueId: string }> };

const pageOf = cache(async (id: string) => issuePage(await pageContext(), id));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const page = await pageOf((await params).issueId).catch(() => null);
  return { title: page === null ? 'Crash issue' : issueTab(page.figures) };
}

export default async function OneIssuePage({ params }: Props) {
  const ctx = await pageContext();
  const { issueId } = await params;
  const lone = await loneReport(ctx, issueId);
  if (lone)
    redirect(`/feedback/${encodeURIComponent(lone.id)}?account=${encodeURIComponent(lone.accountId)}`);
  const seeds = [
    { key: issueOptions(issueId).queryKey, load: async () => ({ data: await pageOf(issueId) }) },
  ];
  return (
    <Prefetched seeds={seeds}>
      <Page>
        <IssuePage id={issueId} />
      </Page>
    </Prefetched>
  );
}
