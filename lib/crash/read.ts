import { readIps } from './ips';
import { fieldsOf, type Json, listOf, type ReadJson, readJson, textOf } from './json';
import { type CrashReport, NOTHING } from './report';
import { readText } from './text';

/** Longer files are read up to here. */
const LONGEST = 64 * 1024 * 1024;
const HEADER = /^[ \t>]*\{.*"(?:bug_type|incident_id|app_name|os_version)"[ \t]*:.*\}[ \t]*$/;

/**
 * Reads every report in a file, whatever it holds: `.ips`, the older text, several of them, with other lines before or
 * between, cut off at the end. It never throws; a file without a report gives one that is `not-recognised`.
 */
export function readCrashReports(file: string | Uint8Array): readonly CrashReport[] {
  const text = decoded(file);
  const found = partsOf(text).flatMap(readPart);
  const recognised = found.filter(({ kind }) => kind !== 'not-recognised');
  return recognised.length > 0 ? recognised : [found[0] ?? NOTHING];
}

/** The report that a file is about: its first crash, else its first report. */
export function readCrashReport(file: string | Uint8Array): CrashReport {
  const all = readCrashReports(file);
  return all.find(({ kind }) => kind === 'crash') ?? all[0] ?? NOTHING;
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
  const starts: { at: number; header: Json }[] = [];
  for (const [at, line] of lines.entries()) {
    if (line.length > 100_000 || !HEADER.test(line)) continue;
    const header = readJson(line);
    if (header !== null && !header.isCut && isHeader(header.value)) starts.push({ at, header: header.value });
  }
  const before = lines.slice(0, starts[0]?.at).join('\n');
  const parts: Part[] = starts.map(({ at, header }, index) => ({
    header,
    text: lines.slice(at + 1, starts[index + 1]?.at).join('\n'),
  }));
  if (starts.length === 0) return bareParts(text);
  // Apple's own window shows a report as text first and then whole.
  const isShownTwice = /(?:^|\n)[ \t]*-*\n?[ \t]*(?:Translated Report|Full Report)\b/i.test(before);
  if (isShownTwice && parts[0] !== undefined && hasWholeStacks(parts[0].text)) return parts;
  const earlier =
    before.trim() === ''
      ? []
      : bareParts(before).filter((part) => readPart(part).some(({ kind }) => kind !== 'not-recognised'));
  return isShownTwice && earlier.length > 0 ? [...earlier, ...parts.slice(1)] : [...earlier, ...parts];
}

/** False also where the text ends in the middle of them: the one above it may be whole. */
function hasWholeStacks(text: string): boolean {
  const body = jsonIn(text);
  return body !== null && !body.isCut && listOf(fieldsOf(body.value).threads).length > 0;
}

/** A header is one line about a report; a whole report may stand on one line, too. */
function isHeader(value: Json): boolean {
  const fields = fieldsOf(value);
  const known = ['bug_type', 'incident_id', 'timestamp', 'os_version', 'app_name'].filter(
    (key) => fields[key] !== undefined,
  );
  return known.length >= 2 && fields.threads === undefined && fields.usedImages === undefined;
}

/** Text without a header: JSON if it begins so, perhaps after a line that is not part of it; else the older text. */
function bareParts(text: string): Part[] {
  if (/^[ \t]*[{[]/m.test(text) && jsonIn(text) !== null) return [{ header: null, text }];
  const starts = [...text.matchAll(/^[ \t]*Incident Identifier[ \t]*:/gim)].map(({ index }) => index);
  const cuts =
    starts.length > 1
      ? starts
      : [...text.matchAll(/^Process[ \t]*:[^\n]*\[\d+\]/gim)].map(({ index }) => index);
  if (cuts.length < 2) return [{ header: null, text }];
  return cuts.map((from, index) => ({
    header: null,
    text: text.slice(index === 0 ? 0 : from, cuts[index + 1]),
  }));
}

/** The report of a part; behind JSON there may be more of them. */
function readPart({ header, text }: Part): CrashReport[] {
  const json = jsonIn(text);
  if (json !== null) {
    const log = textOf(fieldsOf(fieldsOf(fieldsOf(json.value).data).attributes).logText);
    if (log !== null) return [readCrashReport(log)];
    const rest = json.isCut ? '' : text.slice(json.end);
    const more = /\w/.test(rest) ? bareParts(rest).flatMap(readPart) : [];
    return [readIps(header, json.value, json.isCut), ...more.filter(({ kind }) => kind !== 'not-recognised')];
  }
  if (text.trim() !== '') {
    const report = readText(text, header);
    if (report.kind !== 'not-recognised' || header === null) return [report];
  }
  return [header === null ? NOTHING : readIps(header, {}, true)];
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
    [
      'threads',
      'usedImages',
      'exception',
      'procName',
      'bug_type',
      'panicString',
      'processByPid',
      'largestProcess',
      'termination',
      'faultingThread',
      'incident',
      'lastExceptionBacktrace',
    ].some((key) => fields[key] !== undefined) ||
    listOf(fields.processes).length > 0 ||
    textOf(fieldsOf(fieldsOf(fields.data).attributes).logText) !== null;
  return isReport ? read : null;
}
