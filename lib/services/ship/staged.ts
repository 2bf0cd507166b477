import { isolated } from '@/lib/format/isolated';
import { formatPlural } from '@/lib/format/numbers';
import type { GroupRow } from '../app-facts';
import { badMember } from '../errors';
import type { ShipInput } from './input';
import type { ShipStep } from './steps';

export type Staged = NonNullable<ShipInput['staged']>;

/** @throws RefusedError for groups that cannot come second */
export function checkSecond(staged: Staged, first: readonly GroupRow[], second: readonly GroupRow[]): void {
  const refuse = (words: string) => badMember('/input/staged/groups', words, 409);
  const early = second.find(({ id }) => first.some((group) => group.id === id));
  if (early)
    throw refuse(`“${isolated(early.name)}” is chosen to get the build now as well: it cannot wait for it.`);
  const always = second.find(({ hasAccessToAllBuilds }) => hasAccessToAllBuilds);
  if (always)
    throw refuse(`“${isolated(always.name)}” gets every build by itself: it cannot be made to wait for one.`);
  if (staged.mail === 'everybody' && [...first, ...second].every(({ isInternalGroup }) => isInternalGroup))
    throw badMember(
      '/input/staged/mail',
      'Internal testers are not told by hand. Choose another way of telling.',
      409,
    );
}

/** The steps of the second stage: whom it mails is settled before its groups get the build. */
export function secondSteps(
  { crashFree, hours, sessions, mail = 'group' }: Staged,
  second: readonly GroupRow[],
): ShipStep[] {
  return [
    { step: 'gate', crashFree, hours, sessions },
    mail === 'group' ? { step: 'loud' } : { step: 'quiet', isSecond: true },
    ...second.map(
      ({ id, name }): ShipStep => ({
        ...{ step: 'group', groupId: id, name, getsEveryBuild: false, isSecond: true },
      }),
    ),
    ...(mail === 'everybody' ? [{ step: 'notify', isSecond: true } as const] : []),
  ];
}

/** “Wait until 99.5% of the new sessions are crash-free for 24 hours, 50 sessions at least” */
export function gateLabel({ crashFree, hours, sessions }: Omit<Staged, 'groups' | 'mail'>): string {
  return `Wait until ${crashFree}% of the new sessions are crash-free for ${formatPlural(hours, 'hour')}, ${formatPlural(sessions, 'session')} at least`;
}
