import type { TesterChange, TesterPage } from '@/lib/browser/testers';
import { label } from '@/lib/format/labels';

type TesterEvent = TesterPage['events'][number];

/** What sync or a job saw, in words. */
export function eventWords({ kind, before, after }: TesterEvent): string {
  const word = (value: unknown) => (typeof value === 'string' ? label(value) : 'unknown');
  switch (kind) {
    case 'state':
      return before ? `State ${word(before)} → ${word(after)}` : `State ${word(after)}`;
    case 'joined':
      return after ? `Seen for the first time, ${word(after).toLowerCase()}` : 'Seen for the first time';
    case 'left':
      return 'No longer in App Store Connect';
    case 'invited':
      return 'Invitation sent';
    case 'restored':
      return 'Invited again by a restore';
    case 'removed':
      return `Removed${reasonsOf(after)}`;
    case 'device':
      return `Installed build ${word(before)} → ${word(after)}`;
    default:
      return kind;
  }
}

function reasonsOf(after: unknown): string {
  const reasons =
    typeof after === 'object' && after !== null ? (after as { reasons?: unknown }).reasons : undefined;
  return Array.isArray(reasons) && reasons.length > 0 ? `: ${reasons.join(', ').toLowerCase()}` : '';
}

const DEEDS: Readonly<Record<string, string>> = {
  'create betaTesters': 'Invited',
  'delete betaTesters': 'Deleted from the team',
  'create betaTesterInvitations': 'Invitation sent again',
  'removeLinkage betaTesters': 'Removed from the app',
  'removeLinkage apps': 'Removed from the app',
  'update testerRecords': 'Tags, note or protection changed',
};

/** Who changed what, in words. */
export function changeWords({ action, type, target, status }: TesterChange): string {
  const tail = status === 'unknown' ? ', outcome unknown' : status === 'pending' ? ', on its way' : '';
  if (type === 'betaGroups' && action === 'addLinkage') return `Added to ${target ?? 'a group'}${tail}`;
  if (type === 'betaGroups' && action === 'removeLinkage')
    return `Removed from ${target ?? 'a group'}${tail}`;
  if (type === 'builds' && action === 'addLinkage') return `Given build ${target ?? ''}${tail}`;
  if (type === 'builds' && action === 'removeLinkage') return `Build ${target ?? ''} taken away${tail}`;
  return `${DEEDS[`${action} ${type}`] ?? `${action} ${type}`}${tail}`;
}
