import { authorise } from '@/lib/access/policy';
import { isolated } from '@/lib/format/isolated';
import { languageName } from '@/lib/format/languages';
import { nextTime } from '@/lib/format/next-time';
import { formatPlural } from '@/lib/format/numbers';
import type { NewItem } from '@/lib/jobs/create';
import { type AppFacts, type GroupRow, groupsOf } from '../app-facts';
import type { Ctx } from '../ctx';
import { badMember, conflict, notFound } from '../errors';
import type { JobPlan } from '../jobs/plan';
import { wantsApproval } from './approval';
import { readBuild } from './facts';
import { findBuild } from './find-build';
import { type ShipInput, timeoutMs } from './input';
import { refuseSecond } from './open-ship';
import { planWords } from './plan-words';
import { checkSecond, gateLabel, secondSteps } from './staged';
import type { ShipParams, ShipStep } from './steps';
import { choicesOfShip } from './template-choices';

/** The steps that bring a build to its testers, by a look at App Store Connect; nothing is sent. */
export async function planShip(
  ctx: Ctx,
  app: AppFacts,
  input: ShipInput,
  isDryRun: boolean,
): Promise<JobPlan> {
  // A token that may start jobs is made for these.
  if (ctx.actor.kind !== 'machine') authorise(ctx.actor, 'programme:write');
  // Whoever waits for an upload is told of other mistakes at once.
  const groups = await groupsNamed(ctx, app, input.groups ?? []);
  const { staged } = input;
  const second = await groupsNamed(ctx, app, staged?.groups ?? []);
  if (staged) checkSecond(staged, groups, second);
  const { id, name } = await findBuild(ctx, app, input.build);
  if (!isDryRun) await refuseSecond(ctx, { accountId: app.accountId, appId: app.appId, buildId: id });
  const build = await readBuild(ctx, app, id);
  if (!build) throw badMember('/input/build', `${name} is not at App Store Connect any more.`, 409);
  if (build.isExpired)
    throw conflict(
      'FLIGHTDECK.BUILD_EXPIRED',
      `${name} has expired: nobody can test it. Ship another build.`,
    );
  const external = [...groups, ...second].find((group) => !group.isInternalGroup);
  if (build.isInternalOnly && external)
    throw badMember(
      groups.includes(external) ? '/input/groups' : '/input/staged/groups',
      `${name} was made for internal testing only: the external group “${external.name}” cannot have it.`,
      409,
    );
  const isNothing = groups.length === 0 && !staged;
  if (isNothing && input.submit !== true && (input.notify ?? 'now') === 'now' && !input.notes)
    throw badMember(
      '/input/groups',
      'Name a group, a text, a submission or a notification: there is nothing to do.',
    );
  const notes = typeof input.notes === 'string' ? { [await primaryOf(ctx, app)]: input.notes } : input.notes;
  const isSecondWanted = await wantsApproval(ctx, app);
  const steps: ShipStep[] = [
    ...(isSecondWanted ? [{ step: 'consent' } as const] : []),
    ...stepsOf({ ...input, notes: notes ?? {} }, groups, second),
  ];
  const words = await planWords(ctx, app, build, groups, steps);
  const items: NewItem[] = steps.map((payload) => ({ payload, label: labelOf(payload) }));
  const params: ShipParams & Record<string, unknown> = {
    buildId: id,
    groupIds: groups.map((group) => group.id),
    timeoutMs: timeoutMs(input),
    ...(staged ? { second: { groups: second.map(nameOf), mail: staged.mail ?? 'group' } } : {}),
    ...(isSecondWanted ? { plan: steps.map((step) => words.get(step)?.words ?? '') } : {}),
    // What the next build may be shipped by.
    choices: choicesOfShip(input, groups, second),
  };
  const then = second.length > 0 ? `, then${listed(second)}` : '';
  return {
    title: `Ship ${name}${listed(groups)}${then}`,
    params,
    items,
    planOf: ({ payload }) => words.get(payload as ShipStep)?.words ?? '',
    stopsAt: ({ payload }) => words.get(payload as ShipStep)?.isStop === true,
  };
}

const nameOf = ({ id, name }: GroupRow) => ({ id, name });

/** “ to Public beta, Friends” */
function listed(groups: readonly GroupRow[]): string {
  if (groups.length === 0) return '';
  const names = groups.map((group) => isolated(group.name)).join(', ');
  return ` to ${groups.length > 3 ? formatPlural(groups.length, 'group') : names}`;
}

/** Which steps are needed, in the order in which nobody is mailed before the time. */
export function stepsOf(
  input: Omit<ShipInput, 'notes'> & { readonly notes: Readonly<Record<string, string>> },
  groups: readonly GroupRow[],
  second: readonly GroupRow[] = [],
): ShipStep[] {
  const { notes, compliance, submit = false, notify = 'now', staged } = input;
  const isOutside = (those: readonly GroupRow[]) => those.some((group) => !group.isInternalGroup);
  // Internal testers need no review, and are not told by hand.
  const isForOutside = groups.length === 0 || isOutside(groups);
  // Whoever has the build already, and now gets a second stage, is told nothing again.
  const isFirstTold = groups.length > 0 || submit || !staged;
  const steps: ShipStep[] = [{ step: 'processing' }];
  if (notify !== 'now') steps.push({ step: 'quiet' });
  if (compliance)
    steps.push({
      step: 'compliance',
      declarationId: 'declarationId' in compliance ? compliance.declarationId : null,
    });
  steps.push({ step: 'ready' });
  for (const [locale, whatsNew] of Object.entries(notes)) steps.push({ step: 'note', locale, whatsNew });
  for (const { id, name, hasAccessToAllBuilds } of groups)
    steps.push({ step: 'group', groupId: id, name, getsEveryBuild: hasAccessToAllBuilds });
  if (submit && (isForOutside || isOutside(second))) steps.push({ step: 'submit' }, { step: 'approval' });
  if (notify !== 'none' && isForOutside && isFirstTold) {
    if (notify !== 'now') steps.push({ step: 'time', at: notify });
    steps.push({ step: 'notify' });
  }
  if (staged) steps.push(...secondSteps(staged, second));
  return steps;
}

/** What a step is called. */
export function labelOf(step: ShipStep): string {
  switch (step.step) {
    case 'consent':
      return 'Wait until a second person approves';
    case 'processing':
      return 'Wait until App Store Connect has processed the build';
    case 'quiet':
      return `Switch automatic notification off${step.isSecond ? ' before the second stage' : ''}`;
    case 'loud':
      return 'Switch automatic notification on';
    case 'gate':
      return gateLabel(step);
    case 'compliance':
      return step.declarationId === null
        ? 'Answer export compliance: exempt'
        : 'Answer export compliance by a declaration';
    case 'ready':
      return 'Wait until the build can be given to testers';
    case 'note':
      return `Write What to Test in ${languageName(step.locale)}`;
    case 'group':
      return `Give the build to “${isolated(step.name)}”`;
    case 'submit':
      return 'Submit the build for beta review';
    case 'approval':
      return 'Wait until beta review has approved the build';
    case 'time':
      return `Wait until ${timeWords(step.at)}`;
    case 'notify':
      return step.isSecond
        ? 'Tell everybody of the build that it is there'
        : 'Tell testers that the build is there';
  }
}

/** “Tuesday 1 December 2026 at 09:00” */
const MOMENT = new Intl.DateTimeFormat('en-GB', {
  ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  ...{ hour: '2-digit', minute: '2-digit', timeZone: 'UTC' },
});

function timeWords(at: string): string {
  if (!/^\d/.test(at)) return at;
  return `${MOMENT.format(nextTime(at, 0) ?? 0)} UTC`;
}

async function primaryOf(ctx: Ctx, { accountId, appId }: AppFacts): Promise<string> {
  const [app] = await ctx.db.read(
    ctx.db.build
      .selectFrom('apps')
      .select('primaryLocale')
      .where('accountId', '=', accountId)
      .where('id', '=', appId),
  );
  if (app?.primaryLocale) return app.primaryLocale;
  throw badMember(
    '/input/notes',
    'The primary language of the app is not known: name the language of the text.',
  );
}

async function groupsNamed(ctx: Ctx, app: AppFacts, wanted: readonly string[]): Promise<GroupRow[]> {
  const all = await groupsOf(ctx, app);
  const chosen = new Map<string, GroupRow>();
  for (const words of wanted) {
    const byId = all.find((group) => group.id === words);
    const named = byId ? [byId] : all.filter((group) => group.name === words);
    const [one, another] = named;
    if (!one)
      throw notFound(
        `There is no group “${words}” in this app, or it has not been synced yet.`,
        'FLIGHTDECK.NO_GROUP',
      );
    if (another)
      throw conflict(
        'FLIGHTDECK.SEVERAL_GROUPS',
        `Several groups are called “${words}”: ${named.map((group) => `${group.id} (${group.isInternalGroup ? 'internal' : 'external'})`).join(', ')}. Name one by its id.`,
      );
    chosen.set(one.id, one);
  }
  return [...chosen.values()];
}
