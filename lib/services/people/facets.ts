import { authorise } from '@/lib/access/policy';
import type { Ctx } from '../ctx';

/** A value that occurs, with how many testers have it. */
export interface Facet {
  readonly value: string;
  readonly count: number;
}

/** What testers can be filtered by: only values that occur. */
export interface TesterFacets {
  readonly devices: readonly Facet[];
  readonly systems: readonly Facet[];
  readonly installedBuilds: readonly Facet[];
  readonly tags: readonly Facet[];
}

const MOST = 100;
/** Across all apps the commonest values of a part stand for the whole: half a million rows are not read for a menu. */
const LOOKED_AT = 20_000;

/** The devices, systems, installed builds and tags of the testers of one app, or of all apps; commonest first. */
export function testerFacets(ctx: Ctx, appId?: string): TesterFacets {
  authorise(ctx.actor, 'testers:read');
  return {
    devices: occurring(ctx, 'deviceModel', appId),
    systems: occurring(ctx, 'osVersion', appId),
    installedBuilds: occurring(ctx, 'installedBuild', appId),
    tags: ctx.db.query<Facet>(
      `SELECT tag AS value, count(*) AS count FROM testerTags ${appId === undefined ? '' : 'WHERE appId = ?'}
       GROUP BY tag ORDER BY count DESC, tag LIMIT ${MOST}`,
      appId === undefined ? [] : [appId],
    ),
  };
}

function occurring(
  ctx: Ctx,
  column: 'deviceModel' | 'osVersion' | 'installedBuild',
  appId: string | undefined,
): Facet[] {
  const accounts = 'accountId IN (SELECT accountId FROM betaTesterCounts WHERE appId = ?) AND appId = ?';
  const rows =
    appId === undefined
      ? `(SELECT ${column} FROM betaTesters WHERE ${column} IS NOT NULL LIMIT ${LOOKED_AT})`
      : 'betaTesters';
  return ctx.db.query<Facet>(
    `SELECT ${column} AS value, count(*) AS count FROM ${rows}
     WHERE ${column} IS NOT NULL ${appId === undefined ? '' : `AND ${accounts}`}
     GROUP BY ${column} ORDER BY count DESC, value LIMIT ${MOST}`,
    appId === undefined ? [] : [appId, appId],
  );
}
