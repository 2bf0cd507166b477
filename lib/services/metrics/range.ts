import { dayAfter, daysBetween } from '@/lib/format/utc-days';
import { badParameter } from '../errors';

/** UTC days from one to another, both among them. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

/** What can be chosen without naming days. */
const LENGTHS = ['7', '30', '90', '365'];
const USUAL = '30';
const MOST_DAYS = 731;

/**
 * The days that are asked for: the last 7, 30, 90 or 365, or from one to another.
 * @throws RefusedError 400 when they are none
 */
export function rangeOf(parameters: URLSearchParams, today: string): Range {
  const from = parameters.get('from');
  const to = parameters.get('to') ?? today;
  if (from === null) {
    const days = parameters.get('days') ?? USUAL;
    if (!LENGTHS.includes(days)) throw badParameter('days', `The days are one of ${LENGTHS.join(', ')}.`);
    return { from: dayAfter(today, 1 - Number(days)), to: today };
  }
  for (const [name, day] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (!isDay(day)) throw badParameter(name, 'Name a day as 2026-11-30.');
  if (from > today) throw badParameter('from', 'That day is still to come.');
  const last = to > today ? today : to;
  if (from > last) throw badParameter('to', 'The last day is not before the first.');
  if (daysBetween(from, last) > MOST_DAYS) throw badParameter('from', 'Two years at most are shown.');
  return { from, to: last };
}

/** A day of the calendar, `YYYY-MM-DD`. */
function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** As many days, right before. */
export function rangeBefore({ from, to }: Range): Range {
  return { from: dayAfter(from, -daysBetween(from, to)), to: dayAfter(from, -1) };
}
