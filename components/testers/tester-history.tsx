import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import type { TesterPage } from '@/lib/browser/testers';
import { changeWords, eventWords } from './history-words';

interface Line {
  readonly key: string;
  readonly at: string;
  readonly words: string;
  readonly by: string | null;
  readonly problem: string | null;
}

/** What happened to a tester: what sync saw, what jobs did, and who changed what; newest first. */
export function TesterHistory({ own }: { own: TesterPage | undefined }) {
  if (!own) {
    return (
      <Section title="History">
        <Skeleton className="h-24" />
      </Section>
    );
  }
  const lines = linesOf(own);
  return (
    <Section title="History">
      {lines.length === 0 ? (
        <p className="text-ink-soft text-sm">
          Nothing yet. Changes of state seen by sync, invitations and changes made here are kept from now on.
        </p>
      ) : null}
      <ol aria-label="History" className="grid">
        {lines.map((line) => (
          <li key={line.key} className="flex items-baseline justify-between gap-4 border-b py-2 text-sm">
            <span className="min-w-0 break-words">
              {line.words}
              {line.by ? (
                <span className="text-ink-soft">
                  {' '}
                  by <bdi>{line.by}</bdi>
                </span>
              ) : null}
              {line.problem ? <span className="block text-bad">{line.problem}</span> : null}
            </span>
            <Time at={line.at} className="shrink-0 text-ink-soft" />
          </li>
        ))}
      </ol>
    </Section>
  );
}

function linesOf({ events, changes }: TesterPage): readonly Line[] {
  const seen = events.map((event, index) => ({
    key: `event ${event.at} ${index}`,
    at: event.at,
    words: eventWords(event),
    by: null,
    problem: null,
  }));
  const made = changes.map((change) => ({
    key: change.id,
    at: change.at,
    words: changeWords(change),
    by: change.actorEmail,
    problem: change.status === 'failed' ? (change.detail ?? 'Refused') : null,
  }));
  return [...seen, ...made].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
