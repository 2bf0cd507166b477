import { Section } from '@/components/ui/section';
import { Time } from '@/components/ui/time';
import type { ErasureView } from '@/lib/browser/person';
import { formatCount } from '@/lib/format/numbers';
import { personKindWord } from '@/lib/format/person';

/** What was erased here, or is being erased. */
export function PersonErasures({ erasures }: { erasures: readonly ErasureView[] }) {
  if (erasures.length === 0) return null;
  return (
    <Section title="Erased">
      <ul className="grid gap-3 text-sm">
        {erasures.map(({ id, state, trouble, found, erased, createdAt, finishedAt }) => (
          <li key={id} className="rounded-md border px-3 py-2">
            {state === 'running' ? (
              <p role="status">
                Being erased since <Time at={createdAt} />. {trouble}
              </p>
            ) : (
              <p>
                Erased <Time at={finishedAt ?? createdAt} />.
              </p>
            )}
            <p className="text-ink-soft">
              {Object.entries(found)
                .map(
                  ([kind, count]) =>
                    `${personKindWord(kind)}: ${state === 'running' ? formatCount(count) : `${formatCount(erased[kind] ?? 0)} of ${formatCount(count)}`}`,
                )
                .join(' · ')}
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
