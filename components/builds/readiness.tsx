'use client';

import { useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { useAppBase } from '@/components/shell/use-app-base';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Refusal } from '@/components/ui/error-state';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Badge, Dot } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { type ReadinessLine, readinessOptions } from '@/lib/browser/ship';
import type { BuildResource } from '@/lib/browser/types';
import { formatPlural } from '@/lib/format/numbers';
import { ourTone } from '@/lib/format/tones';

const MendPanel = onDemand(() => import('./mend-panel'));

const SAID: Readonly<Record<ReadinessLine['state'], string>> = {
  ready: 'Ready',
  missing: 'Missing',
  waiting: 'Waiting',
  unknown: 'Not known: App Store Connect could not be asked',
};

/** What a build needs on its way to external testers, each line with the panel in which it is mended. */
export default function Readiness({
  build,
  appId,
  isRequiredOnly = false,
  onAnswered,
}: {
  build: BuildResource;
  appId: string;
  /** Only what App Store Connect refuses a submission without. */
  isRequiredOnly?: boolean;
  /** Export compliance was answered here: Apple's states follow late. */
  onAnswered?: () => void;
}) {
  const mayAsk = useMay('apple:read');
  const mayWrite = useMay('programme:write');
  const [isWhole, setWhole] = useState(false);
  const [mending, setMending] = useState<ReadinessLine | null>(null);
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
            <Line
              key={line.id}
              line={line}
              appId={appId}
              onMend={mayWrite ? () => setMending(line) : undefined}
            />
          ))}
        </ul>
      ) : null}
      {mending?.mend ? (
        <MendPanel
          mend={mending.mend}
          build={build}
          appId={appId}
          onAnswered={onAnswered}
          onClose={() => {
            setMending(null);
            void refetch();
          }}
        />
      ) : null}
    </Section>
  );
}

function Line({
  line: { state, title, words, isRequired, mend },
  appId,
  onMend,
}: {
  line: ReadinessLine;
  appId: string;
  /** Opens what mends it; absent for whoever may not. */
  onMend: (() => void) | undefined;
}) {
  const base = useAppBase(appId);
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
      {mend && 'build' in mend ? (
        <ButtonLink href={`${base}/builds/${encodeURIComponent(mend.build)}`} prefetch={false} size="sm">
          See that build
        </ButtonLink>
      ) : mend && onMend ? (
        <Button size="sm" aria-label={`${verbOf(mend)}: ${title}`} onClick={onMend}>
          {verbOf(mend)}
        </Button>
      ) : null}
    </li>
  );
}

const VERBS = {
  ...{ compliance: 'Answer', groups: 'Add to groups', notes: 'Write' },
  ...{ languages: 'Fill in', contact: 'Fill in', demo: 'Fill in', licence: 'Write' },
} as const;

function verbOf(mend: NonNullable<ReadinessLine['mend']>): string {
  if ('dialog' in mend) return VERBS[mend.dialog];
  return 'information' in mend ? VERBS[mend.information] : 'See the link';
}
