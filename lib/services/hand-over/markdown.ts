import type { Told, ToldCrash } from './told';
import { visible } from './told';

/** What Markdown, or what trackers add to it, takes for more than a letter. */
const SPECIAL = /[\\`*_{}[\]<>()#+!|~$]/g;

/**
 * A stranger's words as Markdown that shows them and does nothing: no markup, no pictures or links, no mention of
 * anybody, no reference to another issue and no word that closes one.
 */
export function quoted(text: string): string {
  return (
    inert(visible(text).replace(SPECIAL, '\\$&'))
      .split('\n')
      // At the beginning of a line these make lists and rules.
      .map((line) =>
        line.replace(
          /^(\s*)([-=:]|\d+[.)](?=\s|$))/,
          (_, space: string, mark: string) => `${space}${escapedMark(mark)}`,
        ),
      )
      .join('\n')
  );
}

const escapedMark = (mark: string) => (mark.length === 1 ? `\\${mark}` : mark.replace(/[.)]$/, '\\$&'));

/** A blank of no width, which keeps trackers from taking `@ada` for Ada and `GH-1` for an issue. */
const BREAK = '\u200b';

/** A text in which nothing is taken for a person, an issue or an address to be opened. */
function inert(text: string): string {
  return text
    .replace(/@(?=[\p{L}\p{N}_])/gu, `@${BREAK}`)
    .replace(/(\\?#)(?=\d)/g, `$1${BREAK}`)
    .replace(/\b(GH|[A-Z][A-Z0-9]{1,9})-(?=\d)/g, `$1-${BREAK}`)
    .replace(/\b(https?|ftp|mailto|javascript|data):(?=\S)/gi, `$1:${BREAK}`)
    .replace(/\bwww\.(?=\S)/gi, `www.${BREAK}`);
}

/** A comment as a quotation. */
export function blockquote(text: string): string {
  return quoted(text)
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');
}

/** Lines as they are, in a fence that nothing in them can close. */
export function fenced(lines: readonly string[]): string {
  const text = visible(lines.join('\n'));
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}\n${text}\n${fence}`;
}

/** Facts as a list. */
export function listOf(facts: readonly (readonly [string, string])[]): string {
  return facts.map(([name, value]) => `- **${name}:** ${quoted(value)}`).join('\n');
}

export type HowMuch = 'top' | 'thread';
/** So many calls say where it is; a whole thread is for whoever asks. */
const TOP = 8;

/** What crashed, and where. */
export function crashText(crash: ToldCrash, howMuch: HowMuch): string {
  const frames =
    howMuch === 'thread' ? crash.frames : (crash.own.length > 0 ? crash.own : crash.frames).slice(0, TOP);
  const of = howMuch === 'thread' ? '' : crash.own.length > 0 ? ', calls of the app' : ', first calls';
  const parts = [
    listOf(crash.why),
    frames.length === 0 ? '' : `**${crash.thread}${of}**\n\n${fenced(frames)}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** A report or an issue as Markdown, with a link back. */
export function asMarkdown(told: Told, howMuch: HowMuch): string {
  const { tester } = told;
  const facts = tester ? [...told.facts, ['Tester', testerWords(tester)] as const] : told.facts;
  const parts = [
    `## ${quoted(told.title)}`,
    told.comment === null ? '' : blockquote(told.comment),
    listOf(facts),
    told.crash ? crashText(told.crash, howMuch) : (told.crashTrouble ?? ''),
    `[Open in Flightdeck](<${told.url}>)`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** A tester by name and address. */
export function testerWords({ name, email }: NonNullable<Told['tester']>): string {
  return email === null || email === name ? name : `${name} (${email})`;
}
