'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState } from '@/components/ui/late-error';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { powerOptions, signaturesOptions } from '@/lib/browser/diagnostics';
import type { DocumentMeta } from '@/lib/browser/types';
import { PowerTable } from './power-table';
import { SignatureList } from './signature-list';

interface OfBuild {
  readonly id: string;
  readonly accountId: string | undefined;
}

/** What App Store Connect tells of a build's hangs, writes and launches, and of its power and performance. */
export default function Diagnostics({ of, version }: { of: OfBuild; version: string | null }) {
  const signatures = useQuery(signaturesOptions(of));
  const power = useQuery(powerOptions(of));
  return (
    <div className="grid gap-6">
      <Part
        title="What happens on devices"
        what="Diagnostics"
        query={signatures}
        meta={signatures.data?.meta}
      >
        <SignatureList signatures={signatures.data?.data ?? []} accountId={of.accountId} />
      </Part>
      <Part title="Power and performance" what="Figures" query={power} meta={power.data?.meta}>
        <PowerTable report={power.data?.meta.report ?? {}} version={version} />
      </Part>
    </div>
  );
}

function Part({
  title,
  what,
  query,
  meta,
  children,
}: {
  title: string;
  what: string;
  query: { readonly data: unknown; readonly error: Error | null; readonly refetch: () => unknown };
  meta: DocumentMeta | undefined;
  children: ReactNode;
}) {
  return (
    <section className="grid gap-2">
      <h3 className="font-medium text-sm">{title}</h3>
      {query.error ? (
        <ErrorState
          title={`${what} could not be read`}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : query.data === undefined ? (
        <div role="status">
          <span className="sr-only">Reading {what.toLowerCase()}</span>
          <Skeleton className="h-24 w-full" />
        </div>
      ) : (
        <>
          {children}
          {meta?.fetchedAt ? (
            <p className="text-ink-soft text-xs">
              From App Store Connect, <Time at={meta.fetchedAt} />.
              {meta.stale ? ' It could not be asked again.' : ''}
            </p>
          ) : null}
        </>
      )}
    </section>
  );
}
