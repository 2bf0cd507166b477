import { State } from '@/components/programme/state';
import { Section } from '@/components/ui/section';
import { Time } from '@/components/ui/time';
import type { BuildResource } from '@/lib/browser/types';
import { label } from '@/lib/format/labels';
import { formatBytes } from '@/lib/format/numbers';

/** Where a build stands, and how long it lasts. */
export function BuildFacts({ build }: { build: BuildResource }) {
  const { attributes, meta } = build;
  const facts = [
    ['External testing', <State key="e" value={meta?.externalBuildState} />],
    ['Internal testing', <State key="i" value={meta?.internalBuildState} />],
    ['Processing', <State key="p" value={attributes?.processingState} />],
    ...(meta?.betaReviewState
      ? [['Beta review', <State key="r" value={meta.betaReviewState} />] as const]
      : []),
    ['Uploaded', <Time key="u" at={attributes?.uploadedDate} />],
    ['Expires', <Time key="x" at={attributes?.expirationDate} isInDays />],
    ['Needs at least', attributes?.minOsVersion ?? '–'],
    ...(meta?.installBytes == null
      ? []
      : [['Install size', `up to ${formatBytes(meta.installBytes)}`] as const]),
    ['Audience', attributes?.buildAudienceType ? label(attributes.buildAudienceType) : '–'],
  ] as const;
  return (
    <Section title="State">
      <dl className="grid text-sm">
        {facts.map(([term, value]) => (
          <div key={term} className="flex min-h-8 items-center justify-between gap-4">
            <dt className="text-ink-soft">{term}</dt>
            <dd className="text-right">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
