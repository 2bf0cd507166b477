import { type Course, courseWithin } from '../adoption/course';
import { reachOf } from '../adoption/facts';
import type { Ctx } from '../ctx';
import { badParameter } from '../errors';
import { type Asked, askedOf } from './asked';

/** Which builds the devices of an app's testers had on the days of a range. @throws RefusedError 404, 400 */
export async function appCourse(ctx: Ctx, asked: Asked): Promise<Course> {
  const { scope, range } = await askedOf(ctx, asked);
  const { appId } = scope;
  const [accountId = ''] = scope.accountIds;
  if (appId === undefined) throw badParameter('app', 'Name an app: a build is of one.');
  const app = { accountId, appId };
  return courseWithin(ctx, app, await reachOf(ctx, app), range);
}
