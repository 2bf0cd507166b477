'use client';

import { useRouter } from 'next/navigation';
import { startTransition } from 'react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

/** A page that could not be made: what was not lost, where the reason stands, and another try. */
export function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const router = useRouter();
  const again = () =>
    startTransition(() => {
      router.refresh();
      reset();
    });
  return (
    <div role="alert">
      <EmptyState
        isPage
        title="This page could not be made"
        action={
          <Button variant="primary" onClick={again}>
            Try again
          </Button>
        }
      >
        Nothing was changed or lost. The reason stands in the server’s log
        {error.digest ? (
          <>
            {' '}
            under <code className="font-mono text-xs">{error.digest}</code>
          </>
        ) : null}
        .
      </EmptyState>
    </div>
  );
}
