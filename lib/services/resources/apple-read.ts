import { ForbiddenError, may } from '@/lib/access/policy';
import { entryOf, isResourceType } from '@/lib/asc/catalogue';
import type { TargetType } from '@/lib/asc/catalogue/types';
import { type AscError, isAscError } from '@/lib/asc/errors';
import { type OperationAddress, pathOf, type ReadOperation, relationshipOf } from '@/lib/asc/operations';
import { buildQuery } from '@/lib/asc/query';
import type { AscQuery } from '@/lib/asc/query-types';
import { accountRow } from '../accounts/rows';
import type { Ctx } from '../ctx';
import { noteHealth } from './health';
import { answerKey, type KeptAnswer, keepStatements, keptAnswer } from './responses';

/** A kept answer younger than this is given without asking Apple, ms. */
const FRESH_MS = 60_000;

export interface AppleRead {
  readonly address: OperationAddress<ReadOperation>;
  readonly accountId: string;
  readonly id?: string;
  readonly query: AscQuery;
  /** Ask Apple even though a fresh answer is kept. */
  readonly isRefresh: boolean;
  /** Apple's cursor of a further page. */
  readonly cursor?: string;
}

export interface AppleAnswer extends KeptAnswer {
  readonly stale: boolean;
}

/**
 * A read through Apple. Answers are kept: a fresh one spares a request, and when Apple cannot be asked the last known
 * one is given, marked stale. What is live is never kept. Viewers cause no request.
 * @throws AscError when Apple refuses, or cannot be asked and nothing is known
 */
export async function readApple(ctx: Ctx, read: AppleRead): Promise<AppleAnswer> {
  const isKept = isKeepable(read.address);
  const key = answerKey(read.address, read.id, read.query, read.cursor);
  const known = isKept ? await keptAnswer(ctx.db, read.accountId, key) : null;
  if (known && !read.isRefresh && ctx.clock.now() - known.fetchedAt < FRESH_MS)
    return { ...known, stale: false };
  if (!may(ctx.actor, 'apple:read')) {
    if (known) return { ...known, stale: true };
    throw new ForbiddenError(
      'apple:read',
      'Nobody has looked at this yet, and your role may not ask App Store Connect. Ask a colleague to open it once.',
    );
  }
  try {
    const fetchedAt = ctx.clock.now();
    const document = await ask(ctx, read);
    await noteHealth(ctx, read.accountId, null);
    if (isKept) await keep(ctx, read, key, { document, fetchedAt });
    return { document, fetchedAt, stale: false };
  } catch (error) {
    await noteHealth(ctx, read.accountId, error);
    if (known && isOutage(error)) return { ...known, stale: true };
    throw error;
  }
}

async function ask(ctx: Ctx, read: AppleRead): Promise<unknown> {
  const { address, accountId, id, query, cursor } = read;
  const asc = await ctx.ascFor(accountId);
  if (cursor !== undefined) {
    const url = await pageUrl(ctx, read);
    // Entries of figures have neither type nor id.
    const page = address.operation === 'metrics' ? asc.figuresFrom(url) : asc.pageFrom(address.type, url);
    return (await page).document;
  }
  const answer = await asc.perform({ ...address, query, ...(id === undefined ? {} : { id }) });
  return answer.document;
}

/** Names that a cursor may not bring along: what they say was checked with the request. */
const CHECKED = /^(filter|exists|fields|limit|sort|include|period|groupBy)\b/;
/** Marks a cursor of ours that holds Apple's parameters where Apple's own is not called `cursor`. */
const PACKED = 'p~';
/** Begins every cursor of a list that Apple answers, so that its next page is asked of Apple as well. */
const LIVE = 'l~';

/** Whether a cursor belongs to a list that Apple answered. */
export function isLiveCursor(cursor: string | undefined): boolean {
  return cursor?.startsWith(LIVE) === true;
}

/** The cursor for the page after; undefined on the last one. */
export function cursorOf(query: AscQuery, nextUrl: string | undefined): string | undefined {
  if (nextUrl === undefined || !URL.canParse(nextUrl, 'https://host.invalid')) return undefined;
  const { searchParams } = new URL(nextUrl, 'https://host.invalid');
  const cursor = searchParams.get('cursor');
  if (cursor !== null && !cursor.startsWith(PACKED)) return LIVE + cursor;
  const own = new URLSearchParams(buildQuery(query));
  const more = [...searchParams].filter(([name]) => !own.has(name) && !CHECKED.test(name));
  return more.length === 0
    ? undefined
    : LIVE + PACKED + Buffer.from(new URLSearchParams(more).toString()).toString('base64url');
}

// Rebuilt from what was checked, never taken from the caller: a cursor cannot lead to another resource or host.
async function pageUrl(ctx: Ctx, { address, accountId, id, query, cursor = '' }: AppleRead): Promise<string> {
  const path = pathOf(address, id ?? '');
  const search = [buildQuery(query), cursorQuery(cursor)].filter((part) => part !== '');
  return `${(await accountRow(ctx.db, accountId)).baseUrl}${path}?${search.join('&')}`;
}

function cursorQuery(given: string): string {
  const cursor = isLiveCursor(given) ? given.slice(LIVE.length) : given;
  if (!cursor.startsWith(PACKED)) return `cursor=${encodeURIComponent(cursor)}`;
  const text = Buffer.from(cursor.slice(PACKED.length), 'base64url').toString();
  const allowed = [...new URLSearchParams(text)].filter(([name]) => !CHECKED.test(name));
  return new URLSearchParams(allowed).toString();
}

async function keep(
  ctx: Ctx,
  { accountId, address }: AppleRead,
  key: string,
  answer: KeptAnswer,
): Promise<void> {
  try {
    await ctx.db.write(keepStatements(ctx.db, accountId, address, key, answer), { patienceMs: 500 });
  } catch (error) {
    // Reads go on when the disk is full or the store is locked.
    ctx.log.warn({ requestId: ctx.requestId, err: error }, 'answer not kept');
  }
}

/**
 * Live types are never kept; a related read is as live as what it answers with. Nor is what testers say: it has tables of
 * its own, out of which a person may have been erased.
 */
function isKeepable({ type, operation, name = '' }: OperationAddress): boolean {
  const target = operation === 'related' ? relationshipOf(type, name)?.target : type;
  return target === undefined || !(isLive(target) || isFeedback(target));
}

function isFeedback(type: TargetType): boolean {
  return isResourceType(type) && entryOf(type).permission.read === 'feedback:read';
}

function isLive(type: TargetType): boolean {
  return isResourceType(type) && entryOf(type).cache === 'live';
}

const OUTAGES: readonly AscError['kind'][] = [
  'network',
  'timeout',
  'server',
  'intermediary',
  'breaker_open',
  'rate_limited',
  'unauthorized',
  'bad_credential',
  'clock_skew',
  'agreement_missing',
  'malformed_response',
];

/** Whether Apple could not be asked, as opposed to having refused. */
export function isOutage(error: unknown): error is AscError {
  return isAscError(error) && OUTAGES.includes(error.kind);
}
