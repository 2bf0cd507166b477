import { ChevronRight, TrendingDown, TrendingUp } from 'lucide-react';
import { useState } from 'react';
import { onDemand } from '@/components/ui/on-demand';
import type { Signature } from '@/lib/browser/diagnostics';
import { label } from '@/lib/format/labels';
import { formatFigure } from '@/lib/format/numbers';

const SignatureLogs = onDemand(() => import('./signature-logs'));

/** The signatures of a build by kind, heaviest first; each opens into its logs. */
export function SignatureList({
  signatures,
  accountId,
}: {
  signatures: readonly Signature[];
  accountId: string | undefined;
}) {
  if (signatures.length === 0)
    return (
      <p className="text-ink-soft text-sm">
        None is told. App Store Connect gathers them of builds that many people use, and only from devices
        whose owners share them.
      </p>
    );
  const kinds = [...new Set(signatures.map(({ attributes }) => attributes?.diagnosticType ?? ''))];
  return (
    <div className="grid gap-4">
      {kinds.map((kind) => (
        <div key={kind} className="grid gap-1">
          <h4 className="text-ink-soft text-sm">{kind === '' ? 'Of no kind that is told' : label(kind)}</h4>
          <ul className="grid divide-y border-y text-sm">
            {signatures
              .filter(({ attributes }) => (attributes?.diagnosticType ?? '') === kind)
              .toSorted((one, other) => weightOf(other) - weightOf(one))
              .map((signature) => (
                <Row key={signature.id} signature={signature} accountId={accountId} />
              ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

const weightOf = ({ attributes }: Signature) => attributes?.weight ?? -1;

function Row({ signature, accountId }: { signature: Signature; accountId: string | undefined }) {
  const [isOpen, setOpen] = useState(false);
  const { signature: name, weight, insight } = signature.attributes ?? {};
  return (
    <li>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex min-h-10 w-full flex-wrap items-center gap-x-3 gap-y-0.5 rounded-sm py-1.5 text-left hover:bg-hover"
      >
        <ChevronRight size={14} aria-hidden className={isOpen ? 'shrink-0 rotate-90' : 'shrink-0'} />
        <code className="wrap-anywhere min-w-0 flex-1 basis-48 font-mono text-xs">
          <bdi>{name ?? 'Unnamed'}</bdi>
        </code>
        <span className="text-ink-soft">
          <Trend insight={insight} /> Weight {weight == null ? 'not told' : formatFigure(weight)}
        </span>
      </button>
      {isOpen ? <SignatureLogs of={{ id: signature.id, accountId }} name={name ?? 'a signature'} /> : null}
    </li>
  );
}

/** Whether it has become more or less than in the versions Apple compares it with. */
function Trend({ insight }: { insight: NonNullable<Signature['attributes']>['insight'] }) {
  const isUp = insight?.direction === 'UP';
  if (!isUp && insight?.direction !== 'DOWN') return null;
  const Icon = isUp ? TrendingUp : TrendingDown;
  const before = (insight?.referenceVersions ?? []).map(
    ({ version, value }) =>
      `${version ?? 'a version that is not told'}: ${value === undefined ? 'not told' : formatFigure(value)}`,
  );
  return (
    <span className={isUp ? 'text-bad' : 'text-good'}>
      <Icon size={14} aria-hidden className="inline align-text-bottom" /> {isUp ? 'More' : 'Less'} than before
      {before.length > 0 ? <span className="text-ink-soft"> ({before.join(', ')})</span> : null}
      <span className="text-ink-soft"> ·</span>
    </span>
  );
}
