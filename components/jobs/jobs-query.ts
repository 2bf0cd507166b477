/** The groups of states a person looks at. */
export const JOB_FILTERS = ['open', 'paused', 'ended'] as const;

const STATUSES: Readonly<Record<(typeof JOB_FILTERS)[number], string>> = {
  open: 'queued,running',
  paused: 'paused,parked',
  ended: 'done,failed,cancelled',
};

/** What the list of jobs asks of the API. */
export function jobsQuery(filter: (typeof JOB_FILTERS)[number] | null): string {
  return filter === null ? 'limit=30' : `status=${STATUSES[filter]}&limit=30`;
}

/** Jobs as listed, but those that need somebody before all others. */
export function needyFirst<T extends { readonly id: string }>(jobs: readonly T[], needy: readonly T[]): T[] {
  const first = new Set(needy.map(({ id }) => id));
  return [...needy, ...jobs.filter(({ id }) => !first.has(id))];
}
