/** The query string of the activity list for what a person chose. */
export function activityQuery(state: {
  status?: string | null | undefined;
  type?: string | null | undefined;
}): string {
  const params = new URLSearchParams();
  if (state.status) params.set('status', state.status);
  if (state.type) params.set('type', state.type);
  return params.toString();
}
