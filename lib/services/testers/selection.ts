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

/** So many rows are read at once: others get their turn in between. */
const CHUNK = 500;

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

/** Testers by id with their groups and single builds, in the order of the ids. */
export async function loadTesters(
  ctx: Ctx,
  app: Pick<AppFacts, 'accountId' | 'appId'>,
  ids: readonly string[],
): Promise<TesterPayload[]> {
  const found = new Map<string, TesterPayload>();
  for await (const { emailLower: _, ...tester } of testersBy(ctx, app, 'id', ids))
    found.set(tester.testerId, tester);
  return ids.flatMap((one) => found.get(one) ?? []);
}

/** The testers of an app whose id or lower-cased address is one of a list, with what they have. */
export async function* testersBy(
  { db }: Ctx,
  { accountId, appId }: Pick<AppFacts, 'accountId' | 'appId'>,
  column: 'id' | 'emailLower',
  values: readonly string[],
): AsyncGenerator<TesterPayload & { readonly emailLower: string | null }> {
  const { joined, among } = db.dialect;
  const query = db.build
    .selectFrom('betaTesters as t')
    .select(['t.id', 't.email', 't.emailLower', 't.firstName', 't.lastName', 't.state'])
    .select(['t.deviceModel', 't.osVersion'])
    .select(({ selectFrom }) => [
      selectFrom('betaGroupTesters as m')
        .select((eb) => joined(eb.ref('m.groupId')).as('ids'))
        .whereRef('m.accountId', '=', 't.accountId')
        .whereRef('m.appId', '=', 't.appId')
        .whereRef('m.testerId', '=', 't.id')
        .as('groups'),
      selectFrom('buildTesters as m')
        .select((eb) => joined(eb.ref('m.buildId')).as('ids'))
        .whereRef('m.accountId', '=', 't.accountId')
        .whereRef('m.appId', '=', 't.appId')
        .whereRef('m.testerId', '=', 't.id')
        .as('builds'),
    ])
    .where('t.accountId', '=', accountId)
    .where('t.appId', '=', appId)
    .orderBy('t.id');
  for (let from = 0; from < values.length; from += CHUNK) {
    const chunk = values.slice(from, from + CHUNK);
    const rows = await db.read(query.where((eb) => among(eb.ref(`t.${column}`), chunk)));
    for (const { id: testerId, groups, builds, ...row } of rows)
      yield { testerId, ...row, groupIds: lines(groups), buildIds: lines(builds), reasons: [] };
  }
}

const lines = (text: string | null) => (text === null ? [] : text.split('\n'));

/** How a tester is called in lists. */
export function testerLabel(
  tester: Pick<TesterPayload, 'email' | 'firstName' | 'lastName' | 'deviceModel' | 'osVersion'>,
): string {
  const appDevices = [{ model: tester.deviceModel, osVersion: tester.osVersion }];
  return tester.email ?? personName({ ...tester, appDevices });
}
