'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { feedbackHref, issueHref } from '@/components/feedback/feedback-href';
import { ShareRow } from '@/components/hand-over/share-rows';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { ListSkeleton } from '@/components/ui/skeleton';
import { type ShareView, sharesOptions } from '@/lib/browser/shares';

/** Every page that was made for people without an account. */
export function SharesPage() {
  const { data, error, refetch } = useQuery(sharesOptions());
  if (error && !data)
    return (
      <ErrorState title="The share links could not be loaded" error={error} onRetry={() => void refetch()} />
    );
  if (!data) return <ListSkeleton rows={3} />;
  if (data.data.length === 0)
    return (
      <EmptyState title="No share links yet">
        On the page of a report or a crash issue, a link can be made that shows it to people without an
        account.
      </EmptyState>
    );
  return (
    <ul className="grid divide-y border-y">
      {data.data.map((share) => (
        <ShareRow key={share.id} share={share}>
          <Link href={hrefOf(share)} className="text-accent-ink underline">
            {share.kind === 'report' ? 'A report' : 'A crash issue'}
          </Link>{' '}
          of <Name>{share.appName}</Name>
        </ShareRow>
      ))}
    </ul>
  );
}

const hrefOf = ({ kind, targetId, accountId }: ShareView) =>
  kind === 'issue'
    ? issueHref(targetId)
    : feedbackHref({ id: targetId, meta: { accountId, accountName: accountId } });
