import { authorise } from '@/lib/access/policy';
import { namesOfApps } from '@/lib/mirror/query';
import type { Ctx } from '../ctx';
import { badParameter } from '../errors';
import { programmeNow } from '../programme-time';
import {
  type DatedBuild,
  datedBuilds,
  hasEnded,
  isTested,
  needsOf,
  newestByPlace,
  placeOf,
  uploaded,
} from './known-builds';

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
  const asked = { now: programmeNow(ctx), appId: parameters.get('app') ?? undefined, accountId };
  const rows = await datedBuilds(ctx.db, asked);
  const living = rows.filter((row) => !hasEnded(row, now));
  const nameOf = await namesOfApps(
    ctx.db,
    rows.map(({ appId }) => appId),
  );
  const inApp = (row: DatedBuild): InApp => {
    const known = nameOf(row.appId, row.accountId);
    return {
      ...{ accountId: row.accountId, appId: row.appId },
      ...{ appName: known?.name ?? null, accountName: known?.accountName ?? null },
    };
  };
  const newest = newestByPlace(living.filter(isUsable));
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

/** Builds that could be given to testers. */
const isUsable = ({ internalBuildState }: DatedBuild) =>
  ['IN_BETA_TESTING', 'READY_FOR_BETA_TESTING'].includes(internalBuildState ?? '');

const refOf = ({ id, version, trainVersion, platform }: DatedBuild): EndingRef => ({
  ...{ id, version, trainVersion, platform },
});
