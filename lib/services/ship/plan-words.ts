import { isolated } from '@/lib/format/isolated';
import { type AppFacts, type GroupRow, groupsOf } from '../app-facts';
import { declarationOf } from '../builds/compliance-answer';
import type { Ctx } from '../ctx';
import { type BuildFacts, inReviewBeside } from './facts';
import { type Asked, judge } from './judge';
import { wantsDeclaration } from './judge-compliance';
import { groupsWith, mailedOf, mailWords } from './mails';
import { secondWords } from './plan-second';
import type { ShipStep } from './steps';

const NOBODY = 'Nobody is mailed.';

/** What a step would do, and whether the job would end there. */
interface Planned {
  readonly words: string;
  readonly isStop: boolean;
}
/** What is not judged by the build alone. */
type Unjudged = Extract<ShipStep, { step: 'time' | 'consent' | 'notify' | 'gate' | 'loud' }>;
const isUnjudged = (step: ShipStep): step is Unjudged =>
  ['time', 'consent', 'notify', 'gate', 'loud'].includes(step.step);

/** What each step of a plan would do and whom it mails, by how things stand now. */
export async function planWords(
  ctx: Ctx,
  app: AppFacts,
  build: BuildFacts,
  groups: readonly GroupRow[],
  steps: readonly ShipStep[],
): Promise<ReadonlyMap<ShipStep, Planned>> {
  const holding = await groupsWith(ctx, app, build.id);
  const isChosen = ({ id }: GroupRow) => groups.some((group) => group.id === id);
  const known = await groupsOf(ctx, app);
  const reached = known.filter((group) => holding.has(group.id) || isChosen(group));
  const external = reached.filter((group) => !group.isInternalGroup);
  const isAuto =
    build.isAutoNotified !== false && !steps.some((step) => step.step === 'quiet' && !step.isSecond);
  const pending = judge({ step: 'submit' }, build);
  const inReview =
    pending.is === 'send' && steps.some(({ step }) => step === 'submit')
      ? await inReviewBeside(await ctx.ascFor(app.accountId), app.appId, build)
      : null;
  const covered: Asked = steps.some((step) => wantsDeclaration(step, build))
    ? { declarationId: await declarationOf(await ctx.ascFor(app.accountId), build.id) }
    : {};
  const isSubmitted = steps.some(({ step }) => step === 'submit') || pending.is === 'so';
  const isApproved = judge({ step: 'approval' }, build).is === 'there';
  const all = mailWords(
    await mailedOf(
      ctx,
      app,
      reached.map(({ id }) => id),
      build.id,
    ),
    reached,
  );
  const outside = mailWords(
    await mailedOf(
      ctx,
      app,
      external.map(({ id }) => id),
      build.id,
    ),
    external,
  );
  const isSecond = ({ id }: GroupRow) =>
    !holding.has(id) && steps.some((step) => step.step === 'group' && step.isSecond && step.groupId === id);
  const ofSecond = await secondWords(ctx, app, steps, {
    ...{ buildId: build.id, reached, second: known.filter(isSecond), isAuto },
    isFirstTold: isAuto || steps.some((step) => step.step === 'notify' && !step.isSecond),
  });
  const words = new Map<ShipStep, Planned>();
  for (const step of steps) {
    const second = ofSecond(step);
    if (second !== null || step.step === 'gate' || step.step === 'loud') {
      words.set(step, { words: second ?? NOBODY, isStop: false });
      continue;
    }
    const so = soAlready(step);
    const stop = so === null ? stopOf(step) : null;
    if (stop !== null) words.set(step, { words: stop, isStop: true });
    else
      words.set(step, { words: so === null ? await tell(step) : `Left out: ${so} ${NOBODY}`, isStop: false });
  }
  return words;

  /** Why a step is left out; null where it is not. */
  function soAlready(step: ShipStep): string | null {
    if (isUnjudged(step)) return null;
    const isInGroup = step.step === 'group' && holding.has(step.groupId);
    const verdict = judge(step, build, { ...covered, isInGroup });
    const isWaitedFor = step.step === 'processing' || step.step === 'ready' || step.step === 'approval';
    return verdict.is === 'so' || (verdict.is === 'there' && isWaitedFor) ? verdict.words : null;
  }

  /** Why the job would end at a step, whatever those before it have done; null where nothing says so. */
  function stopOf(step: ShipStep): string | null {
    if (step.step === 'notify')
      return isApproved || isSubmitted
        ? null
        : `Would stop here, unless the build is approved by then: it is not submitted for review. ${NOBODY}`;
    if (isUnjudged(step)) return null;
    // The step before it gives the answer that is missing.
    if (step.step === 'ready' && steps.some((other) => other.step === 'compliance')) return null;
    const verdict = judge(step, build, { ...covered, isInGroup: false });
    return verdict.is === 'failed' ? `Would stop here. ${verdict.words} ${NOBODY}` : null;
  }

  async function tell(step: Exclude<ShipStep, { step: 'gate' | 'loud' }>): Promise<string> {
    switch (step.step) {
      case 'consent':
        return `Would wait until somebody other than who begins it approves. ${NOBODY}`;
      case 'processing':
      case 'ready':
        return `Would wait. ${NOBODY}`;
      case 'quiet':
        return 'Would switch it off, so that nobody is mailed before the time. Nobody is mailed.';
      case 'compliance':
        return `Would send the answer. ${NOBODY}`;
      case 'note':
        return `${build.texts.has(step.locale) ? 'Would change the text' : 'Would add the language'}. ${NOBODY}`;
      case 'group':
        return given(step);
      case 'submit':
        return submitted();
      case 'approval':
        return isAuto
          ? `Would wait. Automatic notification is on: with the approval App Store Connect mails ${outside}.`
          : `Would wait. Automatic notification is off by then: ${NOBODY.toLowerCase()}`;
      case 'time':
        return `Would wait for it. ${NOBODY}`;
      case 'notify':
        return isAuto
          ? `Left out: automatic notification is on, and App Store Connect tells testers by itself. ${NOBODY}`
          : `Would send one notice. App Store Connect mails ${all}.`;
    }
  }

  function submitted(): string {
    const first = inReview
      ? `Would wait until beta review has decided about ${inReview.name}, and then submit the build.`
      : 'Would submit the build.';
    return reached.length > 0
      ? `${first} ${NOBODY}`
      : `${first} No group has it and none is chosen: approved or not, nobody gets it until one does.`;
  }

  async function given({ groupId, name, getsEveryBuild }: Extract<ShipStep, { step: 'group' }>) {
    const group = groups.find(({ id }) => id === groupId);
    const head = getsEveryBuild
      ? 'Would wait: the group gets every build by itself.'
      : `Would add the build to “${isolated(name)}”.`;
    if (!isAuto) return `${head} Automatic notification is off by then: ${NOBODY.toLowerCase()}`;
    if (!group?.isInternalGroup && !isApproved)
      return `${head} Nobody is mailed before beta review has approved the build.`;
    const mailed = await mailedOf(ctx, app, [groupId], null);
    return `${head} Automatic notification is on: App Store Connect invites ${mailed.invited} of its ${mailed.total} testers, those who never were; whether it tells the others of the build is not documented.`;
  }
}
