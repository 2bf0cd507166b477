import { authorise } from '@/lib/access/policy';
import { namesOfApps } from '@/lib/mirror/query';
import { forms } from '@/lib/store/shape';
import type { Ctx } from '../ctx';
import { badParameter } from '../errors';
import { programmeNow } from '../programme-time';

/** A build by what people call it. */
export interface EndingRef {
  readonly id: string;
  readonly version: string | null;
  readonly trainVersion: string | null;
  readonly platform: string | null;
}

interface InApp {
  readonly accountId: string;
  readonly appId: string;
  readonly appName: string | null;
  /** What the account is called, where another has the app too. */
  readonly accountName: string | null;
}

/** A build that ends on a day, and the newest one that was uploaded later and could take its place. */
export interface Ending extends InApp {
  readonly build: EndingRef;
  readonly at: string;
  readonly isTested: boolean;
  readonly groups: number;
  readonly replacement: EndingRef | null;
}

/** When the last build ends, or ended, that testers of an app have on a platform: by then they need another. */
export interface Need extends InApp {
  readonly build: EndingRef;
  readonly by: string;
  readonly isOver: boolean;
}

export interface ExpiryCalendar {
  /** Soonest first. */
  readonly needs: readonly Need[];
  /** Soonest first. */
  readonly endings: readonly Ending[];
  /** How many builds end in all; more than are told here, where there are very many. */
  readonly total: number;
}

/** The most builds that are told. */
const MOST = 1_000;
/** Whose last build ended longer ago is tested no more, ms. */
const PAST_MS = 90 * 86_400_000;

type Row = Awaited<ReturnType<typeof dated>>[number];

/**
 * Which builds end when, of one app or of all, and until when testers have something to test. `which` is `tested`, what
 * testers have, or `all`.
 * @throws RefusedError 400 when a parameter is wrong
 */
export async function expiryCalendar(
  ctx: Ctx,
  {
    parameters,
    accountId,
  }: { readonly parameters: URLSearchParams; readonly accountId?: string | undefined },
): Promise<ExpiryCalendar> {
  authorise(ctx.actor, 'programme:read');
  const which = parameters.get('which') ?? 'tested';
  if (which !== 'tested' && which !== 'all') throw badParameter('which', 'It is tested or all.');
  const now = new Date(programmeNow(ctx)).toISOString();
  const rows = await dated(ctx, { appId: parameters.get('app') ?? undefined, accountId });
  const living = rows.filter(({ at, expired }) => expired !== 1 && at > now);
  const nameOf = await namesOfApps(
    ctx.db,
    rows.map(({ appId }) => appId),
  );
  const inApp = (row: Row): InApp => {
    const known = nameOf(row.appId, row.accountId);
    return {
      ...{ accountId: row.accountId, appId: row.appId },
      ...{ appName: known?.name ?? null, accountName: known?.accountName ?? null },
    };
  };
  const newest = newestByPlace(living);
  const wanted = which === 'all' ? living : living.filter(isTested);
  return {
    needs: needsOf(rows, now).map((row) => ({
      ...inApp(row),
      ...{ build: refOf(row), by: row.at, isOver: row.at <= now },
    })),
    endings: wanted.slice(0, MOST).map((row) => {
      const next = newest.get(placeOf(row));
      const isLater = next !== undefined && uploaded(next) > uploaded(row);
      return {
        ...inApp(row),
        ...{ build: refOf(row), at: row.at, isTested: isTested(row), groups: row.groups },
        replacement: isLater ? refOf(next) : null,
      };
    }),
    total: wanted.length,
  };
}

const asked = forms();

/** Builds that end, or ended not long ago, soonest first. */
function dated(
  ctx: Ctx,
  { appId, accountId }: { readonly appId: string | undefined; readonly accountId: string | undefined },
) {
  const past = new Date(programmeNow(ctx) - PAST_MS).toISOString();
  const given = { past, appId: appId ?? '', accountId: accountId ?? '' };
  return ctx.db.read(
    asked(`${appId === undefined} ${accountId === undefined}`, given, (build, at) =>
      build
        .selectFrom('builds as b')
        .select(['b.accountId', 'b.appId', 'b.id', 'b.version', 'b.trainVersion', 'b.platform', 'b.expired'])
        .select(['b.uploadedDate', 'b.internalBuildState', 'b.externalBuildState'])
        .select((of) => of.ref('b.expirationDate').$notNull().as('at'))
        .select(({ selectFrom }) =>
          selectFrom('buildGroups as g')
            .select(({ fn }) => fn.countAll<number>().as('n'))
            .whereRef('g.accountId', '=', 'b.accountId')
            .whereRef('g.buildId', '=', 'b.id')
            .$asScalar()
            .$notNull()
            .as('groups'),
        )
        .where('b.expirationDate', '>', at.past)
        .$if(appId !== undefined, (of) => of.where('b.appId', '=', at.appId))
        .$if(accountId !== undefined, (of) => of.where('b.accountId', '=', at.accountId))
        .orderBy('b.expirationDate')
        .orderBy('b.accountId')
        .orderBy('b.id'),
    ),
  );
}

const isTested = ({ internalBuildState, externalBuildState, groups }: Row) =>
  groups > 0 && [internalBuildState, externalBuildState].includes('IN_BETA_TESTING');

/** Of each app and platform the build that testers have and that ends last; where all have ended, the last of those. */
function needsOf(rows: readonly Row[], now: string): readonly Row[] {
  const last = new Map<string, Row>();
  for (const row of rows) {
    const hasEnded = row.expired === 1 || row.at <= now;
    if (hasEnded ? row.groups > 0 && row.at <= now : isTested(row)) last.set(placeOf(row), row);
  }
  return [...last.values()].sort((one, other) => (one.at < other.at ? -1 : 1));
}

/** The build of each app and platform that was uploaded last, of those that could be given to testers. */
function newestByPlace(rows: readonly Row[]): ReadonlyMap<string, Row> {
  const newest = new Map<string, Row>();
  for (const row of rows) {
    const before = newest.get(placeOf(row));
    const isUsable = ['IN_BETA_TESTING', 'READY_FOR_BETA_TESTING'].includes(row.internalBuildState ?? '');
    if (isUsable && (!before || uploaded(row) > uploaded(before))) newest.set(placeOf(row), row);
  }
  return newest;
}

const placeOf = ({ accountId, appId, platform }: Row) => `${accountId} ${appId} ${platform}`;
const uploaded = ({ uploadedDate }: Row) => uploadedDate ?? '';

const refOf = ({ id, version, trainVersion, platform }: Row): EndingRef => ({
  ...{ id, version, trainVersion, platform },
});
