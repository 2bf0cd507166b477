import { sql } from 'kysely';
import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import type { ResourceObject } from '../resource';
import { type UsualReview, usualReview } from './usual-review';

/** A build that came after a rejected one. */
interface Successor {
  readonly id: string;
  readonly version: string | null;
  readonly trainVersion: string | null;
  readonly externalBuildState: string | null;
  readonly autoNotifyEnabled: boolean | null;
}

/** How a build stands with beta review; instants as ISO text. */
export interface ReviewMeta {
  readonly state: string;
  /** Between which two readings the decision was seen; absent where it was made before anybody looked. */
  readonly decided?: { readonly since: string; readonly at: string };
  /** Of what waits: how long the app's past reviews took. */
  readonly usual?: UsualReview;
  /** Of what was rejected: the newest build of its platform that was uploaded after it; null for none. */
  readonly next?: Successor | null;
}

const OF_STATE: Readonly<Record<string, string>> = {
  BETA_REJECTED: 'REJECTED',
  IN_BETA_REVIEW: 'IN_REVIEW',
  WAITING_FOR_BETA_REVIEW: 'WAITING_FOR_REVIEW',
};
const PENDING = ['IN_REVIEW', 'WAITING_FOR_REVIEW'];
const DECIDED = ['APPROVED', 'REJECTED'];
/** Of so many builds of an app the past reviews are looked at. */
const LOOKED_AT = 60;

const stateOf = ({ attributes, meta }: ResourceObject): string | null => {
  if (attributes?.expired === true || meta?.externalBuildState === 'EXPIRED') return null;
  return OF_STATE[String(meta?.externalBuildState)] ?? (meta?.betaReviewState as string | null) ?? null;
};

/** What lists of builds tell of beta review, by the rows' keys. */
export async function reviewAdditions(
  db: Store,
  resources: readonly ResourceObject[],
  keyOf: (resource: ResourceObject) => string,
): Promise<Map<string, { review: ReviewMeta }>> {
  const states = new Map(resources.flatMap((one) => (stateOf(one) === null ? [] : [[one, stateOf(one)]])));
  const inState = (...wanted: readonly string[]) =>
    [...states].flatMap(([one, state]) => (wanted.includes(String(state)) ? [one] : []));
  const [seen, usual, next] = await Promise.all([
    decisionsOf(db, inState(...DECIDED)),
    usualOf(db, inState(...PENDING)),
    successorsOf(db, inState('REJECTED')),
  ]);
  return new Map(
    [...states].map(([one, state]) => {
      const place = `${one.meta?.accountId} ${one.meta?.appId}`;
      const decided = seen.get(`${one.meta?.accountId} ${one.id} ${state}`);
      const review: ReviewMeta = {
        state: String(state),
        ...(decided ? { decided } : {}),
        ...(usual.has(place) && PENDING.includes(String(state))
          ? { usual: usual.get(place) as UsualReview }
          : {}),
        ...(state === 'REJECTED' ? { next: next.get(one) ?? null } : {}),
      };
      return [keyOf(one), { review }];
    }),
  );
}

const decisions = shape((build, given: { accounts: readonly string[]; ids: readonly string[] }, dialect) =>
  build
    .selectFrom('buildEvents')
    .select(['accountId', 'buildId', 'after', 'since', 'at'])
    .where(({ ref }) => dialect.among(ref('accountId'), given.accounts))
    .where(({ ref }) => dialect.among(ref('buildId'), given.ids))
    .where('kind', '=', 'betaReviewState')
    .where('after', 'in', DECIDED)
    .orderBy('at')
    .orderBy('id'),
);

/** When each was decided last, by account, build and decision. */
async function decisionsOf(db: Store, rows: readonly ResourceObject[]) {
  if (rows.length === 0) return new Map<string, { since: string; at: string }>();
  const accounts = [...new Set(rows.map(({ meta }) => String(meta?.accountId)))];
  const found = await db.read(decisions({ accounts, ids: rows.map(({ id }) => id) }));
  const iso = (ms: number | bigint) => new Date(Number(ms)).toISOString();
  return new Map(
    found.map(({ accountId, buildId, after, since, at }) => [
      `${accountId} ${buildId} ${after}`,
      { since: iso(since), at: iso(at) },
    ]),
  );
}

interface App {
  readonly accountId: string;
  readonly appId: string;
}

// The newest builds by their index, then what was seen of each by its own.
const past = shape((_, { accountId, appId }: App) => {
  return sql<{ submittedDate: string; since: number; at: number }>`SELECT b."submittedDate", e."since", e."at"
    FROM (SELECT r."id", r."submittedDate" FROM "builds" AS r WHERE r."accountId" = ${accountId} AND r."appId" = ${appId}
      AND r."betaReviewState" IN ('APPROVED', 'REJECTED') AND r."submittedDate" IS NOT NULL
      ORDER BY r."uploadedDate" DESC LIMIT ${sql.lit(LOOKED_AT)}) AS b
    JOIN "buildEvents" AS e ON e."accountId" = ${accountId} AND e."buildId" = b."id"
    WHERE e."kind" = 'betaReviewState' AND e."after" IN ('APPROVED', 'REJECTED') ORDER BY e."at" DESC`;
});

/** How long the past reviews of the apps took, by account and app. */
async function usualOf(db: Store, rows: readonly ResourceObject[]): Promise<Map<string, UsualReview>> {
  const apps = new Map(
    rows.map(({ meta }) => [
      `${meta?.accountId} ${meta?.appId}`,
      { accountId: String(meta?.accountId), appId: String(meta?.appId) },
    ]),
  );
  return new Map(
    await Promise.all(
      [...apps].map(async ([key, app]) => {
        const found = await db.read(past(app));
        const reviews = found.map(({ submittedDate, since, at }) => ({
          submitted: Date.parse(submittedDate),
          since: Number(since),
          at: Number(at),
        }));
        return [key, usualReview(reviews)] as const;
      }),
    ),
  );
}

const successors = shape((build, given: App & { platform: string; id: string }) =>
  build
    .selectFrom('builds')
    .select(['id', 'version', 'trainVersion', 'externalBuildState', 'autoNotifyEnabled'])
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId)
    .where('platform', '=', given.platform)
    // By our columns, which are in UTC: the document keeps Apple's offsets.
    .where('uploadedDate', '>', ({ selectFrom }) =>
      selectFrom('builds as r')
        .select('r.uploadedDate')
        .where('r.accountId', '=', given.accountId)
        .where('r.id', '=', given.id),
    )
    .where('expired', 'is distinct from', 1)
    .where('processingState', '=', 'VALID')
    .orderBy('uploadedDate', 'desc')
    .limit(1),
);

/** The build that came after each. */
async function successorsOf(db: Store, rows: readonly ResourceObject[]) {
  const found = await Promise.all(
    rows.map(async (one) => {
      const { accountId, appId, platform } = one.meta ?? {};
      if (typeof platform !== 'string') return [one, null] as const;
      const of = { accountId: String(accountId), appId: String(appId), platform, id: one.id };
      const [row] = await db.read(successors(of));
      const next = row && {
        ...row,
        autoNotifyEnabled: row.autoNotifyEnabled === null ? null : Number(row.autoNotifyEnabled) === 1,
      };
      return [one, next ?? null] as const;
    }),
  );
  return new Map<ResourceObject, Successor | null>(found);
}
