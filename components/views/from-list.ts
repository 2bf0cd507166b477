/** The address of a detail with what its list was narrowed to, so that next and previous follow the list. */
export function withList(path: string, chosen: string, isAcrossApps = false): string {
  const params = new URLSearchParams(chosen);
  if (isAcrossApps) params.set('list', 'all');
  const query = params.toString();
  if (query === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}
