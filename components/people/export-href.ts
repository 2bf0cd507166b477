import { shownAccount } from '@/lib/browser/api';

/**
 * Where a list is downloaded as a file; `query` is the list's own query string, all its pages are meant. `confirm` is
 * how many testers, which the server wants typed.
 */
export function exportHref(
  type: 'betaTesters' | 'betaGroups' | 'builds',
  query: string,
  format: 'csv' | 'json',
  confirm?: number,
): string {
  const given = new URLSearchParams(query);
  const params = new URLSearchParams({ type, format });
  for (const [name, value] of given) {
    if (name === 'search' || name.startsWith('filter[')) params.append(name, value);
  }
  // A downloaded file carries no headers.
  const account = shownAccount();
  if (account !== undefined) params.set('account', account);
  if (confirm !== undefined) params.set('confirm', String(confirm));
  return `/api/people/export?${params}`;
}
