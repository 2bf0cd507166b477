import type { ReactNode } from 'react';
import { Name } from '@/components/ui/name';
import { Section } from '@/components/ui/section';
import type { Known } from '@/lib/browser/person';
import { formatCount } from '@/lib/format/numbers';
import { personKindWord } from '@/lib/format/person';

/** What is known, how much of it and in which apps, and what can be done about it. */
export function PersonKinds({ known: { kinds, busyJobs }, actions }: { known: Known; actions: ReactNode }) {
  return (
    <Section title="What is known" action={<div className="flex gap-2">{actions}</div>}>
      <ul className="grid divide-y border-y text-sm">
        {kinds.map(({ kind, count, apps, isApples }) => (
          <li key={kind} className="grid grid-cols-[1fr_auto] gap-x-4 py-2">
            <span className="font-medium">{personKindWord(kind)}</span>
            <span className="tabular-nums">{formatCount(count)}</span>
            <span className="text-ink-soft">
              {apps.map(({ name, count: many }, at) => (
                <span key={name}>
                  {at > 0 ? ', ' : ''}
                  <Name>{name}</Name> {formatCount(many)}
                </span>
              ))}
              {isApples ? `${apps.length > 0 ? ' · ' : ''}as App Store Connect says` : ''}
            </span>
          </li>
        ))}
      </ul>
      <p className="text-ink-soft text-sm">
        Crash logs of others are searched for the address when it is exported or erased.
      </p>
      {busyJobs.length > 0 ? (
        <p role="status" className="text-sm">
          A job that is not over is about this person:{' '}
          {busyJobs.map(({ id, title }, at) => (
            <span key={id}>
              {at > 0 ? ', ' : ''}
              <a href={`/jobs/${encodeURIComponent(id)}`} className="text-accent-ink underline">
                <Name>{title}</Name>
              </a>
            </span>
          ))}
          . Wait for it or cancel it before you erase.
        </p>
      ) : null}
    </Section>
  );
}
