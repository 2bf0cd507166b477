'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Button } from '@/components/ui/button';
import { ErrorWords } from '@/components/ui/error-state';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { crashOptions, type IssueTold, logAddress, type ReportPage } from '@/lib/browser/feedback';
import { CrashStack } from './crash-stack';
import { issueHref } from './feedback-href';
import { SymbolsNote } from './symbols-note';

const STATES: Readonly<Record<string, string>> = {
  wanted: 'The crash log is not here yet. It is fetched from App Store Connect as the hourly limit allows.',
  absent: 'App Store Connect has no log of this crash.',
  failed: 'The crash log could not be fetched yet and is tried again.',
};

/** The log of one crash, read; one that is not here yet is asked for while the page is open. */
export function CrashLog({
  id,
  accountId,
  home,
  issue,
  before,
}: {
  /** Where the pages of its app are. */
  home: string;
  id: string;
  accountId: string;
  /** What it shares with others. */
  issue: IssueTold | null;
  /** What was known before the log was asked for. */
  before: ReportPage['log'];
}) {
  const { data, error, isPending, refetch, isFetching } = useQuery(crashOptions(id, accountId));
  const log = data?.data.log ?? before;
  return (
    <Section
      title="Crash"
      action={
        data?.data.report ? (
          <a href={logAddress(id, accountId)} download className="text-accent-ink text-sm underline">
            Download the log
          </a>
        ) : null
      }
    >
      {issue ? (
        <p className="text-sm">
          {issue.reportCount > 1 ? `${issue.reportCount} reports share this crash: ` : 'Part of '}
          <Link href={issueHref(issue.id)} prefetch={false} className="text-accent-ink underline">
            <bdi>{issue.title}</bdi>
          </Link>
        </p>
      ) : null}
      {data ? <SymbolsNote symbols={data.data.symbols} home={home} /> : null}
      {data?.data.report ? (
        <CrashStack report={data.data.report} />
      ) : isPending && before.state === 'stored' ? (
        <Skeleton className="h-48 w-full" />
      ) : error ? (
        <div role="alert" className="grid justify-items-start gap-2">
          <ErrorWords error={error} />
          <Button size="sm" busy={isFetching} onClick={() => void refetch()}>
            Try again
          </Button>
        </div>
      ) : (
        <div className="grid justify-items-start gap-2">
          <p className="text-ink-soft text-sm">
            {log.trouble ?? STATES[log.state ?? 'wanted'] ?? STATES.wanted}
          </p>
          {log.state === 'erased' ? null : (
            <Button size="sm" busy={isFetching} onClick={() => void refetch()}>
              Look again
            </Button>
          )}
        </div>
      )}
    </Section>
  );
}
