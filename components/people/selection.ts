import type { Picked, Selection } from '@/components/ui/data-table/types';
import { shownAccount } from '@/lib/browser/api';
import type { TesterSelection } from '@/lib/browser/people';
import type { AppResource, TesterResource } from '@/lib/browser/types';

/** Testers of one app to act on. */
export interface AppTarget {
  readonly appId: string;
  readonly accountId?: string;
  readonly testers: TesterSelection;
}

/**
 * What is selected in a list, app by app: a job works in one app. "Everything that matches" is told as the list's
 * filters, so that it needs no ids; within an app's pages it is of the account that they show.
 */
export function targetsOf(
  selection: Selection<TesterResource>,
  apps: readonly AppResource[],
  account: string | undefined = shownAccount(),
): AppTarget[] {
  if (!selection.isEverything) return byApp(selection.picked);
  const { filter, search } = matchingOf(selection.query);
  // Who is taken out is told app by app: one person may stand in two apps, and one app in two accounts.
  const { apps: only, 'not.apps': butNot, 'not.id': _ids, 'not.row': _rows, ...rest } = filter;
  const matching = { filter: rest, ...(search === undefined ? {} : { search }) };
  return apps
    .filter(({ id }) => (only?.includes(id) ?? true) && !butNot?.includes(id))
    .filter(({ meta }) => account === undefined || meta?.accountId === account)
    .map((app) => ({
      ...placed(app.id, app.meta?.accountId),
      testers: {
        matching,
        except: selection.except.filter((row) => isIn(row, app)).map(({ id }) => id),
      },
    }));
}

/** Whether a row is one of an app; what an older tab kept without account or app may be of any. */
function isIn({ appId, accountId }: Picked, { id, meta }: AppResource): boolean {
  return (appId ?? id) === id && (accountId ?? meta?.accountId) === meta?.accountId;
}

function byApp(rows: readonly Picked[]): AppTarget[] {
  const found = new Map<string, { accountId: string | undefined; appId: string; ids: string[] }>();
  for (const { id, appId = '', accountId } of rows) {
    const key = `${accountId} ${appId}`;
    const entry = found.get(key) ?? { accountId, appId, ids: [] };
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
