'use client';

import { useQuery } from '@tanstack/react-query';
import { ButtonLink } from '@/components/ui/button-link';
import { Progress } from '@/components/ui/progress';
import { syncOptions } from '@/lib/browser/own';
import { formatCount } from '@/lib/format/numbers';
import { typeNoun } from './sync-words';

/** How often to look while the first sync is awaited or runs, ms: people watch it. */
const WATCHED_MS = 400;

/** The first sync as it runs, with real counts, and the way on as soon as there is something to see. */
export function FirstSync() {
  const { data } = useQuery({
    ...syncOptions(),
    refetchInterval: ({ state }) =>
      state.data?.data.some((account) => account.lastSucceededAt) ? false : WATCHED_MS,
  });
  const accounts = data?.data ?? [];
  const steps = accounts.flatMap(({ accountId, progress }) =>
    Object.entries(progress ?? {}).map(([type, step]) => ({ key: `${accountId} ${type}`, type, ...step })),
  );
  const error = accounts.find((account) => account.error)?.error;
  const isDone = accounts.some((account) => account.lastSucceededAt);
  const isRunning = accounts.some(({ status }) => status === 'running');
  const isDead = accounts.some((account) => account.workerAlive === false);
  return (
    <section aria-label="First sync" className="mx-auto grid w-full max-w-md gap-4 py-8">
      <div className="grid gap-1">
        <h2 className="font-semibold text-lg">
          {isDone ? 'Your programme is here' : 'Fetching your programme'}
        </h2>
        <p className="text-ink-soft text-sm">
          {isDone
            ? 'Flightdeck keeps it fresh from now on.'
            : 'Flightdeck reads apps, groups, builds, testers and feedback once, with as few requests as possible.'}
        </p>
      </div>
      <div role="status" className="grid gap-3">
        {steps.length === 0 && !isDone ? (
          <p className="text-ink-soft text-sm">
            {isRunning
              ? 'Asking App Store Connect for apps, groups and builds.'
              : 'Waiting for the worker to begin.'}
          </p>
        ) : null}
        {steps.map(({ key, type, seen, total }) => (
          <div key={key} className="grid gap-1 text-sm">
            <div className="flex justify-between tabular-nums">
              <span>{typeNoun(type)}</span>
              <span className="text-ink-soft">
                {seen === 0 && !total ? 'asking' : formatCount(seen)}
                {total ? ` of ${formatCount(total)}` : ''}
              </span>
            </div>
            <Progress
              label={typeNoun(type)}
              done={isDone ? (total ?? seen) : seen}
              total={total ?? (isDone ? seen : null)}
            />
          </div>
        ))}
      </div>
      {error ? (
        <p role="alert" className="text-bad text-sm">
          {error}
        </p>
      ) : null}
      {isDead ? (
        <p role="alert" className="text-attention text-sm">
          The worker is not running. Start it with npm start, which runs both processes.
        </p>
      ) : null}
      <div>
        <ButtonLink href="/" variant={isDone ? 'primary' : 'secondary'} prefetch={false}>
          {isDone ? 'Open Flightdeck' : 'Look around meanwhile'}
        </ButtonLink>
      </div>
    </section>
  );
}
