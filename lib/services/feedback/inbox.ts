import { maskEmail } from '@/lib/access/mask';
import { authorise, can, ForbiddenError, may, personId } from '@/lib/access/policy';
import { listUsers } from '@/lib/access/users';
import type { OwnList } from '@/lib/mirror/query/facts';
import { countFeedbackTabs, isTab, type TabCounts } from '@/lib/mirror/query/feedback-tabs';
import { queryMirror } from '@/lib/mirror/query/list';
import type { MirrorQuery } from '@/lib/mirror/query/types';
import { accountRow } from '../accounts/rows';
import type { Ctx } from '../ctx';
import { badParameter } from '../errors';
import { programmeNow } from '../programme-time';
import { orRefused } from '../resources/list-refusal';
import { type ListQuery, listQuery } from '../resources/query';
import { forActor, isoOf, type ListAnswer, linksOf } from '../resources/shape';
import { worded } from './title';

export type { TabCounts };

type Tabs = (appId: string | undefined) => Promise<TabCounts>;

interface Asked {
  readonly type: OwnList;
  readonly parameters: URLSearchParams;
  readonly accountId?: string | undefined;
  /** The tabs of the same list, where whoever asks counts them too: a page counts once. */
  readonly tabs?: Tabs | undefined;
}

/** A page of the inbox or of the crash issues. @throws RefusedError (400) naming the parameter that is not one of the list */
export async function listInbox(ctx: Ctx, { type, parameters, accountId, tabs }: Asked): Promise<ListAnswer> {
  authorise(ctx.actor, 'feedback:read');
  if (accountId !== undefined) await accountRow(ctx.db, accountId);
  const query = listQuery(parameters);
  const [empty] = query.empty;
  if (empty !== undefined) throw badParameter(empty, 'The value is empty.');
  if (query.include.length > 0) throw badParameter('include', 'Nothing is included here.');
  const page = await orRefused(() =>
    queryMirror(ctx.db, type, {
      ...ownQuery(ctx, query),
      limit: query.limit,
      cursor: query.cursor,
      accountId,
      counted: byTabs(tabs, query),
    }),
  );
  const next = page.nextCursor;
  return forActor(ctx, {
    data: page.data.map(worded),
    links: linksOf(`/api/${type}`, parameters, next),
    meta: {
      paging: { total: page.total, limit: query.limit, ...(next === undefined ? {} : { nextCursor: next }) },
      total: page.total,
      fetchedAt: isoOf(page.fetchedAt),
      source: 'mirror' as const,
    },
  });
}

interface Within {
  readonly type: OwnList;
  readonly appId?: string | undefined;
  readonly accountId?: string | undefined;
}

/** How many reports, or crash issues, stand under each tab of the inbox: of one app, or of all. */
export async function inboxTabs(ctx: Ctx, within: Within): Promise<TabCounts> {
  authorise(ctx.actor, 'feedback:read');
  const userId = personId(ctx.actor) ?? '';
  return countFeedbackTabs(ctx.db, { ...within, userId, now: programmeNow(ctx) });
}

/** How many rows a list has that nothing but a tab and an app narrows, by what is counted for the tabs anyway. */
function byTabs(tabs: Tabs | undefined, { filter, search, exists }: ListQuery) {
  const { view: [tab = '', ...more] = [], app = [], ...others } = filter;
  const isNarrowed = [...Object.keys(others), ...Object.keys(exists)].length > 0 || search !== undefined;
  if (!tabs || isNarrowed || !isTab(tab) || more.length > 0 || app.length > 1) return undefined;
  return async () => (await tabs(app[0]))[tab];
}

/**
 * What is asked of one of these lists, with “me” as who asks.
 * @throws ForbiddenError for who sees addresses masked and asks by one
 */
export function ownQuery(
  ctx: Ctx,
  { filter, search, sort, exists }: Pick<ListQuery, 'filter' | 'search' | 'sort' | 'exists'>,
): Omit<MirrorQuery, 'limit'> {
  const userId = personId(ctx.actor) ?? '';
  const isMasked = !may(ctx.actor, 'testers:identify');
  const mine: Record<string, readonly string[]> = {};
  for (const [name, values] of Object.entries(filter)) {
    if (isMasked && values.some((value) => value.includes('@')))
      throw new ForbiddenError(
        'testers:identify',
        'Your role sees e-mail addresses masked, so feedback cannot be filtered by them.',
      );
    const own = (value: string) => {
      if (/^(not\.)?assignee$/.test(name) && value === 'me') return userId;
      return name === 'view' && value === 'mine' ? `mine~${userId}` : value;
    };
    mine[name] = values.map(own);
  }
  return { filter: mine, search, sort, exists, isMasked, now: programmeNow(ctx) };
}

// The table of names is not for every page to carry.
/** Somebody who can be given feedback to work on. */
export interface Colleague {
  readonly id: string;
  readonly name: string;
  readonly isYou: boolean;
}

/** Everybody who may triage, by name. */
export async function colleagues(ctx: Ctx): Promise<Colleague[]> {
  authorise(ctx.actor, 'feedback:read');
  const users = await listUsers(ctx.db);
  const own = personId(ctx.actor) ?? '';
  const isMasked = !may(ctx.actor, 'testers:identify');
  return users
    .filter(({ role, disabledAt }) => disabledAt === null && can(role, 'feedback:write'))
    .map(({ id, name, email }) => ({
      id,
      name: name || (isMasked ? maskEmail(email) : email),
      isYou: id === own,
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}
