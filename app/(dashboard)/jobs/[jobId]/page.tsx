import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Prefetched } from '@/app/prefetch';
import { JobPage } from '@/components/jobs/job-page';
import { Page } from '@/components/shell/page';
import { keys } from '@/lib/browser/keys';
import { pageContext } from '@/lib/http/core/current-actor';
import type { Ctx } from '@/lib/services/ctx';
import { RefusedError } from '@/lib/services/errors';
import { getJob } from '@/lib/services/jobs/views';

type Props = { params: Promise<{ jobId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: await titleOf(await pageContext(), (await params).jobId) };
}

export default async function OneJobPage({ params }: Props) {
  const ctx = await pageContext();
  const { jobId } = await params;
  await titleOf(ctx, jobId);
  return (
    <Prefetched
      seeds={[
        { key: keys.own('jobs', `one ${jobId}`), load: async () => ({ data: await getJob(ctx, jobId) }) },
      ]}
    >
      <Page>
        <JobPage jobId={jobId} />
      </Page>
    </Prefetched>
  );
}

async function titleOf(ctx: Ctx, jobId: string): Promise<string> {
  try {
    return (await getJob(ctx, jobId)).title;
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) notFound();
    return 'Job';
  }
}
