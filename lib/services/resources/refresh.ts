import { entryOf } from '@/lib/asc/catalogue';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { isAscError } from '@/lib/asc/errors';
import { isOffered, relationshipOf } from '@/lib/asc/operations';
import type { AscQuery } from '@/lib/asc/query-types';
import type { ManyDocument, OneDocument } from '@/lib/asc/types';
import { evictStatements } from '@/lib/mirror/evict';
import { type Inlined, withInlined } from '@/lib/mirror/inlined';
import type { ResourceObject } from '@/lib/mirror/resource';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Ctx } from '../ctx';
import { noteHealth } from './health';
import { isHeld, mirrored } from './mirrored';

export interface Which {
  readonly accountId: string;
  readonly type: ResourceType;
  readonly id: string;
  readonly appId: string | null;
}

/** Types of which Apple tells some facts only within one app, by the filter that names it. */
const APP_SCOPED: Partial<Record<ResourceType, string>> = { betaTesters: 'apps' };

/** What is inlined below and may be empty. */
const MAY_BE_EMPTY: Partial<Record<ResourceType, Inlined>> = {
  betaGroups: { betaRecruitmentCriteria: null },
};

/**
 * Reads one resource of the mirror afresh from Apple with what belongs to it.
 * @returns whether it is there now; @throws AscError when Apple cannot be asked
 */
export async function readAfresh(ctx: Ctx, which: Which): Promise<boolean> {
  const { accountId, appId } = which;
  const fetchedAt = ctx.clock.now();
  try {
    const { data, included } = await ask(ctx, which);
    noteHealth(ctx, accountId, null);
    if (data === null) return await forgotten(ctx, which);
    const scope = appId === null ? {} : { appId };
    const resources = withInlined([data], MAY_BE_EMPTY[which.type] ?? {});
    await ctx.db.write(
      upsertStatements({ accountId, resources, included, fetchedAt, source: 'read', ...scope }),
    );
    return true;
  } catch (error) {
    noteHealth(ctx, accountId, error);
    if (!(isAscError(error) && error.is('not_found'))) throw error;
    return await forgotten(ctx, which);
  }
}

// Only what was here leaves a trace: anybody may ask for an id that never existed.
async function forgotten(ctx: Ctx, { accountId, type, id, appId }: Which): Promise<false> {
  if (mirrored(ctx.db, accountId, type, id) === null) return false;
  const scope = appId === null ? {} : { appId };
  await ctx.db.write(evictStatements({ accountId, type, ids: [id], at: ctx.clock.now(), ...scope }));
  return false;
}

/** The same for what a write has changed along: when it cannot be read now, the next sync will. */
export async function refreshResource(ctx: Ctx, which: Which): Promise<void> {
  try {
    await readAfresh(ctx, which);
  } catch (error) {
    ctx.log.warn({ requestId: ctx.requestId, type: which.type, err: error }, 'not read again after a change');
  }
}

async function ask(
  ctx: Ctx,
  { accountId, type, id, appId }: Which,
): Promise<{ data: ResourceObject | null; included: readonly ResourceObject[] }> {
  const asc = await ctx.ascFor(accountId);
  const scope = APP_SCOPED[type];
  if (scope !== undefined && appId !== null) {
    const query: AscQuery = {
      filter: { id, [scope]: appId },
      include: mirroredIncludes(type),
      limit: { page: 1 },
    };
    const { document } = await asc.perform({ type, operation: 'list', query });
    const { data, included = [] } = document as ManyDocument<ResourceObject>;
    return { data: data[0] ?? null, included: included as ResourceObject[] };
  }
  const query: AscQuery = { include: mirroredIncludes(type) };
  const { document } = await asc.perform({ type, operation: 'get', id, query });
  const { data, included = [] } = document as OneDocument<ResourceObject>;
  return { data, included: included as ResourceObject[] };
}

/** The includes that fill tables of the mirror; to-many lists of people are left to the sync. */
function mirroredIncludes(type: ResourceType): string[] {
  return entryOf(type).include.filter((name) => {
    const target = relationshipOf(type, name)?.target;
    return target !== undefined && target !== 'apps' && target !== 'betaTesters' && isHeld(target);
  });
}

/** Whether a single resource of this type can be read afresh into the mirror. */
export function canReadAfresh(type: ResourceType): boolean {
  return entryOf(type).cache === 'mirror' && isOffered({ type, operation: 'get' });
}
