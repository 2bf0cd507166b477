import { authorise, may } from '@/lib/access/policy';
import { entryOf } from '@/lib/asc/catalogue';
import { getMirror, queryMirror } from '@/lib/mirror/query';
import type { MirrorType } from '@/lib/mirror/query/facts';
import { MirrorQueryError } from '@/lib/mirror/query/types';
import { isBuried } from '@/lib/mirror/tombstones';
import { accountRow } from '../accounts/rows';
import type { Ctx } from '../ctx';
import { badParameter, notFound, type RefusedError } from '../errors';
import { programmeNow } from '../programme-time';
import { accountOf } from './account';
import type { ListQuery } from './query';
import { canReadAfresh, readAfresh } from './refresh';
import { forActor, isoOf, type ListAnswer, linksOf, type OneAnswer, sparse, withDeviceNames } from './shape';

export interface MirrorListArguments extends ListQuery {
  readonly type: MirrorType;
  readonly accountId: string | undefined;
  readonly parameters: URLSearchParams;
  /** Where this list is read, for its links. */
  readonly path: string;
  /** A to-one relationship: the only row is the answer. */
  readonly isOne?: boolean;
}

/** A page of a list from the mirror. @throws RefusedError (400) naming the parameter that is not one of the list */
export async function mirrorList(ctx: Ctx, query: MirrorListArguments): Promise<ListAnswer> {
  if (query.accountId !== undefined) await accountRow(ctx.db, query.accountId);
  const offset = query.offset === undefined ? undefined : wholeNumber('offset', query.offset);
  try {
    const isMasked = !may(ctx.actor, 'testers:identify');
    const page = await queryMirror(ctx.db, query.type, {
      ...query,
      isMasked,
      offset,
      closed: query.closed?.split(','),
      now: programmeNow(ctx),
    });
    const data = withDeviceNames(sparse(page.data, query.fields));
    const { limit } = query;
    const next = page.nextCursor;
    return forActor(ctx, {
      data: query.isOne ? ((data[0] ?? null) as never) : data,
      ...(query.include.length > 0 ? { included: sparse(page.included, query.fields) } : {}),
      links: linksOf(query.path, query.parameters, next),
      meta: {
        paging: { total: page.total, limit, ...(next === undefined ? {} : { nextCursor: next }) },
        total: page.total,
        ...(page.isTotalLowerBound ? { isTotalLowerBound: true } : {}),
        ...(page.isIncomplete ? { isIncomplete: true } : {}),
        ...(page.groups ? { groups: page.groups } : {}),
        fetchedAt: isoOf(page.fetchedAt),
        source: 'mirror' as const,
      },
    });
  } catch (error) {
    throw error instanceof MirrorQueryError ? badParameter(error.parameter, error.message) : error;
  }
}

interface MirrorOneArguments {
  readonly type: MirrorType;
  readonly id: string;
  /** Which app's row of a tester. */
  readonly appId?: string | undefined;
  readonly accountId: string | undefined;
  readonly query: Pick<ListQuery, 'include' | 'fields' | 'limits'>;
  readonly isRefresh: boolean;
}

/**
 * One resource from the mirror, read afresh when asked for or when it is not there; null when Apple has to be asked.
 * @throws RefusedError (404) when there is none
 */
export async function mirrorOne(
  ctx: Ctx,
  { type, id, appId, accountId, query, isRefresh }: MirrorOneArguments,
): Promise<OneAnswer | null> {
  const { include, fields } = query;
  const account = await accountOf(ctx, accountId, [{ type, id, appId }]);
  const read = () => mirrorDocument(ctx, account.id, { type, id, appId, query });
  let document = await read();
  if ((isRefresh || !document) && canReadAfresh(type) && may(ctx.actor, 'apple:read')) {
    await readAfresh(ctx, { accountId: account.id, type, id, appId: appId ?? document?.appId ?? null });
    document = await read();
  } else if (isRefresh) {
    authorise(ctx.actor, 'apple:read');
  }
  if (!document) {
    if (canReadAfresh(type)) throw await missing(ctx, account.id, type, id);
    return null;
  }
  const [data = null] = sparse([document.data], fields);
  return forActor(ctx, {
    data,
    ...(include.length > 0 ? { included: sparse(document.included, fields) } : {}),
    meta: {
      ...(document.isIncomplete ? { isIncomplete: true } : {}),
      fetchedAt: isoOf(document.fetchedAt),
      source: 'mirror' as const,
      accountId: document.accountId,
      appId: document.appId,
    },
  });
}

async function missing(ctx: Ctx, accountId: string, type: MirrorType, id: string): Promise<RefusedError> {
  const { one } = entryOf(type).label;
  return (await isBuried(ctx.db, accountId, type, id))
    ? notFound(`This ${one} has been deleted.`, 'FLIGHTDECK.GONE')
    : notFound(`There is no ${one} of this id.`);
}

async function mirrorDocument(
  ctx: Ctx,
  accountId: string,
  { type, id, appId, query }: Omit<MirrorOneArguments, 'accountId' | 'isRefresh'>,
) {
  const { include, limits } = query;
  try {
    return await getMirror(ctx.db, accountId, type, id, { include, limits, appId });
  } catch (error) {
    throw error instanceof MirrorQueryError ? badParameter(error.parameter, error.message) : error;
  }
}

function wholeNumber(parameter: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw badParameter(parameter, 'A whole number is needed.');
}
