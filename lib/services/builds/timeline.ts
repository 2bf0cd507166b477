import { authorise, may } from '@/lib/access/policy';
import { buildEvents } from '@/lib/history/build-events';
import { resolveAccount } from '@/lib/mirror/query';
import { shape } from '@/lib/store/shape';
import { type ActivityEntry, listActivity } from '../activity';
import type { Ctx } from '../ctx';
import { notFound } from '../errors';
import type { Part } from '../history/parts';
import { programmeNow } from '../programme-time';

/** One thing that happened to a build; instants as ISO text. */
export type BuildMoment = { readonly id: string; readonly at: string } & (
  | { readonly what: 'uploaded' | 'submitted' | 'expires' }
  /** A sync saw it: it happened after `since`, and at `at` at the latest. Nobody says who did it. */
  | {
      readonly what: 'seen';
      readonly since: string;
      readonly kind: string;
      readonly before: string | null;
      readonly after: string;
    }
  /** Somebody did it here. */
  | {
      readonly what: 'done';
      readonly who: string;
      readonly sentence: readonly Part[];
      readonly status: ActivityEntry['status'];
    }
);

const MOST = 200;

const facts = shape((build, { accountId, id }: { accountId: string; id: string }) =>
  build
    .selectFrom('builds')
    .select([
      ...(['uploadedDate', 'submittedDate', 'expirationDate'] as const),
      ...(['buildBetaDetailId', 'betaAppReviewSubmissionId'] as const),
    ])
    .where('accountId', '=', accountId)
    .where('id', '=', id),
);

/**
 * What happened to a build, newest first: Apple's own dates, each change of a state that was seen, and what was done
 * here, by whom. Whoever may not read the trail is not told who.
 * @throws RefusedError 404 when there is no such build
 */
export async function buildTimeline(
  ctx: Ctx,
  { id, accountId: named }: { id: string; accountId?: string | undefined },
): Promise<readonly BuildMoment[]> {
  authorise(ctx.actor, 'programme:read');
  const accountId = (await resolveAccount(ctx.db, 'builds', id, { accountId: named }))?.accountId;
  const [row] = accountId === undefined ? [] : await ctx.db.read(facts({ accountId, id }));
  if (accountId === undefined || row === undefined)
    throw notFound('There is no such build, or not any more.');
  const own = [id, row.buildBetaDetailId, row.betaAppReviewSubmissionId].filter((one) => one !== null);
  const done = may(ctx.actor, 'audit:read') ? await doneTo(ctx, accountId, own) : [];
  const seen = await ctx.db.read(buildEvents({ accountId, buildId: id, most: MOST }));
  const dated = [
    ['uploaded', row.uploadedDate],
    ['submitted', row.submittedDate],
    ['expires', row.expirationDate],
  ] as const;
  const moments: BuildMoment[] = [
    // What is still to come has not happened: the day of expiry is told beside the build's other facts.
    ...dated.flatMap(([what, at]) =>
      at === null || Date.parse(at) > programmeNow(ctx) ? [] : [{ id: what, what, at: iso(Date.parse(at)) }],
    ),
    ...seen
      .filter((event) => !done.some((entry) => isSame(event, entry)))
      .map(
        (event): BuildMoment => ({
          ...{ id: `seen ${event.id}`, what: 'seen', kind: event.kind },
          ...{ before: event.before, after: event.after },
          since: iso(Number(event.since)),
          at: iso(Number(event.at)),
        }),
      ),
    ...done.map(
      ({ id: entry, at, who, sentence, status }): BuildMoment => ({
        ...{ id: entry, what: 'done', at, who, sentence, status },
      }),
    ),
  ];
  return moments.sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

interface Seen {
  readonly kind: string;
  readonly since: bigint | number;
  readonly at: bigint | number;
}

/** Whether a change that was seen is the one that somebody made here: it is told once, with who made it. */
function isSame({ kind, since, at }: Seen, { status, after, at: begun }: ActivityEntry): boolean {
  const asked = (after as { readonly attributes?: object } | null)?.attributes;
  const then = Date.parse(begun);
  return (
    status === 'succeeded' &&
    asked !== undefined &&
    Object.hasOwn(asked, kind) &&
    Number(since) <= then &&
    then <= Number(at)
  );
}

const iso = (at: number) => new Date(at).toISOString();

/** What was done here to the build, to its details and to its submission, which Apple counts as resources of their own. */
async function doneTo(ctx: Ctx, account: string, ids: readonly string[]): Promise<readonly ActivityEntry[]> {
  const pages = await Promise.all(
    ids.map((resource) => listActivity(ctx, new URLSearchParams({ account, resource, limit: String(MOST) }))),
  );
  return pages.flatMap(({ data }) => data);
}
