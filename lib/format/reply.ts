/** What stands for something in a saved reply, and what it is. */
export const REPLY_PLACEHOLDERS = {
  'tester first name': 'the tester’s first name, or “there” where it is not known',
  tester: 'the tester’s whole name',
  app: 'the app',
  build: 'version and build',
  device: 'the device',
  system: 'the system and its version',
  date: 'the day on which it was sent',
  comment: 'what the tester wrote',
  'your name': 'your own name',
} as const;

export type ReplyValues = Readonly<Record<keyof typeof REPLY_PLACEHOLDERS, string>>;

const PLACE = /\{\s*([^{}\n]*?)\s*\}/g;

const isPlaceholder = (name: string): name is keyof ReplyValues => Object.hasOwn(REPLY_PLACEHOLDERS, name);
const named = (name: string) => name.toLowerCase().replace(/\s+/g, ' ');

/** What in a text stands for nothing that is known; null when all does. */
export function replyProblem(text: string): string | null {
  const unknown = [...text.matchAll(PLACE)]
    .map(([, name = '']) => name)
    .find((name) => !isPlaceholder(named(name)));
  if (unknown === undefined) return null;
  const known = Object.keys(REPLY_PLACEHOLDERS).map((name) => `{${name}}`);
  return `{${unknown}} stands for nothing. There are ${known.join(', ')}.`;
}

/** A text with what it says of one report. */
export function filledReply(text: string, values: ReplyValues): string {
  return text.replace(PLACE, (whole, name: string) => {
    const known = named(name);
    return isPlaceholder(known) ? values[known] : whole;
  });
}

/** The longest link that mail programs and systems take, characters. */
export const MOST_MAILTO = 1_900;

/** Half of a letter: of a pair that stands for one. */
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A link that opens a mail program; half letters, which no link can hold, are replaced. */
export function mailtoOf(address: string, subject: string, body: string): string {
  const part = (text: string) => encodeURIComponent(text.replace(HALF, '\ufffd'));
  const parts = [
    ['subject', subject.replace(/\s+/g, ' ').trim()],
    ['body', body.replace(/\r\n?|\n/g, '\r\n')],
  ].filter(([, text]) => text !== '');
  const query = parts.map(([name, text = '']) => `${name}=${part(text)}`).join('&');
  return `mailto:${part(address).replaceAll('%40', '@')}${query === '' ? '' : `?${query}`}`;
}
