import { z } from 'zod';
import { authorise } from '@/lib/access/policy';
import { buildWords } from '@/lib/format/builds';
import { formatPlural } from '@/lib/format/numbers';
import { createJob, type NewItem } from '@/lib/jobs/create';
import { resolveAccount } from '@/lib/mirror/query';
import { type Shaped, shape } from '@/lib/store/shape';
import { type AppFacts, appOf } from '../app-facts';
import type { Ctx } from '../ctx';
import { notFound, RefusedError } from '../errors';
import { creatorOf } from '../imports/service';
import type { ClonePayload } from './clone-group';

export const cloneBody = z.strictObject({
  name: z.string().trim().min(1, 'Enter a name.').max(255),
  /** The app of the new group; the group's own by default. */
  appId: z.string().min(1).exactOptional(),
  /** The account of that app; the group's own by default, where it has the app. */
  accountId: z.string().min(1).exactOptional(),
  testers: z.boolean().default(false),
  builds: z.boolean().default(false),
});

const byId = shape((build, given: { accountId: string | null; id: string }) =>
  build
    .selectFrom('betaGroups')
    .select(['accountId', 'appId', 'id', 'name', 'isInternalGroup', 'hasAccessToAllBuilds'])
    .select(['feedbackEnabled', 'publicLinkEnabled', 'publicLinkLimitEnabled', 'publicLinkLimit'])
    .select(['iosBuildsAvailableForAppleSiliconMac', 'iosBuildsAvailableForAppleVision', 'criteria'])
    .where('accountId', '=', given.accountId)
    .where('id', '=', given.id),
);
type GroupRow = ReturnType<typeof byId> extends Shaped<infer Row> ? Row : never;

async function groupRow(ctx: Ctx, groupId: string, accountId: string | undefined): Promise<GroupRow> {
  const holder = await resolveAccount(ctx.db, 'betaGroups', groupId, { accountId });
  const [group] = await ctx.db.read(byId({ accountId: holder?.accountId ?? null, id: groupId }));
  if (!group) throw notFound('There is no such group, or it has not been synced yet.');
  return group;
}

/** Queues the making of a group like another; gives the job's id. */
export async function startClone(
  ctx: Ctx,
  groupId: string,
  body: z.infer<typeof cloneBody>,
  accountId?: string | undefined,
): Promise<{ jobId: string; steps: number }> {
  authorise(ctx.actor, 'programme:write');
  authorise(ctx.actor, 'jobs:run');
  const group = await groupRow(ctx, groupId, accountId);
  const target = await targetOf(ctx, group, body);
  const isSameApp = target.appId === group.appId && target.accountId === group.accountId;
  if (body.builds && !isSameApp) {
    const detail = 'Builds belong to one app and cannot be taken along to another.';
    throw new RefusedError({ status: 422, code: 'FLIGHTDECK.OTHER_APP', title: 'Another app', detail });
  }
  const items = await steps(ctx, group, body, target, isSameApp);
  const jobId = await createJob(
    ctx.db,
    {
      kind: 'clone-group',
      title: `Clone ${group.name ?? 'a group'} as ${body.name}${isSameApp ? '' : ` in ${target.title}`}`,
      accountId: target.accountId,
      appId: target.appId,
      params: { clones: groupId, ...body },
      ...creatorOf(ctx),
      items,
    },
    ctx.clock.now(),
  );
  return { jobId, steps: items.length };
}

async function targetOf(
  ctx: Ctx,
  group: GroupRow,
  { appId, accountId }: z.infer<typeof cloneBody>,
): Promise<AppFacts> {
  if (appId === undefined) return appOf(ctx, group.appId, group.accountId);
  const own = await resolveAccount(ctx.db, 'apps', appId, { accountId: group.accountId });
  return appOf(ctx, appId, accountId ?? own?.accountId);
}

async function steps(
  ctx: Ctx,
  group: GroupRow,
  body: z.infer<typeof cloneBody>,
  target: AppFacts,
  isSameApp: boolean,
): Promise<NewItem[]> {
  const isInternalGroup = group.isInternalGroup === 1;
  const hasAccessToAllBuilds = group.hasAccessToAllBuilds === 1;
  const items = [
    step(`Create “${body.name}”`, {
      step: 'create',
      name: body.name,
      isInternalGroup,
      hasAccessToAllBuilds,
      feedbackEnabled: group.feedbackEnabled !== 0,
    }),
  ];
  const buildIds =
    body.builds && !(isInternalGroup && hasAccessToAllBuilds) ? await buildsOf(ctx, group) : [];
  if (buildIds.length > 0)
    items.push(step(`Add ${formatPlural(buildIds.length, 'build')}`, { step: 'builds', buildIds }));
  if (!isInternalGroup) {
    const filters = filtersOf(group);
    if (filters.length > 0) items.push(step('Set the criteria', { step: 'criteria', filters }));
    items.push(step('Copy the settings', settingsOf(group, buildIds.length > 0)));
  }
  if (body.testers) items.push(...(await testerSteps(ctx, group, target, isSameApp)));
  return items;
}

/** A link cannot be switched on before the group has a build. */
function settingsOf(group: GroupRow, hasBuilds: boolean): ClonePayload {
  const flag = (value: number | null) => (value === null ? null : value === 1);
  return {
    step: 'settings',
    attributes: {
      ...(hasBuilds && group.publicLinkEnabled === 1 ? { publicLinkEnabled: true } : {}),
      ...(group.publicLinkLimitEnabled === 1
        ? { publicLinkLimitEnabled: true, publicLinkLimit: group.publicLinkLimit }
        : {}),
      iosBuildsAvailableForAppleSiliconMac: flag(group.iosBuildsAvailableForAppleSiliconMac),
      iosBuildsAvailableForAppleVision: flag(group.iosBuildsAvailableForAppleVision),
    },
  };
}

async function testerSteps(
  { db }: Ctx,
  group: GroupRow,
  target: AppFacts,
  isSameApp: boolean,
): Promise<NewItem[]> {
  const rows = await db.read(
    db.build
      .selectFrom('betaTesters as t')
      .innerJoin('betaGroupTesters as m', (join) =>
        join
          .onRef('m.accountId', '=', 't.accountId')
          .onRef('m.appId', '=', 't.appId')
          .onRef('m.testerId', '=', 't.id'),
      )
      .select(['t.id', 't.email', 't.firstName', 't.lastName'])
      // A tester's id is one app's: elsewhere the person is found or made by e-mail.
      .select(({ selectFrom }) =>
        selectFrom('betaTesters as o')
          .select('o.id')
          .where('o.accountId', '=', target.accountId)
          .where('o.appId', '=', target.appId)
          .whereRef('o.emailLower', '=', 't.emailLower')
          .orderBy('o.rowKey')
          .limit(1)
          .as('idThere'),
      )
      .where('m.accountId', '=', group.accountId)
      .where('m.groupId', '=', group.id)
      .where('t.email', 'is not', null)
      .$narrowType<{ email: string }>()
      .orderBy('t.id'),
  );
  return rows.map(({ id, idThere, email, firstName, lastName }) =>
    step(email, {
      step: 'tester',
      email,
      firstName: firstName ?? '',
      lastName: lastName ?? '',
      testerId: isSameApp ? id : idThere,
    }),
  );
}

async function buildsOf({ db }: Ctx, group: GroupRow): Promise<string[]> {
  const rows = await db.read(
    db.build
      .selectFrom('buildGroups as m')
      .innerJoin('builds as b', (join) =>
        join.onRef('b.accountId', '=', 'm.accountId').onRef('b.id', '=', 'm.buildId'),
      )
      .select('b.id')
      .where('m.accountId', '=', group.accountId)
      .where('m.groupId', '=', group.id)
      .where('b.expired', 'is distinct from', 1)
      .orderBy('b.uploadedDate', (by) => by.asc().nullsFirst()),
  );
  return rows.map((row) => row.id);
}

type Filters = Extract<ClonePayload, { step: 'criteria' }>['filters'];

function filtersOf({ criteria }: GroupRow): Filters {
  if (criteria === null) return [];
  const parsed = JSON.parse(criteria) as { attributes?: { deviceFamilyOsVersionFilters?: Filters | null } };
  return parsed.attributes?.deviceFamilyOsVersionFilters ?? [];
}

function step(label: string, payload: ClonePayload): NewItem {
  return { label, payload };
}

/** What goes with a group: said before anybody types its name. */
export interface DeletionPreview {
  readonly name: string;
  readonly testers: number;
  /** Members who have no other group and no single build. */
  readonly losingAccess: number;
  readonly builds: readonly { readonly id: string; readonly label: string }[];
  readonly hasPublicLink: boolean;
  readonly sentences: readonly string[];
}

/** Members of a group, and those of them who have no other group and no single build. */
const membersLosing = shape((build, given: { accountId: string; groupId: string }) =>
  build
    .selectFrom('betaGroupTesters as m')
    .select(({ fn, eb, not, exists, selectFrom }) => [
      fn.countAll<number>().as('testers'),
      fn
        .coalesce(
          fn.sum<number>(
            eb
              .case()
              .when(
                eb.and([
                  not(
                    exists(
                      selectFrom('betaGroupTesters as o')
                        .select('o.groupId')
                        .whereRef('o.accountId', '=', 'm.accountId')
                        .whereRef('o.appId', '=', 'm.appId')
                        .whereRef('o.testerId', '=', 'm.testerId')
                        .whereRef('o.groupId', '<>', 'm.groupId'),
                    ),
                  ),
                  not(
                    exists(
                      selectFrom('buildTesters as b')
                        .select('b.buildId')
                        .whereRef('b.accountId', '=', 'm.accountId')
                        .whereRef('b.testerId', '=', 'm.testerId'),
                    ),
                  ),
                ]),
              )
              .then(eb.lit(1))
              .else(eb.lit(0))
              .end(),
          ),
          eb.lit(0),
        )
        .as('losing'),
    ])
    .where('m.accountId', '=', given.accountId)
    .where('m.groupId', '=', given.groupId),
);

/** How many testers lose which builds when a group is deleted. */
export async function previewDeletion(
  ctx: Ctx,
  groupId: string,
  accountId?: string | undefined,
): Promise<DeletionPreview> {
  authorise(ctx.actor, 'programme:read');
  const group = await groupRow(ctx, groupId, accountId);
  const [counts] = await ctx.db.read(membersLosing({ accountId: group.accountId, groupId }));
  const builds = await lostBuilds(ctx, group);
  const { testers = 0, losing: losingAccess = 0 } = counts ?? {};
  const hasPublicLink = group.publicLinkEnabled === 1;
  const name = group.name ?? groupId;
  const lost = formatPlural(builds.length, 'build');
  const sentences = [
    testers === 0
      ? `Nobody is in “${name}”; no tester loses anything.`
      : `${formatPlural(testers, 'tester')} ${testers === 1 ? 'leaves' : 'leave'} “${name}” and ${testers === 1 ? 'loses' : 'lose'} the ${lost} that come${builds.length === 1 ? 's' : ''} through it.`,
    ...(losingAccess > 0
      ? [
          `${formatPlural(losingAccess, 'tester')} ${losingAccess === 1 ? 'has' : 'have'} no other access to the app.`,
        ]
      : []),
    ...(hasPublicLink ? ['The public link stops working and its address is gone for good.'] : []),
  ];
  return { name, testers, losingAccess, builds, hasPublicLink, sentences };
}

/** A group with access to all builds holds none of them by name. */
async function lostBuilds({ db }: Ctx, group: GroupRow): Promise<{ id: string; label: string }[]> {
  const builds = db.build
    .selectFrom('builds as b')
    .select(['b.id', 'b.trainVersion', 'b.version', 'b.platform'])
    .where('b.accountId', '=', group.accountId)
    .where('b.expired', 'is distinct from', 1)
    .orderBy('b.uploadedDate', (by) => by.desc().nullsLast());
  const rows = await db.read(
    group.hasAccessToAllBuilds === 1
      ? builds.where('b.appId', '=', group.appId)
      : builds.where(({ exists, selectFrom }) =>
          exists(
            selectFrom('buildGroups as m')
              .select('m.buildId')
              .whereRef('m.accountId', '=', 'b.accountId')
              .whereRef('m.buildId', '=', 'b.id')
              .where('m.groupId', '=', group.id),
          ),
        ),
  );
  return rows.map(({ id, ...build }) => ({ id, label: buildWords(build) }));
}

/** Why builds cannot be given to a group by hand; null when they can. */
export function whyNoBuilds(group: {
  isInternalGroup: boolean;
  hasAccessToAllBuilds: boolean;
}): string | null {
  if (!group.isInternalGroup || !group.hasAccessToAllBuilds) return null;
  return 'This internal group has access to all builds: every build that finishes processing is there already, so none can be added or removed by hand. Builds made by Xcode Cloud are the exception, and are given out in App Store Connect.';
}
