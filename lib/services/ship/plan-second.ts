import { isolated } from '@/lib/format/isolated';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import type { AppFacts, GroupRow } from '../app-facts';
import type { Ctx } from '../ctx';
import type { SecondMail } from './input';
import { mailedOf, mailWords } from './mails';
import type { ShipStep } from './steps';

/** What stands when the second stage begins. */
export interface SecondPlace {
  readonly buildId: string;
  /** The groups that have the build by then. */
  readonly reached: readonly GroupRow[];
  /** Those that are to have it. */
  readonly second: readonly GroupRow[];
  /** Whether those who have the build were told of it. */
  readonly isFirstTold: boolean;
}

const ids = (groups: readonly GroupRow[]) => groups.map(({ id }) => id);

/** Whom a step of the second stage mails, by our copy: a notice names a build, so it goes to those of the first too. */
export async function secondMails(
  ctx: Ctx,
  app: Pick<AppFacts, 'accountId' | 'appId'>,
  mail: SecondMail,
  { buildId, reached, second, isFirstTold }: SecondPlace,
): Promise<string> {
  if (mail === 'nobody')
    return 'Automatic notification is off by then: nobody is mailed. Those who were never invited stay so.';
  const before = ids(reached);
  if (mail === 'group') {
    // Whoever is in both was invited with the first.
    const { invited, total } = await mailedOf(ctx, app, ids(second), null, isFirstTold ? before : []);
    if (total === 0)
      return `${named(second)} ${second.length === 1 ? 'has' : 'have'} no testers: nobody is mailed.`;
    if (invited === 0)
      return `App Store Connect invites nobody: everybody of ${named(second)} was invited before. Whether it tells them of the build is not documented. Nobody else is mailed.`;
    return `App Store Connect invites ${formatCount(invited)} of ${formatPlural(total, 'tester')} of ${named(second)}, those who never were; whether it tells the others of the build is not documented. Nobody else is mailed.`;
  }
  const all = await mailedOf(ctx, app, [...before, ...ids(second)], buildId);
  const again = await mailedOf(ctx, app, before, buildId);
  const twice = again.invited + again.told;
  return `App Store Connect mails everybody of the build: ${mailWords(all, [...reached, ...second])}. ${
    twice === 0
      ? 'Nobody who has it already is among them.'
      : `${formatPlural(twice, 'of them has', 'of them have')} the build already, and ${twice === 1 ? 'gets' : 'get'} ${isFirstTold ? 'a second mail' : 'a mail too'}.`
  }`;
}

const named = (groups: readonly GroupRow[]) =>
  groups.length > 3
    ? formatPlural(groups.length, 'group')
    : groups.map(({ name }) => `“${isolated(name)}”`).join(', ');

/** What the steps of the second stage would do; null for those that are none of it. */
export async function secondWords(
  ctx: Ctx,
  app: AppFacts,
  steps: readonly ShipStep[],
  place: SecondPlace & { readonly isAuto: boolean },
): Promise<(step: ShipStep) => string | null> {
  const isLoud = steps.some(({ step }) => step === 'loud');
  const isTold = steps.some((step) => step.step === 'notify' && step.isSecond);
  const mail = isLoud ? 'group' : isTold ? 'everybody' : 'nobody';
  const mails = steps.some(({ step }) => step === 'gate') ? await secondMails(ctx, app, mail, place) : '';
  const last = steps.findLast(
    (step) => step.step === 'group' && place.second.some(({ id }) => id === step.groupId),
  );
  return (step) => {
    switch (step.step) {
      case 'gate':
        return 'Would read once an hour how the build is used, and wait. Where figures are too few, too bad or not new, it holds and tells by the bell. Nobody is mailed.';
      case 'loud':
        return place.isAuto
          ? 'Left out: automatic notification is on by then. Nobody is mailed.'
          : 'Would switch it on, so that App Store Connect invites those whom the next group brings; it stays on. Nobody is mailed by that.';
      case 'quiet':
        if (!step.isSecond) return null;
        return place.isAuto
          ? 'Would switch it off. Nobody is mailed.'
          : 'Left out: automatic notification is off by then. Nobody is mailed.';
      case 'group':
        if (!place.second.some(({ id }) => id === step.groupId)) return null;
        // All its groups are told of at once, where the last of them gets the build.
        return `Would add the build to “${isolated(step.name)}”. ${isTold ? 'Nobody is mailed before the notice.' : step === last ? mails : 'Whom that mails stands below.'}`;
      case 'notify':
        return step.isSecond ? `Would send one notice. ${mails}` : null;
      default:
        return null;
    }
  };
}
