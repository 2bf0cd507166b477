'use client';

import { useQuery } from '@tanstack/react-query';
import { ErrorWords } from '@/components/ui/error-state';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Status } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { type ClipDomain, clipDomainsOptions } from '@/lib/browser/app-clips';
import { isGone } from '@/lib/browser/freshness';
import { domainTrouble } from '@/lib/format/app-clip-domains';
import { ourTone } from '@/lib/format/tones';
import type { Clip } from './clips';

const ABOUT = {
  Cache: {
    title: 'For testers',
    words: 'What Apple’s servers keep: devices of testers get this.',
  },
  Debug: {
    title: 'For development',
    words: 'What was found without Apple’s servers between: devices in developer mode get this.',
  },
} as const;

/** How Apple finds the domains of an App Clip, with what each error means and what mends it. */
export function DomainStatus({ clip: { bundleId } }: { clip: Clip }) {
  return (
    <Section title="Domains">
      <p className="max-w-prose text-ink-soft text-sm">
        An address opens the App Clip only where its domain serves an association file that names it.
      </p>
      <div className="grid gap-6 md:grid-cols-2">
        {(['Cache', 'Debug'] as const).map((which) => (
          <Domains key={`${which} ${bundleId}`} bundleId={bundleId} which={which} />
        ))}
      </div>
    </Section>
  );
}

function Domains({ bundleId, which }: { bundleId: string; which: 'Cache' | 'Debug' }) {
  const { data, error } = useQuery({ ...clipDomainsOptions(bundleId, which), retry: false });
  const { title, words } = ABOUT[which];
  const domains = data?.data?.attributes?.domains ?? [];
  const isNone = isGone(error) || (data !== undefined && domains.length === 0);
  return (
    <section aria-label={title} className="grid content-start gap-2">
      <h3 className="font-medium text-sm">{title}</h3>
      <p className="text-ink-soft text-sm">{words}</p>
      {error && !data && !isNone ? <ErrorWords error={error} /> : null}
      {isNone ? (
        <p className="text-ink-soft text-sm">
          Apple has checked no domain of this App Clip yet. It does so some time after the upload, for the
          domains of its entitlement.
        </p>
      ) : null}
      {!data && !error ? <Skeleton className="h-16" /> : null}
      <ul className="grid divide-y border-y empty:hidden">
        {domains.map((one, index) => (
          <Domain key={one.domain ?? index} one={one} />
        ))}
      </ul>
      {data && domains.length > 0 ? (
        <p className="text-ink-soft text-sm">
          Apple looked <Time at={data.data?.attributes?.lastUpdatedDate} />.
          {data.meta?.stale
            ? ' App Store Connect cannot be asked now: this is the last that is known.'
            : null}
        </p>
      ) : null}
    </section>
  );
}

function Domain({ one: { domain, isValid, errorCode, lastUpdatedDate } }: { one: ClipDomain }) {
  const name = domain ?? 'Unnamed domain';
  const isBad = isValid === false || (isValid == null && errorCode != null);
  const trouble = isBad ? domainTrouble(errorCode, name) : null;
  return (
    <li className="grid gap-1 py-3 text-sm">
      <span className="flex flex-wrap items-center justify-between gap-2">
        <bdi className="min-w-0 break-all font-medium">{name}</bdi>
        <span data-tip={errorCode ?? undefined}>
          <Status tone={ourTone(isBad ? 'domain.invalid' : isValid ? 'domain.valid' : 'domain.unknown')}>
            {isBad ? 'Not valid' : isValid ? 'Valid' : 'Not known'}
          </Status>
        </span>
      </span>
      {trouble ? (
        <>
          <span className="text-pretty">{trouble.what}</span>
          <span className="text-pretty text-ink-soft">{trouble.todo}</span>
        </>
      ) : null}
      {lastUpdatedDate ? (
        <span className="text-ink-soft">
          Checked <Time at={lastUpdatedDate} />
        </span>
      ) : null}
    </li>
  );
}
