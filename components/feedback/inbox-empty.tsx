'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import { NothingYet } from '@/components/shell/nothing-yet';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import type { OwnList } from '@/lib/browser/keys';
import { inboxTabsOptions } from '@/lib/browser/own';
import { appOfPath } from '@/lib/format/app-address';
import { formatCount, formatPlural } from '@/lib/format/numbers';

/** Why a part of the inbox is empty, and where to go on. */
export function InboxEmpty({ of }: { of: OwnList }) {
  const pathname = usePathname();
  const view = useSearchParams().get('view') ?? 'review';
  const { data } = useQuery(inboxTabsOptions(of, appOfPath(pathname)?.appId));
  const tabs = data?.data;
  if (!tabs) return null;
  if (tabs.all === 0) {
    return of === 'feedback' ? (
      <NothingYet title="No feedback yet">
        Testers send crashes and screenshots from the TestFlight app. They appear here with the next sync, and
        stay here also when they are deleted at Apple. Whether testers are asked for feedback is set per{' '}
        <Link href="/groups" className="text-accent-ink underline">
          group
        </Link>
        .
      </NothingYet>
    ) : (
      <NothingYet title="No crash issues yet">
        Crashes with the same cause are put together here as soon as their logs are read.
      </NothingYet>
    );
  }
  const open = tabs.open > 0 && view !== 'open';
  const words = WORDS[view] ?? WORDS.all;
  return (
    <EmptyState
      title={words?.title ?? 'Nothing here'}
      action={
        <ButtonLink href={`${pathname}?view=${open ? 'open' : 'all'}`} prefetch={false}>
          {open
            ? `See what is open (${formatCount(tabs.open)})`
            : `See all ${formatPlural(tabs.all, of === 'feedback' ? 'report' : 'crash issue')}`}
        </ButtonLink>
      }
    >
      {words?.text}
    </EmptyState>
  );
}

const WORDS: Readonly<Record<string, { title: string; text: string }>> = {
  review: {
    title: 'Nothing to review',
    text: 'Whatever is new, or comes back after it was resolved, appears here.',
  },
  mine: { title: 'Nothing is assigned to you', text: 'Press m on a report to take it.' },
  open: { title: 'Nothing is open', text: 'All that was sent is resolved or closed.' },
  resolved: {
    title: 'Nothing is resolved yet',
    text: 'Press r on a report to say in which build it is resolved. Should it come back in a newer one, it opens again by itself.',
  },
  all: { title: 'Nothing here', text: '' },
};
