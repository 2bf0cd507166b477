import { maskEmails } from '@/lib/access/mask';
import { blockquote, crashText, listOf, quoted } from '../hand-over/markdown';
import { oneLine, type Told } from '../hand-over/told';

/** What stands for itself in a template, and what it is. */
export const PLACEHOLDERS = {
  title: 'what it is called',
  number: 'the number of its crash issue, such as #128',
  comment: 'the comment, as a quotation',
  facts: 'device, system, build and so on, as a list',
  crash: 'what crashed, with the first calls',
  thread: 'what crashed, with the whole thread',
  app: 'the app',
  build: 'version and build',
  device: 'the device',
  system: 'the system and its version',
  state: 'how it is triaged',
  tester: 'who sent it, without an address',
  email: 'the tester’s address, where whoever sends it may see it',
  link: 'a link to its page here',
} as const;
type Placeholder = keyof typeof PLACEHOLDERS;

export const DEFAULT_TITLE = '{{title}}';
export const DEFAULT_BODY = '{{comment}}\n\n{{facts}}\n\n{{crash}}\n\n{{link}}';

const PLACE = /\{\{\s*([^{}]*?)\s*\}\}/g;

const isPlaceholder = (name: string): name is Placeholder => Object.hasOwn(PLACEHOLDERS, name);

/** What in a template stands for nothing that is known; null when all does. */
export function templateProblem(template: string): string | null {
  const unknown = [...template.matchAll(PLACE)]
    .map(([, name = '']) => name)
    .filter((name) => !isPlaceholder(name));
  if (unknown.length === 0) return null;
  const known = Object.keys(PLACEHOLDERS).map((name) => `{{${name}}}`);
  return `{{${unknown[0]}}} stands for nothing. There are ${known.join(', ')}.`;
}

/**
 * What a template says of a report or an issue. Addresses are masked wherever they stand, but for `{{email}}` where
 * whoever sends it may see them.
 */
export function filled(
  { title, body }: { readonly title: string; readonly body: string },
  told: Told,
  isPlain: boolean,
): { title: string; body: string } {
  const shown = maskEmails(told);
  const email = told.tester?.email ?? null;
  const address = email === null ? '' : isPlain ? email : maskEmails({ email }).email;
  return {
    title:
      oneLine(
        replaced(title, (name) => inTitle(name, shown, address)),
        250,
      ) || oneLine(shown.title),
    body: tidied(replaced(body, (name) => inBody(name, shown, address))),
  };
}

const replaced = (template: string, value: (name: Placeholder) => string) =>
  template.replace(PLACE, (whole, name: string) => (isPlaceholder(name) ? value(name) : whole));

const FACTS: Readonly<Partial<Record<Placeholder, string>>> = {
  build: 'Build',
  device: 'Device',
  system: 'System',
  state: 'State',
};

/** Words alone: a title knows no markup. */
function inTitle(name: Placeholder, told: Told, email: string): string {
  switch (name) {
    case 'title':
      return told.title;
    case 'number':
      return told.number ?? '';
    case 'comment':
      return told.comment ?? '';
    case 'app':
      return told.appName;
    case 'tester':
      return told.tester?.name ?? '';
    case 'email':
      return email;
    case 'link':
      return told.url;
    case 'facts':
    case 'crash':
    case 'thread':
      return '';
    default: {
      const fact = FACTS[name];
      return told.facts.find(([label]) => label === fact)?.[1] ?? '';
    }
  }
}

function inBody(name: Placeholder, told: Told, email: string): string {
  switch (name) {
    case 'comment':
      return told.comment === null ? '' : blockquote(told.comment);
    case 'facts':
      return listOf(told.facts);
    case 'crash':
    case 'thread':
      return told.crash
        ? crashText(told.crash, name === 'crash' ? 'top' : 'thread')
        : (told.crashTrouble ?? '');
    case 'link':
      return `[Open in Flightdeck](<${told.url}>)`;
    default:
      return quoted(inTitle(name, told, email));
  }
}

const tidied = (text: string) =>
  text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
