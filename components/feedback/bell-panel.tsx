'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import Link from 'next/link';
import { Button } from '@/components/ui/button';
import { ErrorWords } from '@/components/ui/error-state';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { toastError } from '@/components/ui/toast';
import { type NoticeTold, noticesOptions, readNoticesMutation } from '@/lib/browser/feedback';

/** Under the bell: the newest notices, each with the page it is about. */
export default function BellPanel({ onLeave }: { onLeave: () => void }) {
  const { data, error } = useQuery(noticesOptions());
  const { mutate: read, isPending } = useMutation(readNoticesMutation());
  const onError = (failure: Error) => void toastError('Not marked as read', failure);
  if (error && !data) return <ErrorWords error={error} />;
  if (!data) return <ListSkeleton rows={3} />;
  const { unread, notices } = data.data;
  if (notices.length === 0)
    return (
      <p className="text-ink-soft text-sm">
        Nothing yet. You are told here when somebody mentions you in a note, gives you an issue, one of yours
        comes back, or a ship waits for somebody like you; and of what{' '}
        <Link href="/settings/alerts" prefetch={false} onClick={onLeave} className="font-medium underline">
          your alerts
        </Link>{' '}
        are for.
      </p>
    );
  return (
    <div className="grid gap-3 text-sm">
      <ul className="grid gap-1">
        {notices.map((notice) => (
          <li key={notice.id}>
            <Link
              href={notice.path}
              prefetch={false}
              onClick={() => {
                if (!notice.isRead) read([notice.id], { onError });
                onLeave();
              }}
              className="-mx-2 grid gap-0.5 rounded-md px-2 py-1.5 hover:bg-hover"
            >
              <span dir="auto" className={clsx('wrap-anywhere', !notice.isRead && 'font-medium')}>
                {wordsOf(notice)}
              </span>
              <span className="text-ink-soft text-xs">
                <Time at={notice.at} />
                {notice.isRead ? null : ' · unread'}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {unread > 0 ? (
        <Button busy={isPending} onClick={() => read(null, { onError })} className="justify-center">
          Mark all as read
        </Button>
      ) : null}
    </div>
  );
}

function wordsOf({ kind, who, about }: NoticeTold) {
  // Nobody in particular gives what a rule gives.
  const name = who === null ? 'A rule' : <bdi>{who}</bdi>;
  const thing = <bdi>{about ?? 'something that is gone'}</bdi>;
  if (kind === 'mention')
    return (
      <>
        {name} mentioned you: {thing}
      </>
    );
  if (kind === 'assigned')
    return (
      <>
        {name} gave you {thing}
      </>
    );
  // They say all of it.
  if (kind === 'alert' || kind === 'channel') return thing;
  if (kind === 'regressed') return <>{thing} is back in a newer build</>;
  return (
    <>
      {thing}: {JOBS[kind] ?? 'look at it'}
    </>
  );
}

/** Why a job waits for a person. */
const JOBS: Readonly<Record<string, string>> = {
  approval: 'waits until a second person approves',
  below: 'held, too few sessions are free of crashes',
  few: 'held, there are too few new sessions',
  stale: 'held, there is nothing new to judge it by',
};
