import { z } from 'zod';
import { personName } from '@/lib/format/people';
import { allTesterIds } from '@/lib/mirror/query';
import type { AppFacts } from '../app-facts';
import type { Ctx } from '../ctx';
import { badMember } from '../errors';
import type { TesterPayload } from '../job-steps/tester-payload';

const id = z.string().min(1).max(200);

/** Which testers of one app: those ticked, or all that a list matches but for some. */
export const testerSelection = z.union([
  z.strictObject({ ids: z.array(id).min(1, 'Choose at least one tester.').max(20_000) }),
  z.strictObject({
    matching: z.strictObject({
      filter: z.record(z.string(), z.array(z.string())).default({}),
      search: z.string().max(200).exactOptional(),
    }),
    except: z.array(id).max(20_000).default([]),
  }),
]);
export type TesterSelection = z.infer<typeof testerSelection>;

const CHUNK = 200;
const marks = Array(CHUNK).fill('?').join(', ');

/** The chosen testers with what they have; ids that the mirror does not know are left out. */
export async function selectTesters(
  ctx: Ctx,
  app: AppFacts,
  selection: TesterSelection,
): Promise<TesterPayload[]> {
  const ids = 'ids' in selection ? [...new Set(selection.ids)] : await matchingIds(ctx, app, selection);
  const testers = await loadTesters(ctx, app, ids);
  if (testers.length === 0) throw badMember('/testers', 'No tester of this app is chosen.');
  return testers;
}

async function matchingIds(
  ctx: Ctx,
  { accountId, appId }: AppFacts,
  { matching, except }: Extract<TesterSelection, { matching: unknown }>,
): Promise<string[]> {
  const left = new Set(except);
  const query = {
    accountId,
    filter: { ...matching.filter, apps: [appId] },
    ...(matching.search === undefined ? {} : { search: matching.search }),
  };
  return (await allTesterIds(ctx.db, query)).filter((one) => !left.has(one));
}

interface TesterRow {
  id: string;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  state: string | null;
  deviceModel: string | null;
  osVersion: string | null;
  groups: string | null;
  builds: string | null;
}

/** Testers by id with their groups and single builds, in the order of the ids. */
export async function loadTesters(
  ctx: Ctx,
  { accountId, appId }: Pick<AppFacts, 'accountId' | 'appId'>,
  ids: readonly string[],
): Promise<TesterPayload[]> {
  const found = new Map<string, TesterPayload>();
  for (let from = 0; from < ids.length; from += CHUNK) {
    const chunk = ids.slice(from, from + CHUNK);
    const params = [...chunk, ...Array<string>(CHUNK - chunk.length).fill('')];
    const rows = await ctx.db.query<TesterRow>(
      `SELECT t.id, t.email, t.firstName, t.lastName, t.state, t.deviceModel, t.osVersion,
         (SELECT group_concat(m.groupId) FROM betaGroupTesters AS m WHERE m.accountId = t.accountId
           AND m.appId = t.appId AND m.testerId = t.id) AS groups,
         (SELECT group_concat(m.buildId) FROM buildTesters AS m WHERE m.accountId = t.accountId
           AND m.appId = t.appId AND m.testerId = t.id) AS builds
       FROM betaTesters AS t WHERE t.accountId = ? AND t.appId = ? AND t.id IN (${marks})`,
      [accountId, appId, ...params],
    );
    for (const row of rows) found.set(row.id, payloadOf(row));
  }
  return ids.flatMap((one) => found.get(one) ?? []);
}

function payloadOf({ id: testerId, groups, builds, ...row }: TesterRow): TesterPayload {
  const list = (text: string | null) => (text === null ? [] : text.split(','));
  return { testerId, ...row, groupIds: list(groups), buildIds: list(builds), reasons: [] };
}

/** How a tester is called in lists. */
export function testerLabel(
  tester: Pick<TesterPayload, 'email' | 'firstName' | 'lastName' | 'deviceModel' | 'osVersion'>,
): string {
  const appDevices = [{ model: tester.deviceModel, osVersion: tester.osVersion }];
  return tester.email ?? personName({ ...tester, appDevices });
}
