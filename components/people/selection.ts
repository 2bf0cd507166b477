import type { Selection } from '@/components/ui/data-table/types';
import type { TesterSelection } from '@/lib/query/people';
import type { AppResource, TesterResource } from '@/lib/query/types';

/** Testers of one app to act on. */
export interface AppTarget {
  readonly appId: string;
  readonly accountId?: string;
  readonly testers: TesterSelection;
}

/**
 * What is selected in a list, app by app: a job works in one app. "Everything that matches" is told as the list's
 * filters, so that it needs no ids.
 */
export function targetsOf(selection: Selection<TesterResource>, apps: readonly AppResource[]): AppTarget[] {
  if (!selection.isEverything) return byApp(selection.rows);
  const { filter, search } = matchingOf(selection.query);
  const { apps: only, ...rest } = filter;
  const testers = { matching: { filter: rest, ...(search === undefined ? {} : { search }) } };
  return apps
    .filter(({ id }) => only === undefined || only.includes(id))
    .map((app) => ({ ...placed(app.id, app.meta?.accountId), testers }));
}

function byApp(rows: readonly TesterResource[]): AppTarget[] {
  const found = new Map<string, { accountId: string | undefined; appId: string; ids: string[] }>();
  for (const { id, meta } of rows) {
    const appId = meta?.appId ?? '';
    const key = `${meta?.accountId} ${appId}`;
    const entry = found.get(key) ?? { accountId: meta?.accountId, appId, ids: [] };
    entry.ids.push(id);
    found.set(key, entry);
  }
  return [...found.values()].map(({ accountId, appId, ids }) => ({
    ...placed(appId, accountId),
    testers: { ids },
  }));
}

function placed(appId: string, accountId: string | undefined): { appId: string; accountId?: string } {
  return accountId === undefined ? { appId } : { appId, accountId };
}

/** The filters and the search of a list's query string. */
export function matchingOf(query: string): { filter: Record<string, string[]>; search?: string } {
  const params = new URLSearchParams(query);
  const filter: Record<string, string[]> = {};
  for (const [name, value] of params) {
    const [, filtered] = /^filter\[(.+)\]$/.exec(name) ?? [];
    if (filtered) filter[filtered] = value.split(',');
  }
  const search = params.get('search');
  return search === null ? { filter } : { filter, search };
}
