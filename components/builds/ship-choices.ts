import { isSendable } from '@/components/texts/marked-area';
import type { ShipOrder } from '@/lib/browser/ship';
import type { ShipTemplateView, TemplateChoices } from '@/lib/browser/ship-templates';
import type { BuildResource } from '@/lib/browser/types';
import { nextTime, WEEKDAYS } from '@/lib/format/next-time';
import { filledNote, type NoteValues } from '@/lib/format/note-variables';
import { type StagedChoices, stagedChosen, stagedOrder } from './staged-choices';

/** When testers are told. */
export type Telling = 'now' | 'time' | 'weekly' | 'none';

/** “Tuesday 09:00 Europe/Berlin”, in its parts. */
export interface Weekly {
  readonly day: string;
  readonly time: string;
  readonly zone: string;
}

/** What is chosen in the form. */
export interface ShipChoices {
  readonly groups: readonly string[];
  /** What to Test by language, as far as something was typed over what is there. */
  readonly notes: Readonly<Record<string, string>>;
  /** The template of What to Test that these texts are, as it filled them in; null once one was typed over. */
  readonly noteTemplate: string | null;
  /** What answers export compliance where that is missing: nothing, that it is exempt, or a declaration. */
  readonly compliance: 'open' | 'exempt' | 'declared';
  readonly declarationId: string | null;
  readonly submit: boolean;
  readonly telling: Telling;
  /** As the field of the browser gives it, in the person's own time. */
  readonly at: string;
  readonly weekly: Weekly;
  /** Groups that get the build later; null while there are none. */
  readonly staged: StagedChoices | null;
}

/** Whether somebody has to say something about the build's encryption before it can be tested. */
export const wantsCompliance = (build: BuildResource): boolean =>
  build.attributes?.usesNonExemptEncryption == null;

const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Needs no more than a look: submitted where that is what comes next. */
export function choicesFor(build: BuildResource): ShipChoices {
  const isPassed = ['BETA_APPROVED', 'IN_BETA_TESTING', 'READY_FOR_BETA_TESTING'].includes(
    build.meta?.externalBuildState ?? '',
  );
  return {
    ...{ groups: [], notes: {}, noteTemplate: null, compliance: 'open', declarationId: null },
    ...{ submit: !isPassed, telling: 'now', at: '' },
    weekly: { day: 'Tuesday', time: '09:00', zone: ownZone() },
    staged: null,
  };
}

/** What a draft holds, as far as this form still understands it. */
export function readChoices(kept: unknown): ShipChoices | null {
  const { groups, notes, compliance, telling, weekly, staged } = (kept ?? {}) as Partial<ShipChoices>;
  const isWhole = Array.isArray(groups) && notes && typeof notes === 'object' && compliance && telling;
  return isWhole && weekly ? { ...(kept as ShipChoices), staged: staged ?? null } : null;
}

const MOMENT: Intl.DateTimeFormatOptions = {
  ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  ...{ hour: '2-digit', minute: '2-digit' },
};

/** The moment that is chosen with its weekday and zone, so that nobody takes it for another; the zone alone before. */
export function momentWords(at: string, timeZone = ownZone()): string {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return `In your own time zone, ${timeZone}. The plan needs it.`;
  const words = new Intl.DateTimeFormat('en-GB', MOMENT).format(moment);
  return `${words}, ${timeZone}. Where beta review takes longer, as soon as it has approved.`;
}

export const weeklyText = ({ day, time, zone }: Weekly): string => `${day} ${time} ${zone}`;

/** When a day and time comes next, told in its own zone; null for one that there is not. */
export function weeklyMoment(weekly: Weekly, now: number): string | null {
  const at = nextTime(weeklyText(weekly), now);
  if (at === null) return null;
  return new Intl.DateTimeFormat('en-GB', { ...MOMENT, timeZone: weekly.zone }).format(at);
}

/** “Tuesday 09:00 Europe/Berlin” in its parts; null for other words. */
function readWeekly(words: string): Weekly | null {
  const [day = '', time = '', zone = ''] = words.split(' ');
  const known = WEEKDAYS.find((name) => name.toLowerCase() === day.toLowerCase());
  return known && zone && nextTime(words, 0) !== null
    ? { day: known, time: time.padStart(5, '0'), zone }
    : null;
}

/** The choices with texts that say in words what stands in their braces; what stands for nothing stays as it is typed. */
export function filledChoices(chosen: ShipChoices, values: NoteValues): ShipChoices {
  const filled = Object.entries(chosen.notes).map(([locale, text]) => [
    locale,
    filledNote(text, values, locale).text,
  ]);
  return { ...chosen, notes: Object.fromEntries(filled) };
}

/** The texts that are sent: what is empty, or there already, stays as it is. */
export function textsToSend(
  notes: ShipChoices['notes'],
  held: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(notes).filter(([locale, text]) => text.trim() !== '' && text !== held[locale]),
  );
}

/** What the order says of it all but the build and its texts; null while something that is wanted is not given. */
function orderedOf(chosen: ShipChoices, isComplianceWanted: boolean) {
  const { groups, compliance, declarationId, submit, telling, at, weekly, staged } = chosen;
  const second = staged && stagedOrder(staged);
  if (staged && second === null) return null;
  const notify =
    telling === 'weekly'
      ? weeklyText(weekly)
      : telling === 'time'
        ? (isoOf(at) ?? '')
        : (telling as 'now' | 'none');
  if (notify === '' || (telling === 'weekly' && nextTime(notify, 0) === null)) return null;
  if (isComplianceWanted && compliance === 'declared' && declarationId === null) return null;
  const answer =
    compliance === 'exempt'
      ? { usesNonExemptEncryption: false as const }
      : compliance === 'declared' && declarationId !== null
        ? { declarationId }
        : null;
  return {
    ...(groups.length > 0 ? { groups: [...groups] } : {}),
    ...(isComplianceWanted && answer ? { compliance: answer } : {}),
    ...(submit ? { submit } : {}),
    notify,
    ...(second ? { staged: second } : {}),
  };
}

const isoOf = (at: string) => (Number.isNaN(Date.parse(at)) ? null : new Date(at).toISOString());

/** The order that the choices stand for; null while something that is wanted is not given, or cannot be sent. */
export function orderOf(
  build: BuildResource,
  appId: string,
  chosen: ShipChoices,
  held: Readonly<Record<string, string>>,
): ShipOrder | null {
  const ordered = orderedOf(chosen, wantsCompliance(build));
  const notes = textsToSend(chosen.notes, held);
  if (ordered === null || Object.values(notes).some((text) => !isSendable(text, true))) return null;
  return {
    appId,
    accountId: build.meta?.accountId,
    input: { build: build.id, ...ordered, ...(Object.keys(notes).length > 0 ? { notes } : {}) },
  };
}

/** What a template is to keep of the texts: none, those of the form, or a template of What to Test by its id. */
export type KeptTexts = { readonly of: 'none' | 'form' } | { readonly of: 'template'; readonly id: string };

/** The choices as a template keeps them; null while something that is wanted is not given. */
export function templateOf(chosen: ShipChoices, texts: KeptTexts): TemplateChoices | null {
  const ordered = orderedOf(chosen, true);
  if (ordered === null) return null;
  const notes = textsToSend(chosen.notes, {});
  return {
    ...ordered,
    ...(texts.of === 'form' && Object.keys(notes).length > 0 ? { notes } : {}),
    ...(texts.of === 'template' ? { noteTemplate: texts.id } : {}),
  };
}

/** What a template, or the last ship, puts into the form; texts are filled in by who knows the build. */
export function chosenBy(
  { choices, groups }: ShipTemplateView,
  texts: Readonly<Record<string, string>> | null,
): Partial<ShipChoices> {
  const { compliance, submit = false, notify = 'now', noteTemplate, staged } = choices;
  const isThere = (id: string) => groups.some((group) => group.id === id && !group.isGone);
  const weekly = readWeekly(notify);
  const plain = notify === 'now' || notify === 'none' ? notify : 'time';
  return {
    groups: (choices.groups ?? []).filter(isThere),
    submit,
    staged: staged ? stagedChosen(staged, isThere) : null,
    ...(weekly ? { telling: 'weekly' as const, weekly } : { telling: plain }),
    ...(compliance === undefined
      ? {}
      : 'declarationId' in compliance
        ? { compliance: 'declared' as const, declarationId: compliance.declarationId }
        : { compliance: 'exempt' as const }),
    ...(texts ? { notes: texts, noteTemplate: noteTemplate ?? null } : {}),
  };
}
