import type { ShownOperation } from '@/lib/browser/programme-file';

/** Longer texts are folded away. */
const SHORT = 60;

/** What each member of a thing becomes. */
export function Changes({ kind, changes }: Pick<ShownOperation, 'kind' | 'changes'>) {
  if (changes.length === 0) return null;
  // What is made was nothing before.
  const isNew = kind === 'create';
  return (
    <dl className="grid gap-x-4 gap-y-1 text-ink-soft sm:grid-cols-[minmax(9rem,auto)_minmax(0,1fr)]">
      {changes.map(({ label, from, to }) => (
        <div key={label} className="contents">
          <dt>{label}</dt>
          <dd className="min-w-0 wrap-anywhere">
            {from === null && to === null ? (
              'is changed; it is about a person, so it is not shown'
            ) : (
              <>
                {isNew ? null : (
                  <>
                    <Value text={from} /> <span aria-hidden>→</span>
                    <span className="sr-only">becomes</span>{' '}
                  </>
                )}
                <Value text={to} />
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ text }: { text: string | null }) {
  if (text === null) return <span className="italic">nothing</span>;
  if (text.length <= SHORT && !text.includes('\n')) return <bdi className="text-ink">{text}</bdi>;
  return (
    <details className="inline-block max-w-full align-top open:block">
      <summary className="w-fit cursor-pointer text-ink">
        <bdi>{`${text.slice(0, SHORT).replace(/\s+/g, ' ')}…`}</bdi>
      </summary>
      <blockquote dir="auto" className="whitespace-pre-line border-s-2 ps-3 text-ink">
        {text}
      </blockquote>
    </details>
  );
}
