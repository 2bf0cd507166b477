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
    devices: occurring(ctx, 'model', appId),
    systems: occurring(ctx, 'osVersion', appId),
    installedBuilds: occurring(ctx, 'appBuildVersion', appId),
    tags: ctx.db.query<Facet>(
      `SELECT tag AS value, count(*) AS count FROM testerTags ${appId === undefined ? '' : 'WHERE appId = ?'}
       GROUP BY tag ORDER BY count DESC, tag LIMIT ${MOST}`,
      appId === undefined ? [] : [appId],
    ),
  };
}

/** Somebody with two devices of a model counts once. */
function occurring(
  ctx: Ctx,
  member: 'model' | 'osVersion' | 'appBuildVersion',
  appId: string | undefined,
): Facet[] {
  const rows =
    appId === undefined
      ? `(SELECT rowKey, appDevices FROM betaTesters WHERE appDevices IS NOT NULL LIMIT ${LOOKED_AT})`
      : `(SELECT rowKey, appDevices FROM betaTesters WHERE appId = ?
           AND accountId IN (SELECT accountId FROM betaTesterCounts WHERE appId = ?))`;
  return ctx.db.query<Facet>(
    `SELECT d.value ->> '$.${member}' AS value, count(DISTINCT t.rowKey) AS count
     FROM ${rows} AS t, json_each(t.appDevices) AS d WHERE d.value ->> '$.${member}' IS NOT NULL
     GROUP BY 1 ORDER BY count DESC, 1 LIMIT ${MOST}`,
    appId === undefined ? [] : [appId, appId],
  );
}
