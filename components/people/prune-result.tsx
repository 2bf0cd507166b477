'use client';

import Link from 'next/link';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { useAppBase } from '@/components/shell/use-app-base';
import { testerPath } from '@/components/testers/tester-href';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { Time } from '@/components/ui/time';
import type { PruneCandidate, PrunePreview, PruneRules } from '@/lib/browser/people';
import { formatDate } from '@/lib/format/dates';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { personName } from '@/lib/format/people';

const PruneDialog = onDemand(() => import('./prune-dialog'));
const SHOWN = 200;

const SOURCES: Readonly<Record<PrunePreview['source'], string>> = {
  snapshots: 'Sessions are from Flightdeck’s own daily figures.',
  apple: 'Sessions were asked of App Store Connect just now.',
  none: '',
};

/** Whom the rules name, with the reason beside each name; any of them can be taken out of the list. */
export function PruneResult({
  appId,
  appName,
  rules,
  preview,
  onIncludeBefore,
}: {
  appId: string;
  appName: string;
  rules: PruneRules;
  preview: PrunePreview;
  /** Lists also those who were here before Flightdeck was. */
  onIncludeBefore: () => void;
}) {
  const mayRun = useMay('jobs:run');
  const [kept, setKept] = useKept(`${appId} ${JSON.stringify(rules)}`);
  const [shown, setShown] = useState(SHOWN);
  const [isAsking, setAsking] = useState(false);
  const { candidates } = preview;
  const count = candidates.length - kept.size;
  const toggle = (id: string) => {
    const next = new Set(kept);
    if (!next.delete(id)) next.add(id);
    setKept(next);
  };
  const dialog = isAsking ? (
    <PruneDialog
      appName={appName}
      chosen={candidates.filter(({ testerId }) => !kept.has(testerId))}
      request={{ appId, rules, except: [...kept] }}
      onClose={() => setAsking(false)}
    />
  ) : null;
  if (candidates.length === 0) {
    return (
      <>
        <EmptyState title="These rules name nobody">
          <Kept preview={preview} onIncludeBefore={onIncludeBefore} />
        </EmptyState>
        {dialog}
      </>
    );
  }
  return (
    <>
      <Section
        title={`${formatPlural(candidates.length, 'tester matches', 'testers match')}`}
        action={
          mayRun ? (
            <Button variant="danger" disabled={count === 0} onClick={() => setAsking(true)}>
              Remove {formatPlural(count, 'tester')}
            </Button>
          ) : null
        }
      >
        <p className="text-ink-soft text-sm">
          {SOURCES[preview.source]} {formatCount(preview.keptCount)} stay.
        </p>
        <ul data-list="" aria-label="Testers the rules name" className="border-t">
          {candidates.slice(0, shown).map((tester) => (
            <CandidateRow
              key={tester.testerId}
              appId={appId}
              tester={tester}
              isKept={kept.has(tester.testerId)}
              onToggle={() => toggle(tester.testerId)}
            />
          ))}
        </ul>
        {candidates.length > shown ? (
          <Button className="mx-auto w-fit" onClick={() => setShown((before) => before + SHOWN)}>
            Show {formatCount(Math.min(SHOWN, candidates.length - shown))} more
          </Button>
        ) : null}
        <Kept preview={preview} onIncludeBefore={onIncludeBefore} />
      </Section>
      {dialog}
    </>
  );
}

/** Who was taken out of a list, kept while one of its testers is looked at. */
const keptByList = new Map<string, ReadonlySet<string>>();

function useKept(list: string) {
  const [kept, setState] = useState<ReadonlySet<string>>(() => keptByList.get(list) ?? new Set());
  const setKept = (next: ReadonlySet<string>) => {
    keptByList.set(list, next);
    setState(next);
  };
  return [kept, setKept] as const;
}

function CandidateRow({
  appId,
  tester,
  isKept,
  onToggle,
}: {
  appId: string;
  tester: PruneCandidate;
  isKept: boolean;
  onToggle: () => void;
}) {
  const base = useAppBase(appId);
  const appDevices = [{ model: tester.deviceModel, osVersion: tester.osVersion }];
  const name = personName({ ...tester, appDevices });
  return (
    <li data-list-row="" className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5 border-b text-sm">
      <label className="flex py-2.5 pr-1">
        <input
          type="checkbox"
          checked={!isKept}
          onChange={onToggle}
          aria-label={`Remove ${name}`}
          className="mt-0.5 size-4 accent-accent"
        />
      </label>
      <div className="grid gap-x-4 gap-y-0.5 py-2 sm:grid-cols-[minmax(0,3fr)_minmax(0,4fr)_minmax(0,2fr)_minmax(0,2fr)]">
        <span className="min-w-0">
          <Link
            href={testerPath(base, tester.testerId)}
            prefetch={false}
            className={`break-words font-medium hover:underline ${isKept ? 'line-through' : ''}`}
          >
            <bdi>{name}</bdi>
          </Link>
          {tester.email === null || tester.email === name ? null : (
            <bdi className="block break-words text-ink-soft">{tester.email}</bdi>
          )}
          {tester.email === null ? <span className="block text-ink-soft">No e-mail</span> : null}
        </span>
        <span className="min-w-0 text-ink-soft">{tester.reasons.join(' · ')}</span>
        <span className="min-w-0 text-ink-soft">
          <Invited tester={tester} />
        </span>
        <span className="min-w-0 text-ink-soft">
          {tester.lastSeenAt === null ? (
            'Never seen'
          ) : (
            <>
              Last seen <Time at={tester.lastSeenAt.slice(0, 10)} />
            </>
          )}
        </span>
      </div>
    </li>
  );
}

/** When the person was invited, as far as our own history knows. */
export function Invited({ tester: { invitedAt, presentBy } }: { tester: PruneCandidate }) {
  if (invitedAt !== null)
    return (
      <>
        Invited <Time at={invitedAt} />
      </>
    );
  if (presentBy === null) return 'Here before Flightdeck';
  return <>Invited on or before {formatDate(presentBy)}</>;
}

function Kept({ preview, onIncludeBefore }: { preview: PrunePreview; onIncludeBefore: () => void }) {
  const reasons = Object.entries(preview.kept).sort((a, b) => b[1] - a[1]);
  if (reasons.length === 0) return null;
  const { keptBeforeCount } = preview;
  return (
    <div className="grid gap-3">
      {keptBeforeCount > 0 ? (
        <p className="flex flex-wrap items-center gap-3 text-ink-soft text-sm">
          {formatPlural(keptBeforeCount, 'more tester meets', 'more testers meet')} the rules but{' '}
          {keptBeforeCount === 1 ? 'was' : 'were'} here before Flightdeck was, so nobody knows how new the
          invitation is.
          <Button onClick={onIncludeBefore}>List them too</Button>
        </p>
      ) : null}
      <details className="text-left text-ink-soft text-sm">
        <summary className="w-fit hover:text-ink">Why {formatCount(preview.keptCount)} stay</summary>
        <ul className="mt-2 grid gap-1 tabular-nums">
          {reasons.slice(0, 20).map(([reason, count]) => (
            <li key={reason}>
              {formatCount(count)} · {reason}
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}
