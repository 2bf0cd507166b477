import { dayAfter, mondayOf } from '@/lib/format/utc-days';
import type { Ctx } from '../ctx';
import { livesOf, thereOn, weekly } from './active';
import { type Asked, askedOf } from './asked';
import { type WindowRow, windowsWithin } from './readings';
import { activeByWeek, activeOn, joinedByWeek, thereBefore, weekOf } from './retention-rows';

/** The testers who came in one week, and how many of them had a session in it and in each week after it. */
export interface Cohort {
  /** Monday of the week, UTC. */
  readonly week: string;
  readonly joined: number;
  /** Of each week since, as far as weeks are over; null where no reading covers the week. */
  readonly active: readonly (number | null)[];
}

export interface Retention {
  readonly cohorts: readonly Cohort[];
  /** Who was there when Flightdeck first looked: how many, and how many of them were active in each week. */
  readonly before: {
    readonly testers: number;
    readonly active: readonly { readonly week: string; readonly active: number | null }[];
  };
}

interface Counts {
  /** Mondays of the weeks shown, and of those that a reading covers. */
  readonly weeks: readonly string[];
  readonly told: ReadonlySet<string>;
  readonly joined: ReadonlyMap<string, number>;
  /** How many of a week's arrivals were active in another week. */
  readonly active: readonly { readonly of: string; readonly week: string; readonly n: number }[];
  /** How many were active in a week in all. */
  readonly all: ReadonlyMap<string, number>;
  readonly before: number;
}

/**
 * How testers stay, by the week in which they came, of the weeks that touch a range and are over.
 * @throws RefusedError 404 unknown app, 400 no such days
 */
export async function readRetention(ctx: Ctx, asked: Asked): Promise<Retention> {
  const { db } = ctx;
  const {
    scope,
    range: { from, to },
  } = await askedOf(ctx, asked);
  const weeks = weeksBetween(mondayOf(from), to);
  const windows = await windowsWithin(db, { ...scope, since: from, until: to });
  const told = toldWeeks(weeks, weekly(windows, 'apps'));
  const days = [...told].map(readingOf);
  const weekRead = (day: string) => dayAfter(day, -7);
  const active = days.length > 0 ? await activeByWeek(db, scope, days) : [];
  const all = days.length > 0 ? await activeOn(db, scope, days) : [];
  return cohortsOf({
    ...{ weeks, told },
    joined: new Map((await joinedByWeek(db, scope)).map(({ week, n }) => [weekOf(week), n])),
    active: active.map(({ week, day, n }) => ({ of: weekOf(week), week: weekRead(day), n })),
    all: new Map(all.map(({ day, n }) => [weekRead(day), n])),
    before: await thereBefore(db, scope),
  });
}

/** A week is told by the seven days before the reading of the Monday after it. */
const readingOf = (week: string) => dayAfter(week, 7);

/** Mondays of the weeks that are over. */
export function weeksBetween(first: string, to: string): string[] {
  const weeks: string[] = [];
  for (let week = first; readingOf(week) <= to; week = dayAfter(week, 7)) weeks.push(week);
  return weeks;
}

/** The weeks of which every app that was read by then, and is not gone, has its window. */
export function toldWeeks(
  weeks: readonly string[],
  windows: readonly Pick<WindowRow, 'accountId' | 'id' | 'day' | 'knownAs'>[],
): Set<string> {
  const apps = livesOf(windows, ({ day }) => day);
  return new Set(
    weeks.filter((week) => {
      const there = thereOn(apps, readingOf(week));
      return there.length > 0 && there.every((own) => own.windows.has(readingOf(week)));
    }),
  );
}

/** Cohorts by week from what was counted; a week that is not told is a gap, in each of them. */
export function cohortsOf({ weeks, told, joined, active, all, before }: Counts): Retention {
  const of = (cohort: string, week: string) =>
    active.find((one) => one.of === cohort && one.week === week)?.n ?? 0;
  const cohorts = weeks.flatMap((week) => {
    const came = joined.get(week);
    if (came === undefined) return [];
    const later = weeks.filter((one) => one >= week);
    return [{ week, joined: came, active: later.map((one) => (told.has(one) ? of(week, one) : null)) }];
  });
  const ofWeeks = (week: string) =>
    active.filter((one) => one.week === week).reduce((sum, { n }) => sum + n, 0);
  const rest = (week: string) => (told.has(week) ? (all.get(week) ?? 0) - ofWeeks(week) : null);
  return {
    cohorts,
    before: { testers: before, active: weeks.map((week) => ({ week, active: rest(week) })) },
  };
}
