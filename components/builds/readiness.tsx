'use client';

import { useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { useAppBase } from '@/components/shell/use-app-base';
import { useMay } from '@/components/shell/use-may';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Refusal } from '@/components/ui/error-state';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Badge, Dot } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { type ReadinessLine, readinessOptions } from '@/lib/browser/ship';
import type { BuildResource } from '@/lib/browser/types';
import { formatPlural } from '@/lib/format/numbers';
import { ourTone } from '@/lib/format/tones';

const SAID: Readonly<Record<ReadinessLine['state'], string>> = {
  ready: 'Ready',
  missing: 'Missing',
  waiting: 'Waiting',
  unknown: 'Not known: App Store Connect could not be asked',
};

/** What a build needs on its way to external testers, each line with the way to where it is mended. */
export default function Readiness({
  build,
  appId,
  isRequiredOnly = false,
}: {
  build: BuildResource;
  appId: string;
  /** Only what App Store Connect refuses a submission without. */
  isRequiredOnly?: boolean;
}) {
  const mayAsk = useMay('apple:read');
  const [isWhole, setWhole] = useState(false);
  const { data, dataUpdatedAt, error, isFetching, refetch } = useQuery({
    ...readinessOptions(build),
    enabled: mayAsk,
  });
  if (!mayAsk) return null;
  const all = (data?.data ?? []).filter(({ isRequired }) => isRequired || !isRequiredOnly);
  const open = all.filter(({ state }) => state !== 'ready');
  const shown = isWhole ? all : open;
  return (
    <Section
      title="Ready for external testers"
      action={
        data ? (
          <Button size="sm" variant="ghost" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? 'Show what is open' : `Show all ${all.length}`}
          </Button>
        ) : null
      }
    >
      {isFetching && !data ? <Skeleton className="h-16 w-full" /> : null}
      {error && !isFetching ? (
        <div className="grid justify-items-start gap-2">
          <Refusal error={error} />
          <Button size="sm" icon={<RotateCw size={14} aria-hidden />} onClick={() => void refetch()}>
            Try again
          </Button>
        </div>
      ) : null}
      {data ? (
        <p className="text-ink-soft text-sm">
          {open.length === 0
            ? 'Everything is there, '
            : `${formatPlural(open.length, 'line')} of ${all.length} open, `}
          as App Store Connect had it <Time at={new Date(dataUpdatedAt).toISOString()} />.
        </p>
      ) : null}
      {shown.length > 0 ? (
        <ul aria-label="Checklist" className="grid divide-y border-y">
          {shown.map((line) => (
            <Line key={line.id} line={line} buildId={build.id} appId={appId} />
          ))}
        </ul>
      ) : null}
    </Section>
  );
}

function Line({ line, buildId, appId }: { line: ReadinessLine; buildId: string; appId: string }) {
  const base = useAppBase(appId);
  const { state, title, words, isRequired, mend } = line;
  const way = mend ? wayTo(mend, `${base}/builds/${encodeURIComponent(buildId)}`, base) : null;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 text-sm">
      <Dot tone={ourTone(`ready.${state}`)} />
      <span className="min-w-0 flex-1 basis-56">
        <span className="font-medium">{title}</span>
        <span className="sr-only">. {SAID[state]}.</span>
        {words ? <span className="block text-pretty text-ink-soft wrap-anywhere">{words}</span> : null}
        {state === 'unknown' ? <span className="block text-ink-soft">{SAID.unknown}.</span> : null}
      </span>
      <Badge tone={ourTone(isRequired && state === 'missing' ? 'ready.missing' : 'ready.unknown')}>
        {isRequired ? 'Apple requires' : 'Advised'}
      </Badge>
      {way ? (
        <ButtonLink href={way.href} prefetch={false} size="sm" scroll={false}>
          {way.words}
        </ButtonLink>
      ) : null}
    </li>
  );
}

const DIALOGS = {
  compliance: ['compliance', 'Answer'],
  groups: ['groups', 'Add to groups'],
  notes: ['edit-notes', 'Write'],
} as const;

function wayTo(
  mend: NonNullable<ReadinessLine['mend']>,
  page: string,
  base: string,
): { readonly href: string; readonly words: string } {
  if ('dialog' in mend) {
    const [act, words] = DIALOGS[mend.dialog];
    return { href: `${page}?do=${act}`, words };
  }
  if ('page' in mend) return { href: `${base}/test-information`, words: 'Open test information' };
  if ('build' in mend)
    return { href: `${base}/builds/${encodeURIComponent(mend.build)}`, words: 'See that build' };
  return { href: `${base}/groups/${encodeURIComponent(mend.group)}`, words: 'See the group' };
}
