import type { AlertKind } from '@/lib/format/alerts';
import { keyRefused, syncFailing } from './facts/accounts';
import { buildApproved, buildExpiring, buildFailed, buildProcessed, buildRejected } from './facts/builds';
import { crashFreeBelow } from './facts/crash-free';
import { feedbackUnread, issueAbove, newCrash, regressedCrash } from './facts/feedback';
import { linkClosed, slotsAbove, testersNear } from './facts/links';
import { shipWaiting } from './facts/ships';
import type { Ask, Course, Fact, Find, Found, Wanted, Window } from './facts/types';

const FINDS: Readonly<Record<AlertKind, Find>> = {
  ...{ buildProcessed, buildFailed, buildApproved, buildRejected, buildExpiring, crashFreeBelow },
  ...{ shipWaiting, slotsAbove, linkClosed, testersNear, newCrash, regressedCrash, issueAbove },
  ...{ feedbackUnread, syncFailing, keyRefused },
};

/** Kinds of which only a change is told: what was so before anybody looked is no news. */
const CHANGES_ALONE: readonly AlertKind[] = ['linkClosed'];

/** On which side each thing was when a rule last looked, by its subject; only what has to be kept. */
export type Marks = ReadonlyMap<string, boolean>;

interface Judged {
  readonly facts: readonly Fact[];
  /** The marks as they are to be kept from now on. */
  readonly marks: Marks;
}

/** Everything of a kind that may have to be told of a time. */
export function find(ask: Ask, window: Window, wanted: Wanted): Promise<Found> {
  return FINDS[wanted.kind](ask, window, wanted);
}

/**
 * What a rule tells of what was found. Of a thing that is compared, the crossing is told: once, and again only after it
 * was back.
 * @param since what happened before is not told
 * @param comparedFrom what stood before is known by the marks
 */
export function judge(
  found: Found,
  wanted: Wanted,
  { since, comparedFrom, marks }: { since: number; comparedFrom: number; marks: Marks },
): Judged {
  const crossings = found.courses.map((course) => crossed(course, wanted, comparedFrom, marks));
  return {
    facts: [
      ...found.facts.filter(({ at }) => at > since),
      ...crossings.flatMap(({ facts }) => facts),
    ].toSorted((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1)),
    // What is not there any more has no side.
    marks: new Map(crossings.flatMap(({ mark }) => (mark ? [mark] : []))),
  };
}

function crossed(
  { subject, points, ...place }: Course,
  { kind, threshold }: Wanted,
  from: number,
  marks: Marks,
): { readonly facts: readonly Fact[]; readonly mark: readonly [string, boolean] | null } {
  const isChangeAlone = CHANGES_ALONE.includes(kind);
  let isOver = marks.get(subject) ?? null;
  const facts: Fact[] = [];
  for (const { at, over } of points) {
    if (at <= from) continue;
    const isNews = over !== null && isOver !== true && (isOver === false || !isChangeAlone);
    if (isNews) facts.push({ key: `${kind}/${subject}/${threshold}/${at}`, kind, at, ...place, ...over });
    if (over !== null && isOver === null && isChangeAlone) continue;
    isOver = over !== null;
  }
  const isKept = isOver === true || (isOver === false && isChangeAlone);
  return { facts, mark: isKept && isOver !== null ? [subject, isOver] : null };
}
