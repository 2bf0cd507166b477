import type { BinaryImage, Frame } from './report';
import { frameAt, frameIn } from './text-frames';
import { imageIn } from './text-images';

/** A thread as the text has it. */
export interface TextThread {
  readonly number: number;
  readonly name: string | null;
  readonly queue: string | null;
  /** True where its heading says more than that it is a thread: "Thread 0 Crashed:". */
  readonly isMarked: boolean;
  /** True where the heading says so in Apple's own word. */
  readonly isCalledCrashed: boolean;
  readonly frames: readonly Frame[];
}

/** The parts of a report in the older text. */
export interface Sections {
  /** The lines before the first stack and before what the app itself said. */
  readonly head: readonly string[];
  /** What stands behind a label, without regard to case; lines that go on below are joined. */
  field(label: string): string | null;
  readonly threads: readonly TextThread[];
  /** The stack of the exception that nobody caught. */
  readonly thrown: readonly Frame[];
  /** Which thread the fields or the registers name. */
  readonly crashedThread: number | null;
  readonly images: readonly BinaryImage[];
  readonly registers: readonly (readonly [string, string])[];
  /** "Application Specific Information". */
  readonly information: readonly string[];
}

const FIELD = /^[ \t]{0,2}([^\s:：0-9][^:：\t\n]{1,40}?)[ \t]*[:：][ \t]*(.*)$/;
/** What follows the lines in which the system says why it ended a process; those may hold colons themselves. */
const NEXT =
  /^\s*$|^(?:Termination|Terminating|Triggered|Exception|Crashed|Highlighted|Attributed|VM Region|Application Specific)\b/i;
const INFORMATION = /^Application Specific (?:Information|Signatures)[ \t]*:/i;
const SECTION =
  /^(?:Thread \d|Last Exception|Application Specific|Binary Images|VM Region|Kernel Triage|Filtered syslog|Error Formulating|External Modification|Dyld Error|Elapsed Time|\S[^:]{2,40}:$)/i;

/** What is looked at of a line above a stack. */
const LONGEST_HEADING = 500;
/** The most that is kept of a field. */
const LONGEST_FIELD = 10_000;

const isHeading = (line: string) => /exception|backtrace|thread|[:：]$/i.test(line);

interface Block {
  readonly heading: readonly string[];
  readonly frames: Frame[];
}

/** Takes a report apart: fields, stacks, registers and images, told by their shape. */
export function sectionsOf(text: string): Sections {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  const images: BinaryImage[] = [];
  const heading: string[] = [];
  let firstFrame = lines.length;
  let last = -1;
  for (const [at, line] of lines.entries()) {
    const frame = frameIn(line);
    if (frame !== null) {
      const block = blocks.at(-1);
      // Frames of an inlined call share their number with the one they are in. A line that cannot be read parts no stack.
      const goesOn =
        block !== undefined &&
        (heading.length === 0 ? frame.index >= last : frame.index > last && !heading.some(isHeading));
      if (goesOn) block.frames.push(frame);
      else blocks.push({ heading: heading.slice(-4), frames: [frame] });
      if (blocks.length === 1 && block === undefined) firstFrame = at;
      last = frame.index;
      heading.length = 0;
      continue;
    }
    const image = imageIn(line);
    if (image !== null) images.push(image);
    else if (line.trim() !== '') heading.push(line.trim().slice(0, LONGEST_HEADING));
  }
  const said = lines.findIndex((line) => INFORMATION.test(line));
  const head = lines
    .slice(0, said < 0 ? firstFrame : Math.min(said, firstFrame))
    .filter((line) => line.trim() !== '');
  const fields = fieldsIn(lines.slice(0, firstFrame));
  const threads: TextThread[] = [];
  let thrown: readonly Frame[] = raisedAt(lines);
  for (const { heading: above, frames } of blocks) {
    const one = threadOf(above, frames, threads.length);
    if (one === null) thrown = thrown.length > 0 ? thrown : frames;
    else threads.push(one);
  }
  const field = (label: string) => fields.get(label) ?? null;
  return {
    head,
    field,
    threads,
    thrown,
    crashedThread: crashedIn(fields, lines),
    images,
    registers: registersIn(lines),
    information: informationIn(lines),
  };
}

function fieldsIn(lines: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>();
  let last: string | null = null;
  for (const line of lines) {
    const goesOn: boolean = last !== null && /^termination/.test(last) && !NEXT.test(line);
    const [, label, value]: string[] = goesOn ? [] : (FIELD.exec(line) ?? []);
    if (label !== undefined && value !== undefined) {
      const key = label.trim().toLowerCase();
      last = key;
      if (!fields.has(key) && value.trim() !== '') fields.set(key, value.trim().slice(0, LONGEST_FIELD));
    } else if (line.trim() === '') {
      last = null;
    } else if (last !== null && fields.has(last) && /^termination|^exception/.test(last)) {
      const before = fields.get(last) ?? '';
      if (before.length < LONGEST_FIELD)
        fields.set(last, `${before}\n${line.trim()}`.slice(0, LONGEST_FIELD));
    }
  }
  return fields;
}

/** A block of frames under a heading with a number is a thread; without one it is the exception's own. */
function threadOf(heading: readonly string[], frames: readonly Frame[], count: number): TextThread | null {
  // "Thread 0 name:" and "Thread 0 Crashed:" are two lines about one thread.
  const own = heading.at(-1) ?? '';
  const number = /\d+/.exec(own.replace(/\(\d+-bit\)/, ''))?.[0];
  if (/exception|backtrace/i.test(own) && !/^thread/i.test(own)) return null;
  if (number === undefined) {
    if (own === '' || count > 0)
      return own === ''
        ? { number: count, name: null, queue: null, isMarked: false, isCalledCrashed: false, frames }
        : null;
    return /thread/i.test(own)
      ? { number: count, name: null, queue: null, isMarked: false, isCalledCrashed: false, frames }
      : null;
  }
  const above = heading.findLast(
    (line) => line !== own && new RegExp(`\\b${number}\\b[^:]*name\\s*:`).test(line),
  );
  const rest = own.slice(own.indexOf(number) + number.length);
  const [marks = '', ...names] = rest.split(/:+/);
  const said = [above?.slice(above.indexOf(':') + 1) ?? '', names.join(':')].join(' ').trim();
  const queue = /Dispatch queue:?[ \t]*(\S+)/.exec(said)?.[1] ?? null;
  const name = said.replace(/Dispatch queue:?[ \t]*\S+/, '').trim();
  return {
    number: Number(number),
    name: name === '' ? null : name,
    queue,
    isMarked: /\p{L}/u.test(marks) && !/^\s*name\s*$/i.test(marks),
    isCalledCrashed: /\bcrashed\b/i.test(marks),
    frames,
  };
}

function crashedIn(fields: ReadonlyMap<string, string>, lines: readonly string[]): number | null {
  for (const label of [
    'crashed thread',
    'triggered by thread',
    'highlighted by thread',
    'attributed to thread',
  ]) {
    const number = /^\d+/.exec(fields.get(label) ?? '')?.[0];
    if (number !== undefined) return Number(number);
  }
  const state = lines.find(
    (line) => line.includes('Thread State') && line.length < 200 && /\d.*Thread State/.test(line),
  );
  const number = /\d+/.exec(state ?? '')?.[0];
  if (number !== undefined) return Number(number);
  // A heading under which no calls stand.
  const heading = lines.find((line) => /^Thread \d+[^:]{0,200}\bCrashed\b[^:]{0,200}:/i.test(line));
  if (heading !== undefined) return Number(/\d+/.exec(heading)?.[0]);
  for (const [label, value] of fields) {
    if (/thread|hilo|fil d|スレッド|线程|執行緒|поток/i.test(label) && /^\d+/.test(value))
      return Number.parseInt(value, 10);
  }
  return null;
}

function registersIn(lines: readonly string[]): [string, string][] {
  const start = lines.findIndex((line) => line.includes('Thread State') && line.length < 200);
  if (start < 0) return [];
  const registers: [string, string][] = [];
  for (const line of lines.slice(start + 1, start + 40)) {
    const found = [...line.slice(0, 1000).matchAll(/([a-z][a-z0-9]{0,5}):[ \t]*(0x[0-9a-f]+)/gi)];
    if (found.length === 0) break;
    for (const [, name, value] of found) if (name && value) registers.push([name, value.toLowerCase()]);
  }
  return registers;
}

function informationIn(lines: readonly string[]): string[] {
  const start = lines.findIndex((line) => INFORMATION.test(line));
  if (start < 0) return [];
  const first = lines[start]?.replace(INFORMATION, '').trim() ?? '';
  const found = first === '' ? [] : [first];
  for (const line of lines.slice(start + 1, start + 200)) {
    if (frameIn(line) !== null || SECTION.test(line)) break;
    if (line.trim() === '' && found.length > 0) break;
    if (line.trim() !== '') found.push(line.trimEnd().slice(0, 10_000));
  }
  return found;
}

/** `Last Exception Backtrace:` as bare addresses in brackets, as devices write it before symbols are known. */
function raisedAt(lines: readonly string[]): Frame[] {
  const start = lines.findIndex((line) => /^Last Exception Backtrace/i.test(line));
  const list = start < 0 ? undefined : lines.slice(start, start + 3).join(' ');
  const inside = /\(((?:0x[0-9a-f]+[ \t]*)+)\)/i.exec(list ?? '')?.[1];
  return (inside?.trim().split(/[ \t]+/) ?? []).map((address, index) =>
    frameAt(index, `0x${BigInt(address.slice(0, 18)).toString(16)}`),
  );
}
