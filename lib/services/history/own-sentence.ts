import { formatDate } from '@/lib/format/dates';
import { priorityWord, statusWord } from '@/lib/format/feedback';
import { label as labelOf } from '@/lib/format/labels';
import { untilWords } from '@/lib/format/light-words';
import { formatPlural } from '@/lib/format/numbers';
import { isRecord } from '@/lib/mirror/resource';
import { changedMembers, type Member } from './changed-members';
import {
  article,
  CHANGE,
  list,
  type Part,
  type Say,
  SET,
  SWITCH,
  self,
  TAKE,
  type Told,
  thing,
} from './parts';

export function person(told: Told, only: Member | undefined, say: Say): Part[] {
  if (only?.name === 'role') {
    return say(['made', 'make'], self(told), ` ${article(labelOf(String(only.after)).toLowerCase())}`);
  }
  if (only?.name === 'isDisabled') {
    return only.after === true
      ? say(['closed', 'close'], 'the account of ', self(told))
      : say(['opened', 'open'], 'the account of ', self(told), ' again');
  }
  if (only?.name === 'resetPassword') return say(['gave', 'give'], self(told), ' a temporary password');
  return say(CHANGE, 'the account of ', self(told));
}

export function records(told: Told, say: Say): Part[] {
  const wanted = isRecord(told.after) ? told.after : {};
  const tags = (name: string) =>
    (Array.isArray(wanted[name]) ? wanted[name] : []).filter((tag) => typeof tag === 'string');
  const who = self(told);
  const added = tags('addTags');
  const taken = tags('removeTags');
  if (added.length > 0) return say(['tagged', 'tag'], who, ' ', list(added.map((name) => ({ name }))));
  if (taken.length > 0) return say(TAKE, 'the tag ', list(taken.map((name) => ({ name }))), ' off ', who);
  const changes = changedMembers(told);
  if (changes.length === 1 && typeof changes[0]?.after === 'boolean') {
    return changes[0].after
      ? say(['protected', 'protect'], who, ' from pruning')
      : say(['stopped', 'stop'], 'protecting ', who, ' from pruning');
  }
  const [only] = changes.length === 1 ? changes : [];
  if (only?.name === 'note') return say(CHANGE, 'the note about ', who);
  if (only?.name === 'tags') return say(CHANGE, 'the tags of ', who);
  return say(CHANGE, 'notes and tags of ', who);
}

/** A build whose answer to export compliance another declaration covers now; null for any other change. */
export function covered({ type, after, ...told }: Told, say: Say): Part[] | null {
  const relationships = isRecord(after) ? after.relationships : null;
  const attributes = isRecord(after) && isRecord(after.attributes) ? Object.keys(after.attributes) : [];
  if (!isRecord(relationships) || !('appEncryptionDeclaration' in relationships)) return null;
  if (attributes.length > 0) return null;
  return say(['chose', 'choose'], 'the encryption declaration of ', thing({ ...told, type, after }));
}

/** Where reports were put by hand. */
function placing(told: Told, say: Say, wanted: Readonly<Record<string, unknown>>): Part[] {
  const what = self(told);
  const count = typeof wanted.count === 'number' ? wanted.count : 1;
  if (wanted.isBack === true) return say(['put', 'put'], 'the reports of ', what, ' back where they were');
  switch (wanted.placing) {
    case 'merge':
      return say(['merged', 'merge'], `${formatPlural(count, 'crash issue')} into `, what);
    case 'split':
      return say(['split', 'split'], `${formatPlural(count, 'way')} off `, what);
    case 'attach':
      return say(['attached', 'attach'], `${formatPlural(count, 'report')} to `, what);
    default:
      return say(TAKE, `${formatPlural(count, 'report')} out of `, what);
  }
}

/** What a rule did by itself, or as somebody let it. */
function byRule(what: Part, say: Say, wanted: Readonly<Record<string, unknown>>): Part[] {
  const { rule, priority, assignee } = wanted;
  if (wanted.isAsked === true)
    return say(['applied', 'apply'], 'the rule ', { name: String(rule) }, ' to ', what);
  const [label] = [wanted.addLabels].flat();
  const done = [
    ...(typeof assignee === 'string' ? [say(['assigned', 'assign'], what, ' to ', { name: assignee })] : []),
    ...(typeof priority === 'number'
      ? [say(SET, 'the priority of ', what, ` to ${priorityWord(priority).toLowerCase()}`)]
      : []),
    ...(typeof label === 'string' ? [say(['labelled', 'label'], what, ' ', { name: label })] : []),
  ];
  return done.flatMap((parts, at) =>
    at === 0 ? parts : [at === done.length - 1 ? ' and ' : ', ', ...parts],
  );
}

/** What was decided about feedback. */
export function decision(told: Told, say: Say): Part[] {
  const wanted = isRecord(told.after) ? told.after : {};
  if (typeof wanted.placing === 'string') return placing(told, say, wanted);
  const what = self(told);
  if (typeof wanted.rule === 'string') return byRule(what, say, wanted);
  const { status, priority, assigneeId, assignee, resolvedIn, snooze, link } = wanted;
  const [label] = [wanted.addLabels].flat();
  const [unlabel] = [wanted.removeLabels].flat();
  if (typeof status === 'string')
    return [
      ...say(['made', 'make'], what, ` “${statusWord(status)}”`),
      ...(typeof resolvedIn === 'string' ? [' in ', { name: resolvedIn }] : []),
    ];
  if (assigneeId === null) return say(['took', 'take'], what, ' off its assignee');
  if (typeof assigneeId === 'string')
    return say(
      ['assigned', 'assign'],
      what,
      ...(typeof assignee === 'string' ? [' to ', { name: assignee }] : []),
    );
  if (typeof priority === 'number')
    return say(SET, 'the priority of ', what, ` to ${priorityWord(priority).toLowerCase()}`);
  if (snooze === null) return say(['woke', 'wake'], what);
  if (snooze === 'nextBuild') return say(['snoozed', 'snooze'], what, ' until the next build');
  if (typeof snooze === 'string') return say(['snoozed', 'snooze'], what, ` until ${snooze.slice(0, 10)}`);
  if (typeof label === 'string') return say(['labelled', 'label'], what, ' ', { name: label });
  if (typeof unlabel === 'string') return say(TAKE, 'the label ', { name: unlabel }, ' off ', what);
  if (link !== undefined) return say(CHANGE, 'the link of ', what);
  return say(CHANGE, what);
}

/** That a light of the health page was hidden from the team for a while, or shown again. */
export function snoozed(told: Told, say: Say): Part[] {
  const { snooze } = isRecord(told.after) ? told.after : {};
  const what: Part = { name: told.label ?? 'a light' };
  if (!isRecord(snooze)) return say(['woke', 'wake'], '“', what, '”');
  const until =
    typeof snooze.until === 'string'
      ? ` until ${formatDate(snooze.until)}`
      : ` ${untilWords(snooze.level === 'red' ? 'red' : 'amber')}`;
  return say(['snoozed', 'snooze'], '“', what, '”', until);
}

/** What somebody made of their own weekly digest. */
export function digest(told: Told, say: Say): Part[] {
  const isOn = (value: unknown) => isRecord(value) && value.isOn === true;
  if (isOn(told.before) === isOn(told.after)) return say(CHANGE, 'their weekly digest');
  return say(SWITCH, isOn(told.after) ? 'on ' : 'off ', 'their weekly digest');
}
