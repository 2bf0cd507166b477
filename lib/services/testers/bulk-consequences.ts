import { INTERNAL_TESTER_LIMIT } from '@/lib/asc/catalogue/limits';
import { hasAccepted } from '@/lib/asc/catalogue/tester-states';
import { formatPlural } from '@/lib/format/numbers';
import type { AppFacts, GroupRow } from '../app-facts';
import type { Ctx } from '../ctx';
import type { TesterPayload } from '../job-steps/tester-payload';
import type { BulkKind } from './bulk-kinds';

export interface BulkConsequences {
  /** Sentences that say what people lose. */
  readonly takesAway: readonly string[];
  /** What Apple will probably refuse, or what is needless. */
  readonly warnings: readonly string[];
}

/** What an operation takes away and where it will meet refusals, by what the mirror knows. */
export async function consequencesOf(
  ctx: Ctx,
  app: AppFacts,
  body: { readonly kind: BulkKind; readonly groupId?: string; readonly buildId?: string },
  testers: readonly TesterPayload[],
  groups: readonly GroupRow[],
): Promise<BulkConsequences> {
  switch (body.kind) {
    case 'resend-invitations':
      return { takesAway: [], warnings: resendWarnings(testers) };
    case 'add-to-group':
      return {
        takesAway: [],
        warnings: addWarnings(
          testers,
          groups.find((group) => group.id === body.groupId),
        ),
      };
    case 'remove-from-group':
      return leavingGroup(testers, body.groupId ?? '', groups);
    case 'remove-from-app':
      return { takesAway: leavingApp(app, testers), warnings: [] };
    case 'delete-testers':
      return { takesAway: await leavingTeam(ctx, app, testers), warnings: [] };
    case 'add-build':
      return {
        takesAway: [],
        warnings: [
          ...holderWarnings(testers, body.buildId ?? ''),
          ...(await buildWarnings(ctx, app, body.buildId ?? '')),
        ],
      };
    case 'remove-build':
      return leavingBuild(testers, body.buildId ?? '');
  }
}

function resendWarnings(testers: readonly TesterPayload[]): string[] {
  const accepted = testers.filter(({ state }) => hasAccepted(state)).length;
  const nameless = testers.filter(({ email }) => email === null).length;
  return [
    ...sentence(accepted, 'has', 'have', 'accepted already and will be skipped.'),
    ...sentence(nameless, 'came', 'came', 'by public link and cannot be written to.'),
  ];
}

function addWarnings(testers: readonly TesterPayload[], group: GroupRow | undefined): string[] {
  if (!group) return [];
  const there = testers.filter((tester) => tester.groupIds.includes(group.id)).length;
  const warnings = sentence(there, 'is', 'are', 'in the group already.');
  if (group.isInternalGroup) {
    warnings.push(
      `An internal group takes only people of your App Store Connect team, at most ${INTERNAL_TESTER_LIMIT} per app.`,
    );
  }
  return warnings;
}

function holderWarnings(testers: readonly TesterPayload[], buildId: string): string[] {
  const there = testers.filter((tester) => tester.buildIds.includes(buildId)).length;
  return sentence(there, 'has', 'have', 'this build as a single assignment already.');
}

function leavingGroup(
  testers: readonly TesterPayload[],
  groupId: string,
  groups: readonly GroupRow[],
): BulkConsequences {
  const members = testers.filter((tester) => tester.groupIds.includes(groupId));
  const last = members.filter(
    (tester) => tester.groupIds.length === 1 && tester.buildIds.length === 0,
  ).length;
  const name = groups.find((group) => group.id === groupId)?.name ?? 'the group';
  return {
    takesAway: [
      ...sentence(members.length, 'loses', 'lose', `the builds they get through “${name}”.`),
      ...sentence(last, 'has', 'have', 'no other access to the app and cannot test it any more.'),
    ],
    warnings: sentence(testers.length - members.length, 'is', 'are', 'not in the group.'),
  };
}

function leavingApp(app: AppFacts, testers: readonly TesterPayload[]): string[] {
  const groups = new Set(testers.flatMap((tester) => tester.groupIds)).size;
  const single = testers.filter((tester) => tester.buildIds.length > 0).length;
  return [
    ...sentence(
      testers.length,
      'loses',
      'lose',
      `all access to ${app.title}, with ${formatPlural(groups, 'group membership', 'groups')}.`,
    ),
    ...sentence(single, 'loses', 'lose', 'builds assigned one by one.'),
    'Their sessions and feedback stay in the history. They can be invited again.',
  ];
}

async function leavingTeam(ctx: Ctx, app: AppFacts, testers: readonly TesterPayload[]): Promise<string[]> {
  const emails = testers.flatMap(({ email }) => (email === null ? [] : [email.toLowerCase()]));
  const { build, dialect } = ctx.db;
  const [row] = await ctx.db.read(
    build
      .selectFrom('betaTesters')
      .select((eb) => eb.fn.count<number>('appId').distinct().as('apps'))
      .where('accountId', '=', app.accountId)
      .where((eb) => dialect.among(eb.ref('emailLower'), emails)),
  );
  const apps = Math.max(1, row?.apps ?? 1);
  return sentence(
    testers.length,
    'loses',
    'lose',
    `access to every app of the team (${formatPlural(apps, 'app')}) and every group.`,
  );
}

function leavingBuild(testers: readonly TesterPayload[], buildId: string): BulkConsequences {
  const holders = testers.filter((tester) => tester.buildIds.includes(buildId));
  const last = holders.filter(
    (tester) => tester.buildIds.length === 1 && tester.groupIds.length === 0,
  ).length;
  return {
    takesAway: [
      ...sentence(
        holders.length,
        'loses',
        'lose',
        'this build as a single assignment. Groups that hold it still give it.',
      ),
      ...sentence(last, 'has', 'have', 'no other access to the app and cannot test it any more.'),
    ],
    warnings: sentence(
      testers.length - holders.length,
      'does',
      'do',
      'not have this build as a single assignment.',
    ),
  };
}

/** What speaks against giving a build: nobody can install it, or not yet. */
export async function buildWarnings(ctx: Ctx, app: AppFacts, buildId: string): Promise<string[]> {
  const [build] = await ctx.db.read(
    ctx.db.build
      .selectFrom('builds')
      .select(['externalBuildState', 'expired'])
      .where('accountId', '=', app.accountId)
      .where('id', '=', buildId),
  );
  if (build?.expired === 1) return ['The build has expired: nobody can install it.'];
  if (
    build?.externalBuildState &&
    !['IN_BETA_TESTING', 'BETA_APPROVED', 'READY_FOR_BETA_TESTING'].includes(build.externalBuildState)
  ) {
    return ['The build is not approved for external testing yet: people are invited once it is.'];
  }
  return [];
}

function sentence(n: number, one: string, many: string, rest: string): string[] {
  if (n === 0) return [];
  return [`${formatPlural(n, 'tester')} ${n === 1 ? one : many} ${rest}`];
}
