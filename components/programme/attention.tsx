'use client';

import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Name } from '@/components/ui/name';
import { Dot } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import type { Attention } from '@/lib/browser/types';
import { homeOf } from '@/lib/format/app-address';
import { label } from '@/lib/format/labels';
import { formatCount } from '@/lib/format/numbers';
import { mostUrgentFirst, type OurState, ourTone } from '@/lib/format/tones';

interface Words {
  readonly says: (fact: Attention) => ReactNode;
}

const name = ({ label: named, platform }: Attention) => (
  <Name className="font-medium">{platform ? `${label(platform)} ${named}` : named}</Name>
);

const WORDS: Readonly<Record<string, Words>> = {
  build_expiring: {
    says: (fact) => (
      <>
        Build {name(fact)} expires <Time at={fact.date} />
      </>
    ),
  },
  export_compliance_missing: {
    says: (fact) => <>Build {name(fact)} cannot be tested until export compliance is answered</>,
  },
  waiting_for_review: {
    says: (fact) => (
      <>
        Build {name(fact)} is with beta review
        {fact.date ? (
          <>
            , submitted <Time at={fact.date} />
          </>
        ) : null}
      </>
    ),
  },
  review_rejected: { says: (fact) => <>Build {name(fact)} was rejected by beta review</> },
  link_nearly_full: {
    says: (fact) => (
      <>
        The public link of {name(fact)} has {formatCount(fact.count)} of {formatCount(fact.limit)} places
        taken
      </>
    ),
  },
  testers_nearly_full: {
    says: (fact) => (
      <>
        {formatCount(fact.count)} of {formatCount(fact.limit)} testers an app may have
      </>
    ),
  },
  key_refused: {
    says: (fact) => <>App Store Connect does not accept the key {name(fact)}</>,
  },
  sync_failed: {
    says: (fact) => (
      <>
        The last sync failed <Time at={fact.date} />
        {fact.detail ? `: ${fact.detail}` : ''}
      </>
    ),
  },
};

/** Where a thing to look at is looked at; null where there is no page. */
export function hrefOf({ appId, type, id, kind, ...place }: Attention): string | null {
  if (kind === 'key_refused') return '/settings/keys';
  if (!appId) return null;
  const base = homeOf(appId, place);
  if (type === 'builds' && id) return `${base}/builds/${encodeURIComponent(id)}`;
  if (type === 'betaGroups' && id) return `${base}/groups/${encodeURIComponent(id)}`;
  return `${base}/testers`;
}

const toneOfFact = ({ kind }: Attention) => ourTone(`look.${kind}` as OurState);

/** What is refused or failed, then what runs out, then what only waits; in each the order of the apps. */
export function urgentFirst(facts: readonly Attention[]): readonly Attention[] {
  return mostUrgentFirst(facts, toneOfFact);
}

/** A few facts, some of each kind, so that many of one do not hide the rest. */
export function someOfEach(facts: readonly Attention[], most: number): readonly Attention[] {
  const seen = new Map<string, number>();
  const turns = facts.map((fact) => {
    const turn = seen.get(fact.kind) ?? 0;
    seen.set(fact.kind, turn + 1);
    return { fact, turn };
  });
  return turns
    .toSorted((a, b) => a.turn - b.turn)
    .slice(0, most)
    .map(({ fact }) => fact);
}

/** What somebody should look at today, the most urgent first; each line leads to the thing. */
export function AttentionList({
  facts,
  appName,
}: {
  facts: readonly Attention[];
  /** The name of a fact's app, where the list spans several. */
  appName?: (fact: Attention) => string | null | undefined;
}) {
  return (
    <ul className="divide-y border-y">
      {urgentFirst(facts).map((fact) => {
        const words = WORDS[fact.kind];
        const href = hrefOf(fact);
        const app = appName?.(fact);
        const inside = (
          <>
            <Dot tone={toneOfFact(fact)} />
            <span className="min-w-0 flex-1 break-words">
              {words ? words.says(fact) : <>Look at {name(fact)}</>}
            </span>
            {app ? (
              <Name className="max-w-40 shrink-0 truncate text-ink-soft max-sm:max-w-24">{app}</Name>
            ) : null}
            {href ? <ChevronRight size={14} aria-hidden className="shrink-0 text-ink-faint" /> : null}
          </>
        );
        const className = 'flex min-h-10 items-center gap-3 px-2 py-2 text-sm';
        return (
          <li key={`${fact.kind} ${fact.accountId} ${fact.id}`}>
            {href ? (
              <Link href={href} prefetch={false} className={`${className} hover:bg-hover`}>
                {inside}
              </Link>
            ) : (
              <div className={className}>{inside}</div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
