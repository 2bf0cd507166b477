/** What the activity list is narrowed by, as it stands in the address bar. */
export const ACTIVITY_FILTERS = ['q', 'about', 'status', 'actor', 'app'] as const;

export type ActivityFilters = Partial<Record<(typeof ACTIVITY_FILTERS)[number], string | null | undefined>>;

/** The query string of the activity list for what a person chose. */
export function activityQuery(state: ActivityFilters): string {
  const params = new URLSearchParams({ by: 'act' });
  for (const name of ACTIVITY_FILTERS) {
    const value = state[name];
    if (value) params.set(name, value);
  }
  return params.toString();
}
