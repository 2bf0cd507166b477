import { queryMirror } from '@/lib/mirror/query';
import type { ResourceObject } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import { badMember, notFound } from '../errors';
import { orRefused } from '../resources/list-refusal';
import { listQuery } from '../resources/query';
import { ownQuery } from './inbox';
import type { TriageTarget } from './triage-body';

/** So many rows are read at once. */
const PAGE = 1_000;
const MOST = 20_000;

/**
 * The issues that are meant, each once.
 * @throws RefusedError 400 for none or too many, 404 for what is not here, 409 for a report that is being taken in
 */
export async function chosenIssues(ctx: Ctx, target: TriageTarget): Promise<string[]> {
  if ('issues' in target) return [...new Set(target.issues)];
  const ids =
    'reports' in target ? await ofReports(ctx, target.reports) : await matching(ctx, target.matching);
  if (ids.length === 0) throw badMember('/target', 'Nothing is chosen that can be triaged yet.');
  return [...new Set(ids)];
}

/** A report that is meant, with where it is. */
export interface ChosenReport {
  readonly id: string;
  readonly accountId: string;
  readonly appId: string;
  readonly issueId: string | null;
}

/** The reports that are meant. @throws RefusedError 400 for none, too many, or issues, 404 for what is not here */
export async function chosenReports(ctx: Ctx, target: TriageTarget): Promise<ChosenReport[]> {
  if ('reports' in target) return foundReports(ctx, target.reports);
  if (!('matching' in target) || target.matching.type !== 'feedback')
    throw badMember('/target', 'Choose reports.');
  const found = (await allMatching(ctx, target.matching)).map(({ id, attributes, meta }) => ({
    ...{ id, accountId: String(meta?.accountId), appId: String(meta?.appId) },
    issueId: typeof attributes?.issueId === 'string' ? attributes.issueId : null,
  }));
  if (found.length === 0) throw badMember('/target', 'No report is chosen.');
  return found;
}

async function ofReports(
  ctx: Ctx,
  reports: readonly { readonly id: string; readonly accountId?: string }[],
): Promise<string[]> {
  return (await foundReports(ctx, reports)).flatMap(({ issueId }) => issueId ?? []);
}

async function foundReports(
  { db }: Ctx,
  reports: readonly { readonly id: string; readonly accountId?: string }[],
): Promise<ChosenReport[]> {
  const rows = await db.read(
    db.build
      .selectFrom('feedback')
      .select(['id', 'accountId', 'appId', 'issueId'])
      .where(({ ref }) =>
        db.dialect.among(
          ref('id'),
          reports.map(({ id }) => id),
        ),
      ),
  );
  const wanted = new Map(reports.map(({ id, accountId }) => [id, accountId]));
  const meant = rows.filter(({ id, accountId }) => (wanted.get(id) ?? accountId) === accountId);
  if (meant.length === 0) throw notFound('There is no such report, or it has not been synced yet.');
  return meant;
}

async function matching(ctx: Ctx, wanted: Matching): Promise<string[]> {
  const rows = await allMatching(ctx, wanted);
  return rows.flatMap(({ id, attributes }) => {
    const issueId = wanted.type === 'issues' ? id : attributes?.issueId;
    return typeof issueId === 'string' ? [issueId] : [];
  });
}

type Matching = Extract<TriageTarget, { readonly matching: unknown }>['matching'];

/** Everything that a list matches, in its order. @throws RefusedError 400 for more than 20,000 */
export async function allMatching(ctx: Ctx, { type, query }: Matching): Promise<ResourceObject[]> {
  const parameters = new URLSearchParams(query);
  for (const name of ['limit', 'cursor', 'include', 'sort']) parameters.delete(name);
  const asked = ownQuery(ctx, listQuery(parameters));
  const rows: ResourceObject[] = [];
  let cursor: string | undefined;
  do {
    const page = await orRefused(() => queryMirror(ctx.db, type, { ...asked, limit: PAGE, cursor }));
    if (page.total > MOST)
      throw badMember('/target', 'These are more than 20,000. Narrow the list with filters first.');
    rows.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return rows;
}
