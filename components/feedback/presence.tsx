'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { keys } from '@/lib/browser/keys';
import { sayPresence } from '@/lib/browser/live';

/** Twice in the time for which the server takes a tab to be there, ms. */
const SIGN_MS = 10_000;

/** This tab's word for itself. */
let place: string | undefined;
const placeOfTab = () => {
  place ??= Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(36)).join('');
  return place;
};

/** Who else looks at the same issue now; says by being shown that its reader does. */
export function Presence({ issueId }: { issueId: string }) {
  const { data: others = [] } = useQuery({
    queryKey: keys.own('presence', issueId),
    queryFn: () => sayPresence({ issueId, place: placeOfTab(), isHere: !document.hidden }),
    refetchInterval: SIGN_MS,
    staleTime: 0,
  });
  useEffect(() => {
    const leave = () =>
      void sayPresence({ issueId, place: placeOfTab(), isHere: false }, { keepalive: true }).catch(
        () => undefined,
      );
    const look = () => {
      if (document.hidden) leave();
    };
    // A page that is closed is unmounted by nobody.
    window.addEventListener('pagehide', leave);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.removeEventListener('pagehide', leave);
      document.removeEventListener('visibilitychange', look);
      // Whoever goes on to the next one sees that first.
      setTimeout(leave);
    };
  }, [issueId]);
  return (
    <p role="status" className="flex flex-wrap items-center gap-1.5 text-ink-soft text-sm empty:hidden">
      {others.length > 0 ? (
        <>
          <span aria-hidden className="flex -space-x-1.5">
            {others.slice(0, 4).map(({ id, name }) => (
              <span
                key={id}
                className="inline-flex size-5 items-center justify-center rounded-full border bg-raised font-medium text-[0.625rem] text-ink"
              >
                {[...name.trim()][0]?.toUpperCase() ?? '?'}
              </span>
            ))}
          </span>
          <span>
            <bdi className="font-medium text-ink">{others.map(({ name }) => name).join(', ')}</bdi>{' '}
            {others.length === 1 ? 'is' : 'are'} looking at this
          </span>
        </>
      ) : null}
    </p>
  );
}
