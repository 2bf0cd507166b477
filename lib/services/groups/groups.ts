import { z } from 'zod';
import { authorise } from '@/lib/access/policy';
import { buildWords } from '@/lib/format/builds';
import { formatPlural } from '@/lib/format/numbers';
import { createJob, type NewItem } from '@/lib/jobs/create';
import { resolveAccount } from '@/lib/mirror/query';
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

interface GroupRow {
  accountId: string;
  appId: string;
  id: string;
  name: string | null;
  isInternalGroup: number | null;
  hasAccessToAllBuilds: number | null;
  feedbackEnabled: number | null;
  publicLinkEnabled: number | null;
  publicLinkLimitEnabled: number | null;
  publicLinkLimit: number | null;
  iosBuildsAvailableForAppleSiliconMac: number | null;
  iosBuildsAvailableForAppleVision: number | null;
  criteria: string | null;
}

async function groupRow(ctx: Ctx, groupId: string, accountId: string | undefined): Promise<GroupRow> {
  const holder = await resolveAccount(ctx.db, 'betaGroups', groupId, { accountId });
  const [group] = await ctx.db.query<GroupRow>('SELECT * FROM betaGroups WHERE accountId = ? AND id = ?', [
    holder?.accountId ?? null,
    groupId,
  ]);
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
  ctx: Ctx,
  group: GroupRow,
  target: AppFacts,
  isSameApp: boolean,
): Promise<NewItem[]> {
  const rows = await ctx.db.query<{
    id: string;
    email: string;
    firstName: string | null;
    lastName: string | null;
  }>(
    `SELECT t.id, t.email, t.firstName, t.lastName FROM betaTesters AS t
     JOIN betaGroupTesters AS m ON m.accountId = t.accountId AND m.appId = t.appId AND m.testerId = t.id
     WHERE m.accountId = ? AND m.groupId = ? AND t.email IS NOT NULL ORDER BY t.id`,
    [group.accountId, group.id],
  );
  const items: NewItem[] = [];
  for (const row of rows) {
    // A tester's id is one app's: elsewhere the person is found or made by e-mail.
    const testerId = isSameApp ? row.id : await idIn(ctx, target, row.email);
    const { email, firstName, lastName } = row;
    items.push(
      step(email, {
        step: 'tester',
        email,
        firstName: firstName ?? '',
        lastName: lastName ?? '',
        testerId,
      }),
    );
  }
  return items;
}

async function idIn(ctx: Ctx, { accountId, appId }: AppFacts, email: string): Promise<string | null> {
  const [row] = await ctx.db.query<{ id: string }>(
    'SELECT id FROM betaTesters WHERE accountId = ? AND appId = ? AND emailLower = ?',
    [accountId, appId, email.toLowerCase()],
  );
  return row?.id ?? null;
}

async function buildsOf(ctx: Ctx, group: GroupRow): Promise<string[]> {
  const rows = await ctx.db.query<{ id: string }>(
    `SELECT b.id FROM buildGroups AS m JOIN builds AS b ON b.accountId = m.accountId AND b.id = m.buildId
     WHERE m.accountId = ? AND m.groupId = ? AND b.expired IS NOT 1 ORDER BY b.uploadedDate`,
    [group.accountId, group.id],
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

/** How many testers lose which builds when a group is deleted. */
export async function previewDeletion(
  ctx: Ctx,
  groupId: string,
  accountId?: string | undefined,
): Promise<DeletionPreview> {
  authorise(ctx.actor, 'programme:read');
  const group = await groupRow(ctx, groupId, accountId);
  const [counts] = await ctx.db.query<{ testers: number; losing: number }>(
    `SELECT count(*) AS testers, coalesce(sum(
       NOT EXISTS (SELECT 1 FROM betaGroupTesters AS o WHERE o.accountId = m.accountId AND o.appId = m.appId
         AND o.testerId = m.testerId AND o.groupId <> m.groupId)
       AND NOT EXISTS (SELECT 1 FROM buildTesters AS b WHERE b.accountId = m.accountId AND b.testerId = m.testerId)
     ), 0) AS losing FROM betaGroupTesters AS m WHERE m.accountId = ? AND m.groupId = ?`,
    [group.accountId, groupId],
  );
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
async function lostBuilds(ctx: Ctx, group: GroupRow): Promise<{ id: string; label: string }[]> {
  const given =
    group.hasAccessToAllBuilds === 1
      ? 'b.accountId = ? AND b.appId = ?'
      : 'EXISTS (SELECT 1 FROM buildGroups AS m WHERE m.accountId = b.accountId AND m.buildId = b.id AND m.accountId = ? AND m.groupId = ?)';
  const rows = await ctx.db.query<{ id: string } & Parameters<typeof buildWords>[0]>(
    `SELECT b.id, b.trainVersion, b.version, b.platform
     FROM builds AS b WHERE ${given} AND b.expired IS NOT 1 ORDER BY b.uploadedDate DESC`,
    [group.accountId, group.hasAccessToAllBuilds === 1 ? group.appId : group.id],
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
