'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useMay } from '@/components/shell/use-may';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Section } from '@/components/ui/section';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { personName } from '@/lib/format/people';
import type { PruneCandidate, PrunePreview, PruneRules } from '@/lib/query/people';

const PruneDialog = dynamic(() => import('./prune-dialog'), { ssr: false });
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
}: {
  appId: string;
  appName: string;
  rules: PruneRules;
  preview: PrunePreview;
}) {
  const mayRun = useMay('jobs:run');
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState(SHOWN);
  const [isAsking, setAsking] = useState(false);
  const { candidates } = preview;
  const count = candidates.length - kept.size;
  const toggle = (id: string) =>
    setKept((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  // Whoever was written to is known from now on: the list may empty itself while its dialog is still open.
  const dialog = isAsking ? (
    <PruneDialog
      appName={appName}
      count={count}
      request={{ appId, rules, except: [...kept] }}
      onClose={() => setAsking(false)}
    />
  ) : null;
  if (candidates.length === 0) {
    return (
      <>
        <EmptyState title="These rules name nobody">
          <Kept preview={preview} />
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
        <ul aria-label="Testers the rules name" className="border-t">
          {candidates.slice(0, shown).map((tester) => (
            <CandidateRow
              key={tester.testerId}
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
        <Kept preview={preview} />
      </Section>
      {dialog}
    </>
  );
}

function CandidateRow({
  tester,
  isKept,
  onToggle,
}: {
  tester: PruneCandidate;
  isKept: boolean;
  onToggle: () => void;
}) {
  const name = personName(tester);
  return (
    <li className="border-b text-sm">
      <label className="grid gap-x-4 gap-y-0.5 py-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_minmax(0,2fr)]">
        <span className="flex min-w-0 gap-2.5">
          <input
            type="checkbox"
            checked={!isKept}
            onChange={onToggle}
            aria-label={`Remove ${name}`}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <bdi className={`min-w-0 break-words font-medium ${isKept ? 'line-through' : ''}`}>{name}</bdi>
        </span>
        <bdi className="min-w-0 break-words text-ink-soft">{tester.email ?? 'No e-mail'}</bdi>
        <span className="min-w-0 text-ink-soft">{tester.reasons.join(' · ')}</span>
      </label>
    </li>
  );
}

function Kept({ preview }: { preview: PrunePreview }) {
  const reasons = Object.entries(preview.kept).sort((a, b) => b[1] - a[1]);
  if (reasons.length === 0) return null;
  return (
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
  );
}
