'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { syncOptions } from '@/lib/browser/own';
import { whenReachable } from '@/lib/browser/reach';
import { useMay } from './known';

// Seen once in the life of an installation.
const FirstSync = dynamic(whenReachable(() => import('./first-sync').then((module) => module.FirstSync)));

/**
 * Why a part of the programme is empty: there is no key yet, the first sync is still under way, or, with both there,
 * what the list itself says.
 */
export function NothingYet({ title, children }: { title: string; children?: ReactNode }) {
  const { data } = useQuery(syncOptions());
  const accounts = data?.data;
  if (accounts?.length === 0) return <NoKey />;
  if (accounts?.every(({ lastSucceededAt }) => !lastSucceededAt)) return <FirstSync />;
  return <EmptyState title={title}>{children}</EmptyState>;
}

function NoKey() {
  const mayAdd = useMay('accounts:write');
  return (
    <EmptyState
      title="No App Store Connect key yet"
      action={
        mayAdd ? (
          <ButtonLink variant="primary" href="/settings/keys">
            Add a key
          </ButtonLink>
        ) : null
      }
    >
      Flightdeck shows the TestFlight programme of your team once it has a key of App Store Connect
      {mayAdd ? '.' : '. Ask an admin to add one.'}
    </EmptyState>
  );
}
