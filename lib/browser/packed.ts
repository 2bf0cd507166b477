/**
 * JSON as a text that says everything once: the keys of rows of one kind, a text, a whole part that comes again. None
 * of its marks is escaped where a page carries it inside a script. The words are a walk from the outside in; one
 * without a mark is the number, to the base of 36, of a text, list or object that ended before it.
 */
const BETWEEN = '~';
const ESCAPE = '^';
const ESCAPED = `${ESCAPE}${BETWEEN}"<>&\\\n`;
/** Half a character cannot travel as it is. */
const TO_ESCAPE = /[\^~"<>&\\\n\ud800-\udfff]/gu;
const TO_READ = /\^(u....|.)/gu;

const NULL = 'N';
const TRUE = 'T';
const FALSE = 'F';
const NUMBER = '#';
const TEXT = "'";
const LIST = '[';
/** An object with keys that another had before, in this order: the number of these. */
const OBJECT = '{';
/** An object with other keys: how many, then each. */
const NEW_OBJECT = '}';

const BASE = 36;

/** Larger parts are hardly ever the same, and to compare them costs most. */
const MOST_COMPARED = 4;

/** The keys of an object in their order, one step for each. */
interface Shape {
  readonly next: Map<string, Shape>;
  /** What an object of it begins with, once there was one. */
  word?: string;
}

/** What `JSON.stringify` would write, packed. */
export function pack(value: unknown): string {
  const words: string[] = [];
  /** The numbers of what was written: of texts, and of parts by all their words. */
  const texts = new Map<string, string>();
  const parts = new Map<string, string>();
  const shapes: Shape = { next: new Map() };
  let shapesCount = 0;
  let count = 0;
  // Each of these writes something and gives the one word by which it can be written again.
  const number = () => (count++).toString(BASE);
  const plain = (word: string): string => {
    words.push(word);
    return word;
  };
  const text = (one: string): string => {
    const before = texts.get(one);
    if (before !== undefined) return plain(before);
    words.push(TEXT + one.replace(TO_ESCAPE, escaped));
    const own = number();
    texts.set(one, own);
    return own;
  };
  // What comes again was written by its words alone, which are taken back.
  const closed = (start: number, first: string, inner: readonly string[]): string => {
    if (inner.length > MOST_COMPARED) return number();
    const name = first + BETWEEN + inner.join(BETWEEN);
    const before = parts.get(name);
    if (before === undefined) {
      const own = number();
      parts.set(name, own);
      return own;
    }
    words.length = start;
    return plain(before);
  };
  const list = (all: readonly unknown[]): string => {
    const start = words.length;
    const first = plain(LIST + all.length.toString(BASE));
    return closed(start, first, all.map(write));
  };
  const object = (one: object): string => {
    const start = words.length;
    const entries = Object.entries(one).filter(([, each]) => each !== undefined);
    let shape = shapes;
    for (const [key] of entries) {
      const next: Shape = shape.next.get(key) ?? { next: new Map() };
      shape.next.set(key, next);
      shape = next;
    }
    if (shape.word !== undefined) words.push(shape.word);
    else {
      words.push(NEW_OBJECT + entries.length.toString(BASE));
      for (const [key] of entries) text(key);
      shape.word = OBJECT + (shapesCount++).toString(BASE);
    }
    return closed(
      start,
      shape.word,
      entries.map(([, each]) => write(each)),
    );
  };
  const write = (one: unknown): string => {
    if (typeof one === 'string') return text(one);
    if (typeof one === 'number' && Number.isFinite(one))
      return plain(NUMBER + (Object.is(one, -0) ? '-0' : one));
    if (typeof one === 'boolean') return plain(one ? TRUE : FALSE);
    if (typeof one !== 'object' || one === null) return plain(NULL);
    if (Array.isArray(one)) return list(one);
    return one instanceof Date ? write(one.toJSON()) : object(one);
  };
  write(value);
  return words.join(BETWEEN);
}

function escaped(one: string): string {
  const at = ESCAPED.indexOf(one);
  return ESCAPE + (at < 0 ? `u${one.charCodeAt(0).toString(16)}` : at);
}

/** The value that was packed. What came again in it is one object, so nobody may change what this gives. */
export function unpack(text: string): unknown {
  const words = text.split(BETWEEN);
  const made: unknown[] = [];
  const shapes: (readonly string[])[] = [];
  let at = 0;
  const number = (word: string) => Number.parseInt(word.slice(1), BASE);
  const named = (value: unknown) => {
    made.push(value);
    return value;
  };
  const filled = (keys: readonly string[]) => {
    const object: Record<string, unknown> = {};
    for (const key of keys) {
      const value = read();
      // As an assignment it would give the object a prototype.
      if (key === '__proto__')
        Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
      else object[key] = value;
    }
    return object;
  };
  const read = (): unknown => {
    const word = words[at++] ?? '';
    switch (word[0]) {
      case TEXT: {
        const whole = word.slice(1);
        const own = whole.includes(ESCAPE) ? whole.replace(TO_READ, readEscape) : whole;
        return named(own);
      }
      case NUMBER:
        return Number(word.slice(1));
      case NULL:
        return null;
      case TRUE:
        return true;
      case FALSE:
        return false;
      case LIST: {
        const list: unknown[] = [];
        for (let left = number(word); left > 0; left -= 1) list.push(read());
        return named(list);
      }
      case NEW_OBJECT: {
        const keys = Array.from({ length: number(word) }, () => String(read()));
        shapes.push(keys);
        return named(filled(keys));
      }
      case OBJECT: {
        return named(filled(shapes[number(word)] ?? []));
      }
      default:
        return made[Number.parseInt(word, BASE)];
    }
  };
  return read();
}

const readEscape = (_: string, what: string): string =>
  what.length > 1 ? String.fromCharCode(Number.parseInt(what.slice(1), 16)) : (ESCAPED[Number(what)] ?? '');
