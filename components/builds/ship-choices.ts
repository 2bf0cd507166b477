import type { ShipOrder } from '@/lib/browser/ship';
import type { BuildResource } from '@/lib/browser/types';

/** When testers are told. */
export type Telling = 'now' | 'time' | 'none';

/** What is chosen in the form. */
export interface ShipChoices {
  readonly groups: readonly string[];
  /** What to Test in the primary language; empty leaves what is there. */
  readonly notes: string;
  /** Whether the missing answer to export compliance is given: exempt. */
  readonly isExempt: boolean;
  readonly submit: boolean;
  readonly telling: Telling;
  /** As the field of the browser gives it, in the person's own time. */
  readonly at: string;
}

/** Whether somebody has to say something about the build's encryption before it can be tested. */
export const wantsCompliance = (build: BuildResource): boolean =>
  build.attributes?.usesNonExemptEncryption == null;

/** Needs no more than a look: submitted where that is what comes next. */
export function choicesFor(build: BuildResource): ShipChoices {
  const isPassed = ['BETA_APPROVED', 'IN_BETA_TESTING', 'READY_FOR_BETA_TESTING'].includes(
    build.meta?.externalBuildState ?? '',
  );
  return { groups: [], notes: '', isExempt: false, submit: !isPassed, telling: 'now', at: '' };
}

/** The moment that is chosen with its weekday and zone, so that nobody takes it for another; the zone alone before. */
export function momentWords(at: string, timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone): string {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return `In your own time zone, ${timeZone}. The plan needs it.`;
  const words = new Intl.DateTimeFormat('en-GB', {
    ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit' },
  });
  return `${words.format(moment)}, ${timeZone}. Where beta review takes longer, as soon as it has approved.`;
}

/** The order that the choices stand for; null while a time is wanted and not given. */
export function orderOf(build: BuildResource, appId: string, chosen: ShipChoices): ShipOrder | null {
  const { groups, notes, isExempt, submit, telling, at } = chosen;
  if (telling === 'time' && Number.isNaN(Date.parse(at))) return null;
  return {
    appId,
    accountId: build.meta?.accountId,
    input: {
      build: build.id,
      ...(groups.length > 0 ? { groups } : {}),
      ...(notes.trim() === '' ? {} : { notes }),
      ...(isExempt ? { compliance: { usesNonExemptEncryption: false as const } } : {}),
      ...(submit ? { submit } : {}),
      notify: telling === 'time' ? new Date(at).toISOString() : telling,
    },
  };
}
