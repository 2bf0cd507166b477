import type { ExpiryCandidate } from '@/lib/browser/expire-builds';
import { formatCount, formatPlural } from '@/lib/format/numbers';

const SHOWN = 200;

/** Which builds go and why, which stay though the rules name them, and what speaks for the others. */
export function ExpiryPreviewPart({
  candidates,
  kept,
  except,
  onExcept,
}: {
  candidates: readonly ExpiryCandidate[];
  kept: Readonly<Record<string, number>>;
  except: ReadonlySet<string>;
  onExcept: (ids: ReadonlySet<string>) => void;
}) {
  const going = candidates.filter(({ stays }) => stays === null);
  const staying = candidates.filter(({ stays }) => stays !== null);
  const others = Object.entries(kept).sort(([, one], [, other]) => other - one);
  const toggle = (id: string) => {
    const next = new Set(except);
    if (!next.delete(id)) next.add(id);
    onExcept(next);
  };
  return (
    <div className="grid gap-3 text-sm">
      {going.length === 0 ? (
        <p className="text-ink-soft">No build of the app meets this.</p>
      ) : (
        <ul aria-label="Builds to expire" className="grid max-h-64 divide-y overflow-auto rounded-md border">
          {going.slice(0, SHOWN).map(({ id, name, reasons }) => (
            <li key={id}>
              <label className="flex min-h-10 items-center gap-3 px-3 py-1.5 hover:bg-hover">
                <input
                  type="checkbox"
                  checked={!except.has(id)}
                  onChange={() => toggle(id)}
                  className="size-4 shrink-0 accent-accent"
                />
                <span className="min-w-0">
                  <bdi className="block font-medium">{name}</bdi>
                  <span className="block text-ink-soft">{reasons.join(' · ')}</span>
                </span>
              </label>
            </li>
          ))}
        </ul>
      )}
      {going.length > SHOWN ? (
        <p className="text-ink-soft">And {formatPlural(going.length - SHOWN, 'build')} more.</p>
      ) : null}
      {staying.length + others.length > 0 ? (
        <details>
          <summary className="cursor-pointer text-ink-soft">Why others stay</summary>
          <ul className="mt-2 grid gap-1 text-ink-soft">
            {staying.map(({ id, name, stays }) => (
              <li key={id}>
                <bdi className="font-medium text-ink">{name}</bdi> {stays?.replace(/^S/, 's')}
              </li>
            ))}
            {others.map(([reason, count]) => (
              <li key={reason}>
                {reason}: {formatCount(count)}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  );
}
