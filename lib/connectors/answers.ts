import type { Incoming } from './outgoing';
import { ConnectorError } from './types';

/** A record of an answer; what is none has no members. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** A text of an answer; '' for anything else. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const MOST_WORDS = 300;

/** What a stranger gave as a reason, short and on one line. */
export function saidBy(words: readonly unknown[]): string {
  const text = [...new Set(words.map(textOf).filter((each) => each.trim() !== ''))].join(' ');
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > MOST_WORDS ? `${line.slice(0, MOST_WORDS)}…` : line;
}

/** How an answer tells its reasons. */
export type Reasons = (body: Readonly<Record<string, unknown>>) => readonly unknown[];

interface Asked {
  /** Who answered, for the words. */
  readonly who: string;
  readonly reasons: Reasons;
  /** Whether something was to be made: then it may have been, whatever went wrong behind. */
  readonly isWrite: boolean;
}

/** The parsed body of a success. @throws ConnectorError that says what the other side said, and whether it may be done */
export function successOf(
  answer: Incoming,
  { who, reasons, isWrite }: Asked,
): Readonly<Record<string, unknown>> {
  const { status, json, text } = answer;
  if (status >= 200 && status < 300) {
    if (typeof json === 'object' && json !== null) return recordOf(json);
    throw new ConnectorError(isWrite ? 'unsure' : 'passing', notTheirs(who, status, text));
  }
  throw refusalOf(answer, { who, reasons, isWrite });
}

/** What an answer that is no success means. */
export function refusalOf(answer: Incoming, { who, reasons, isWrite }: Asked): ConnectorError {
  const { status, json, text } = answer;
  const said = saidBy(typeof json === 'object' && json !== null ? reasons(recordOf(json)) : []);
  const words = said === '' ? '' : ` It says: ${said}`;
  const afterMs = waitOf(answer);
  if (status === 429 || (status === 403 && afterMs !== undefined))
    return new ConnectorError(
      'passing',
      `${who} asks for a pause: too many requests.${words}`,
      afterMs ?? 60_000,
    );
  if (status >= 500 || status === 408) {
    const state = `${who} answered ${status}.`;
    return new ConnectorError(isWrite ? 'unsure' : 'passing', `${state}${words}`, afterMs);
  }
  if (status >= 300 && status < 400)
    return new ConnectorError(
      'refused',
      `${who} leads on to another address, which is not followed. Look at the address of the connector.`,
    );
  if (said === '' && /<html|<!doctype/i.test(text.slice(0, 2_000)))
    return new ConnectorError('refused', notTheirs(who, status, text));
  return new ConnectorError('refused', `${MEANS[status]?.(who) ?? `${who} refused it (${status}).`}${words}`);
}

const MEANS: Readonly<Record<number, (who: string) => string>> = {
  401: (who) => `${who} does not take the secret of the connector any more.`,
  403: (who) => `The secret of the connector may not do this at ${who}.`,
  404: (who) => `${who} has no such project, or the secret of the connector may not see it.`,
  410: (who) => `${who} has switched off issues in this project.`,
  422: (who) => `${who} refused what was sent.`,
};

const notTheirs = (who: string, status: number, text: string) =>
  `The answer (${status}) is not one of ${who}${/<html|<!doctype/i.test(text.slice(0, 2_000)) ? ' but a page, maybe of a proxy between' : ''}.`;

/** The longest that anybody may ask to wait, ms. */
const LONGEST_WAIT_MS = 6 * 60 * 60_000;

/** How long to wait as the answer says, ms; undefined when it says nothing. */
function waitOf({ headers }: Pick<Incoming, 'headers'>, now = Date.now()): number | undefined {
  const after = headers['retry-after'];
  const bounded = (ms: number) => Math.min(Math.max(ms, 1_000), LONGEST_WAIT_MS);
  if (after !== undefined && /^\d{1,9}$/.test(after)) return bounded(Number(after) * 1_000);
  if (after !== undefined && !Number.isNaN(Date.parse(after))) return bounded(Date.parse(after) - now);
  const reset = headers['x-ratelimit-reset'];
  if (headers['x-ratelimit-remaining'] === '0' && reset !== undefined && /^\d{1,13}$/.test(reset))
    return bounded(Number(reset) * (reset.length > 11 ? 1 : 1_000) - now);
  return undefined;
}

/** A member of an answer that must be there. @throws ConnectorError: what was made may be there all the same */
export function needed(value: unknown, who: string, isWrite: boolean): string {
  const text = typeof value === 'number' ? String(value) : textOf(value);
  if (text !== '') return text;
  throw new ConnectorError(isWrite ? 'unsure' : 'passing', `The answer is not one of ${who}.`);
}
