import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { type Job, jobsOptions } from '@/lib/browser/jobs';
import type { BuildResource } from '@/lib/browser/types';
import type { ShipChoices } from './ship-choices';

/** Takes over what another build of the app was shipped by: each ship is the template of the next one. */
export function LastShip({
  build,
  appId,
  onTake,
}: {
  build: BuildResource;
  appId: string;
  onTake: (choices: Partial<ShipChoices>) => void;
}) {
  const account = build.meta?.accountId;
  const query = `kind=ship&app=${encodeURIComponent(appId)}${account ? `&account=${encodeURIComponent(account)}` : ''}&limit=30`;
  const jobs = useInfiniteQuery(jobsOptions(query)).data?.pages.flatMap(({ data }) => data) ?? [];
  const last = jobs.find((job) => choicesOf(job, build.id) !== null);
  const choices = last && choicesOf(last, build.id);
  if (!last || !choices) return null;
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-sm">
      <p className="min-w-0 text-ink-soft wrap-anywhere">
        Last time: <bdi className="text-ink">{last.title}</bdi>
      </p>
      <Button size="sm" onClick={() => onTake(choices)}>
        Choose the same
      </Button>
    </div>
  );
}

/** What a job was begun with; null of dry runs, of this build’s own and of older versions of Flightdeck. */
function choicesOf({ params }: Job, buildId: string): Partial<ShipChoices> | null {
  const known = params as {
    buildId?: string;
    groupIds?: readonly string[];
    isDryRun?: boolean;
    choices?: { submit: boolean; notify: string };
  } | null;
  if (!known?.choices || known.isDryRun || known.buildId === buildId) return null;
  const { submit, notify } = known.choices;
  return {
    groups: known.groupIds ?? [],
    submit,
    telling: notify === 'now' || notify === 'none' ? notify : 'time',
  };
}
