import { isNameLike } from './kinds';

/** Somebody of a list such as `Mara Lind <mara@example.com>; tom@example.com`. */
export interface Mailbox {
  /** As it stands there, not yet checked. */
  readonly address: string;
  readonly name: string;
  /** Where it stands in the text. */
  readonly at: number;
}

interface ListOptions {
  /** Whether words right before or after a bare address may be its name, as in pasted lists. */
  readonly withBareNames?: boolean;
}

const AT = /[@＠﹫]/u;
/** What mail programs write before the recipients. */
const PREFIX =
  /^\s*(?:to|cc|bcc|from|an|von|kopie|para|de|à|cci|til|fra|från|till|aan|van|da|komu|кому|копия|宛先|收件人|받는 사람)\s*[:：]\s*/iu;
const CONNECTORS = new Set([
  'and',
  'und',
  'et',
  'y',
  'e',
  'og',
  'och',
  'en',
  'or',
  'oder',
  '/',
  '&',
  '+',
  ':::',
  '-',
  '·',
  '•',
  '*',
]);

/**
 * Reads a text that is nothing but addresses with or without names, in any of the ways people and mail programs
 * write lists. Null when anything else stands there, so that no word is taken for a person.
 */
export function readMailboxes(text: string, options: ListOptions = {}): Mailbox[] | null {
  const list = new ListReader(options);
  const prefix = PREFIX.exec(text)?.[0].length ?? 0;
  for (const token of tokensOf(text, prefix)) if (!list.take(token)) return null;
  return list.close();
}

type Token = {
  readonly kind: 'word' | 'quoted' | 'angled' | 'comment' | 'comma' | 'end';
  readonly text: string;
  readonly at: number;
};

/** Pairs of signs that enclose something. */
const PAIRS: Readonly<Record<string, string>> = {
  '"': '"',
  '“': '”',
  '<': '>',
  '＜': '＞',
  '[': ']',
  '(': ')',
};

function* tokensOf(text: string, from: number): Generator<Token> {
  const word = /[^\s,;，；、"“<＜[()|]+/uy;
  for (let at = from; at < text.length; ) {
    const sign = text[at] ?? '';
    const close = PAIRS[sign];
    const end = close === undefined ? -1 : text.indexOf(close, at + 1);
    if (close !== undefined && end > at) {
      yield enclosed(sign, text.slice(at + 1, end), at);
      at = end + 1;
    } else if (/[;；、|\n\r\t]/u.test(sign)) {
      yield { kind: 'end', text: sign, at };
      at += 1;
    } else if (sign === ',' || sign === '，') {
      yield { kind: 'comma', text: sign, at };
      at += 1;
    } else if (/\s/u.test(sign)) {
      at += 1;
    } else {
      word.lastIndex = at;
      const start = word.exec(text)?.[0] ?? sign;
      const literal = start.endsWith('@') ? /^\[[^\]]*\]/.exec(text.slice(at + start.length))?.[0] : '';
      const found = start + (literal ?? '');
      yield { kind: 'word', text: found, at };
      at += found.length;
    }
  }
  yield { kind: 'end', text: '', at: text.length };
}

function enclosed(sign: string, inner: string, at: number): Token {
  if (sign === '"' || sign === '“') {
    // Some programs put the whole entry into quotation marks.
    return { kind: 'quoted', text: inner, at };
  }
  if (sign === '<' || sign === '＜') return { kind: 'angled', text: inner.trim(), at };
  return AT.test(inner) ? { kind: 'angled', text: inner.trim(), at } : { kind: 'comment', text: inner, at };
}

/** More than a name has. */
const MOST_WORDS = 12;

/** Gathers words until an address shows whose they are. */
class ListReader {
  private readonly people: { address: string; name: string; at: number }[] = [];
  private words: string[] = [];
  /** How many people stand in the part of the list at hand, and whether the last one may still get a name. */
  private inPart = 0;
  /** How many people there were before the addresses that were read last, if they may be the name of the next. */
  private beforeName: number | null = null;

  constructor(private readonly options: ListOptions) {}

  take(token: Token): boolean {
    const beforeName = this.beforeName;
    this.beforeName = null;
    if (token.kind === 'angled' && beforeName !== null && this.words.length === 0) this.renamed(beforeName);
    switch (token.kind) {
      case 'angled':
        return this.addAngled(token);
      case 'quoted':
        return this.addQuoted(token);
      case 'comment':
        return this.addComment(token);
      case 'word':
        return AT.test(token.text) ? this.addBare(token) : this.addWord(token.text);
      case 'comma':
        if (this.words.length > 0 && this.inPart === 0) {
          if (this.words.length > MOST_WORDS) return false;
          this.words.push(',');
          return true;
        }
        return this.endPart();
      case 'end':
        return this.endPart();
    }
  }

  close(): Mailbox[] | null {
    return this.endPart() && this.people.length > 0 ? this.people : null;
  }

  private addWord(word: string): boolean {
    if (this.words.length === 0 && CONNECTORS.has(word.toLowerCase())) return true;
    if (this.words.length > MOST_WORDS) return false;
    this.words.push(word);
    return true;
  }

  /** `"ann@example.com" <ann@example.org>` is one mailbox: what stands before the brackets is only shown. */
  private renamed(from: number): void {
    const shown = this.people.splice(from);
    this.inPart -= shown.length;
    const [only] = shown;
    if (only && shown.length === 1) this.words.push(...only.name.split(/\s+/).filter((word) => word !== ''));
  }

  private addAngled({ text, at }: Token): boolean {
    const address = withoutLink(text);
    const last = this.people.at(-1);
    // `<mara@example.com> <mailto:mara@example.com>`: programs that write links as text.
    if (
      last &&
      this.words.length === 0 &&
      this.inPart > 0 &&
      last.address.toLowerCase() === address.toLowerCase()
    ) {
      return true;
    }
    if (!AT.test(address)) return false;
    const name = this.takeName();
    if (name !== '' && !isNameLike(name)) return false;
    this.add(address, name, at);
    return true;
  }

  private addQuoted({ text, at }: Token): boolean {
    if (!AT.test(text)) {
      this.words.push(...text.trim().split(/\s+/));
      return true;
    }
    const inner = readMailboxes(text, this.options);
    if (!inner || this.words.length > 0) return false;
    this.beforeName = this.people.length;
    for (const one of inner) this.add(one.address, one.name, at);
    return true;
  }

  /** `mara@example.com (Mara Lind)` */
  private addComment({ text }: Token): boolean {
    const last = this.people.at(-1);
    if (!last || this.inPart === 0 || this.words.length > 0 || last.name !== '') return false;
    if (isNameLike(text.trim())) last.name = text.trim();
    return true;
  }

  private addBare({ text, at }: Token): boolean {
    const several = separately(text);
    const name = this.takeName();
    const address = withoutLink(several[0] ?? '');
    if (name !== '' && !(this.options.withBareNames && isNameOf(name, address))) return false;
    this.beforeName = this.people.length;
    this.add(address, name, at);
    for (const other of several.slice(1)) this.add(other, '', at);
    return true;
  }

  private add(address: string, name: string, at: number): void {
    this.people.push({ address, name, at });
    this.inPart += 1;
  }

  /** The words before an address; a comma among them is that of `Lind, Mara`. */
  private takeName(): string {
    const name = this.words
      .join(' ')
      .replaceAll(' ,', ',')
      .replace(/^[\s,'‘"]+|[\s,'’":]+$/gu, '');
    this.words = [];
    return name;
  }

  /** Words that are left belong to the one nameless person before them, or nobody can tell whose they are. */
  private endPart(): boolean {
    const isAlone = this.inPart === 1;
    this.inPart = 0;
    if (this.words.length === 0) return true;
    const name = this.takeName();
    const last = this.people.at(-1);
    if (name === '') return true;
    if (!isAlone || !last || last.name !== '' || !this.options.withBareNames) return false;
    if (!isNameOf(name, last.address)) return false;
    last.name = name;
    return true;
  }
}

/** `mailto:mara@example.com?subject=…` */
function withoutLink(text: string): string {
  const link = /^mailto:([^?]*)/i.exec(text)?.[1];
  return (link ?? text).trim();
}

/** `a@x.com/b@x.com`: two addresses that a sign without spaces joins. */
function separately(word: string): string[] {
  if ((word.match(/[@＠﹫]/gu)?.length ?? 0) < 2) return [word];
  const parts = word.split(/[/&+]/).filter((part) => part !== '');
  return parts.every((part) => /^[^@]+@[^@]+\.[^@]+$/.test(part)) ? parts : [word];
}

/** Words without brackets are a name only when they look like one and could be this address's. */
function isNameOf(name: string, address: string): boolean {
  if (name.includes(',') || !isNameLike(name)) return false;
  const words = name.split(/\s+/);
  if (words.length > 4 || words.some((word) => /^\p{Ll}/u.test(word) && !PARTICLES.has(word))) return false;
  if (words.some((word) => STRAY.has(word.toLowerCase()))) return false;
  return words.length >= 2 || isInLocalPart(name, address);
}

const PARTICLES = new Set('van von de der den del della di da dos du la le ter ten zu bin al el'.split(' '));
const STRAY = new Set(
  'by from contact owner manager questions exported created generated please send to mail email e-mail re fwd invited admin support help info total'.split(
    ' ',
  ),
);

/** Whether a name or its beginning stands before the @, as in `mara.lind@…` or `mlind@…`. */
export function isInLocalPart(name: string, address: string): boolean {
  const local = plain(address.split('@')[0] ?? '');
  return name
    .split(/[\s,.'-]+/)
    .map(plain)
    .some((word) => word.length >= 2 && local.includes(word));
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
}
