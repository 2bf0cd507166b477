import { readIps } from './ips';
import { fieldsOf, type Json, listOf, type ReadJson, readJson, textOf } from './json';
import { type CrashReport, NOTHING } from './report';
import { readText } from './text';

/** Longer files are read up to here. */
const LONGEST = 64 * 1024 * 1024;
/** A file of the service holds one report; of more than so many only the first are read. */
const MOST_REPORTS = 100;
const HEADER = /"(?:bug_type|incident_id|app_name|os_version)"[ \t]*:/;

/**
 * Reads every report in a file, whatever it holds: `.ips`, the older text, several of them, with other lines before or
 * between, cut off at the end. It never throws; a file without a report gives one that is `not-recognised`.
 */
export function readCrashReports(file: string | Uint8Array): readonly CrashReport[] {
  try {
    const found = readParts(partsOf(decoded(file)));
    const recognised = found.filter(isRecognised);
    return recognised.length > 0 ? recognised : [found[0] ?? NOTHING];
  } catch {
    // Whatever it was in the file that was not thought of: one log that cannot be read keeps no other waiting.
    return [NOTHING];
  }
}

const isRecognised = ({ kind }: CrashReport) => kind !== 'not-recognised';

/** The report that a file is about: its first crash with stacks, else its first crash, else its first report. */
export function readCrashReport(file: string | Uint8Array): CrashReport {
  const all = readCrashReports(file);
  const crashes = all.filter(({ kind }) => kind === 'crash');
  return crashes.find(({ threads }) => threads.length > 0) ?? crashes[0] ?? all[0] ?? NOTHING;
}

interface Part {
  readonly header: Json | null;
  readonly text: string;
}

function decoded(file: string | Uint8Array): string {
  const text = typeof file === 'string' ? file.slice(0, LONGEST) : decodedBytes(file.subarray(0, LONGEST));
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return plain.includes('\r') ? plain.replace(/\r\n?/g, '\n') : plain;
}

function decodedBytes(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const wide =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(wide).decode(bytes);
}

/** The reports that follow each other in one text. */
function partsOf(text: string): Part[] {
  const lines = text.split('\n');
  const starts: { at: number; header: Json; rest: string }[] = [];
  for (const [at, line] of lines.entries()) {
    if (starts.length > MOST_REPORTS) break;
    if (line.length > 100_000 || !line.trimStart().startsWith('{') || !HEADER.test(line)) continue;
    const header = readJson(line);
    if (header === null || header.isCut || !isHeader(header.value)) continue;
    starts.push({ at, header: header.value, rest: line.slice(header.end) });
  }
  const before = lines.slice(0, starts[0]?.at).join('\n');
  const parts: Part[] = starts.map(({ at, header, rest }, index) => ({
    header,
    // A body may stand on the line of its header.
    text: [rest, ...lines.slice(at + 1, starts[index + 1]?.at)].join('\n'),
  }));
  if (starts.length === 0) return bareParts(text);
  // Apple's own window shows a report as text first and then whole.
  const isShownTwice = /^[ \t-]*(?:Translated|Full) Report\b/im.test(before);
  if (isShownTwice && parts[0] !== undefined && hasWholeStacks(parts[0].text)) return parts;
  const earlier =
    before.trim() === '' ? [] : bareParts(before).filter((part) => readParts([part]).some(isRecognised));
  return isShownTwice && earlier.length > 0 ? [...earlier, ...parts.slice(1)] : [...earlier, ...parts];
}

/** False also where the text ends in the middle of them: the one above it may be whole. */
function hasWholeStacks(text: string): boolean {
  const body = jsonIn(text);
  return body !== null && !body.isCut && listOf(fieldsOf(body.value).threads).length > 0;
}

/** A header is a few facts about a report; with what a report is about it is a whole one. */
function isHeader(value: Json): boolean {
  const fields = fieldsOf(value);
  const known = ['bug_type', 'incident_id', 'timestamp', 'os_version', 'app_name'].filter(
    (key) => fields[key] !== undefined,
  );
  return known.length >= 2 && BODY.every((key) => fields[key] === undefined);
}

const BODY = [
  ...['threads', 'usedImages', 'exception', 'procName', 'panicString', 'processByPid', 'largestProcess'],
  ...['termination', 'faultingThread', 'incident', 'lastExceptionBacktrace', 'processes', 'memoryStatus'],
];

/** Text without a header: JSON if it begins so, perhaps after a line that is not part of it; else the older text. */
function bareParts(text: string): Part[] {
  if (/^[ \t]*[{[]/m.test(text) && jsonIn(text) !== null) return [{ header: null, text }];
  const starts = [...text.matchAll(/^[ \t]*Incident Identifier[ \t]*:/gim)].map(({ index }) => index);
  const cuts =
    starts.length > 1
      ? starts
      : [...text.matchAll(/^Process[ \t]*:[^\n]*\[\d+\]/gim)].map(({ index }) => index);
  if (cuts.length < 2) return [{ header: null, text }];
  return cuts.slice(0, MOST_REPORTS).map((from, index) => ({
    header: null,
    text: text.slice(index === 0 ? 0 : from, cuts[index + 1]),
  }));
}

/** The reports of some parts in their order; behind JSON there may be more of them in one. */
function readParts(parts: readonly Part[]): CrashReport[] {
  const left = parts.toReversed();
  const found: CrashReport[] = [];
  for (let count = 0; count < MOST_REPORTS; count += 1) {
    const part = left.pop();
    if (part === undefined) break;
    const { header, text } = part;
    const json = jsonIn(text);
    const rest = json === null || json.isCut ? '' : text.slice(json.end);
    if (json === null) {
      found.push(readPlain(part));
    } else if (isHeader(json.value) && !json.isCut) {
      // A header on lines of its own: what follows is about the same.
      if (header !== null) found.push(readIps(header, {}, true));
      left.push({ header: json.value, text: rest });
    } else {
      const log = textOf(fieldsOf(fieldsOf(fieldsOf(json.value).data).attributes).logText);
      found.push(log === null ? readIps(header, json.value, json.isCut) : readCrashReport(log));
      if (log === null && /\w/.test(rest)) left.push(...bareParts(rest).toReversed());
    }
  }
  return found;
}

/** The older text, or a header alone. */
function readPlain({ header, text }: Part): CrashReport {
  if (text.trim() !== '') {
    const report = readText(text, header);
    if (isRecognised(report) || header === null) return report;
  }
  return header === null ? NOTHING : readIps(header, {}, true);
}

/** The object that is a report's body; null where the text is no JSON, or JSON of something else. */
function jsonIn(text: string): ReadJson | null {
  const start = /^[ \t\0]*\{/m.exec(text);
  if (start === null) return null;
  // Frames before it: the older text, in which a line happens to begin with a bracket.
  if (/^[ \t]*\d+[ \t]+\S.*[ \t]0x[0-9a-f]{4,}/im.test(text.slice(0, start.index))) return null;
  const read = readJson(text, start.index);
  if (read === null) return null;
  const fields = fieldsOf(read.value);
  const isReport =
    ['bug_type', ...BODY].some((key) => fields[key] !== undefined) ||
    isHeader(read.value) ||
    textOf(fieldsOf(fieldsOf(fields.data).attributes).logText) !== null;
  return isReport ? read : null;
}
