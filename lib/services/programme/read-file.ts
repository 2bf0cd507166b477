import { isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { isRecord } from '@/lib/mirror/resource';
import { FILE_VERSION, type ProgrammeFile, programmeFile } from './file';
import { isSwollen } from './nesting';

/** The longest file, bytes. */
export const FILE_LIMIT = 1024 * 1024;
/** So often a text may be repeated by an alias: more is a file that is made to swell. */
const MOST_ALIASES = 100;
/** So many things wrong are told at once. */
const MOST_PROBLEMS = 20;

/** What is wrong with a file, and where: lines and columns count from 1; null where it is wrong as a whole. */
export interface FileProblem {
  readonly line: number | null;
  readonly column: number | null;
  readonly words: string;
}

export type Reading =
  | { readonly file: ProgrammeFile; readonly problems: readonly [] }
  | { readonly file: null; readonly problems: readonly FileProblem[] };

type Doc = ReturnType<typeof parseDocument>;
type Path = readonly PropertyKey[];

/** The parser compares each name with each other one: of a long list of names that takes minutes. */
export const READING = { prettyErrors: false, uniqueKeys: false } as const;

/** Reads a file; all that is wrong is told with its place. Never throws. */
export function readFile(text: string): Reading {
  const refused = (words: string): Reading => ({
    file: null,
    problems: [{ line: null, column: null, words }],
  });
  if (Buffer.byteLength(text) > FILE_LIMIT) return refused('The file is longer than 1 MB.');
  if (isSwollen(text)) return refused('The file is nested too deeply, or has too many parts, to be read.');
  const lines = new LineCounter();
  let doc: Doc;
  let value: unknown;
  try {
    doc = parseDocument(text, { ...READING, lineCounter: lines });
    if (doc.errors.length === 0) value = doc.toJS({ maxAliasCount: MOST_ALIASES });
  } catch {
    return refused('The file repeats its parts so often that it is not read: write them out instead.');
  }
  const place = placeIn(doc, lines);
  if (doc.errors.length > 0)
    return {
      file: null,
      problems: doc.errors.slice(0, MOST_PROBLEMS).map(({ message, pos }) => {
        const { line, col } = lines.linePos(pos[0]);
        return { line, column: col, words: yamlWords(message) };
      }),
    };
  const doubled = doubledIn(doc);
  if (doubled.length > 0)
    return {
      file: null,
      problems: doubled.slice(0, MOST_PROBLEMS).map((at) => {
        const { line, col } = lines.linePos(at);
        return { line, column: col, words: 'The same name stands twice here.' };
      }),
    };
  if (value === null || value === undefined) return refused('The file is empty.');
  const version = versionIn(value);
  if (typeof version === 'number' && version > FILE_VERSION)
    return {
      file: null,
      problems: [
        {
          ...place(['version']),
          words: `This file is from a newer Flightdeck: its version is ${version}, and this one reads version ${FILE_VERSION}. Update Flightdeck first.`,
        },
      ],
    };
  const parsed = programmeFile.safeParse(value, { reportInput: true });
  const found = [...(parsed.error?.issues.flatMap(problemsOf) ?? []), ...twiceIn(value)];
  if (parsed.success && found.length === 0) return { file: parsed.data, problems: [] };
  const problems = found
    .slice(0, MOST_PROBLEMS)
    .map(({ path, words, isKey }) => ({ ...place(path, isKey), words }))
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  return { file: null, problems };
}

/** Where names stand that stood in the same place before. */
function doubledIn(doc: Doc): number[] {
  const found: number[] = [];
  visit(doc, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value) && key.range) found.push(key.range[0]);
        seen.add(key.value);
      }
    },
  });
  return found;
}

function versionIn(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
}

/** Where a member stands; where it is missing, what it should stand in. */
function placeIn(doc: Doc, lines: LineCounter) {
  return (path: Path, isKey = false): Pick<FileProblem, 'line' | 'column'> => {
    for (let length = path.length; length >= 0; length -= 1) {
      const found = nodeAt(doc, path.slice(0, length), isKey && length === path.length);
      if (!found?.range) continue;
      const { line, col } = lines.linePos(found.range[0]);
      return { line, column: col };
    }
    return { line: 1, column: 1 };
  };
}

function nodeAt(doc: Doc, path: Path, isKey: boolean): Node | null {
  const last = path.at(-1);
  if (isKey && last !== undefined) {
    const owner = path.length === 1 ? doc.contents : doc.getIn(path.slice(0, -1), true);
    const pair = isMap(owner)
      ? owner.items.find(({ key }) => isScalar(key) && String(key.value) === String(last))
      : undefined;
    return isScalar(pair?.key) ? pair.key : null;
  }
  const found = path.length === 0 ? doc.contents : doc.getIn(path, true);
  return typeof found === 'object' && found !== null && 'range' in found ? (found as Node) : null;
}

interface Problem {
  readonly path: Path;
  readonly words: string;
  /** It is about the key itself, not about what it holds. */
  readonly isKey?: boolean;
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue): Problem[] {
  const { path } = issue;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys
        .slice(0, MOST_PROBLEMS)
        .map((key) => ({ path: [...path, key], isKey: true, words: strangeKey(path, key) }));
    case 'invalid_key':
      return [{ path, isKey: true, words: issue.issues[0]?.message ?? issue.message }];
    case 'invalid_union':
      return [{ path, words: 'Say of the group isInternalGroup: true or false.' }];
    case 'invalid_type':
    case 'invalid_value':
      return [{ path, words: wrongValue(issue) }];
    default:
      return [{ path, words: issue.message }];
  }
}

function strangeKey(path: Path, key: string): string {
  if (key === 'demoAccountPassword')
    return 'The password of the demo account is never in a file: set it on the page Test information.';
  const isOfGroup = path[0] === 'groups' && path.length === 2;
  if (isOfGroup && ['publicLinkEnabled', 'publicLinkLimit', 'criteria'].includes(key))
    return `“${key}” is for external groups only.`;
  if (isOfGroup && key === 'hasAccessToAllBuilds') return `“${key}” is for internal groups only.`;
  return `“${key}” is not known here.`;
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  array: 'a list, each line of which begins with “- ”',
  object: 'names with values, such as “name: value”',
  record: 'names with values, such as “name: value”',
};

function wrongValue(issue: Issue & { code: 'invalid_type' | 'invalid_value' }): string {
  const name = issue.path.at(-1);
  const called =
    typeof name === 'string' ? `“${name}”` : name === undefined ? 'The file' : 'An entry of the list';
  if (name === 'version') return `Say which version the file has: version: ${FILE_VERSION}`;
  if (issue.code === 'invalid_value') return `${called} is one of ${issue.values.map(String).join(', ')}.`;
  if (issue.input === undefined) {
    // The message is ours where one is written, such as “Enter a title.”
    return `${called} is missing.`;
  }
  const expected = EXPECTED[issue.expected] ?? issue.expected;
  const quotes =
    issue.expected === 'string' && typeof issue.input === 'number'
      ? ': put it in quotes, such as "17.0"'
      : '';
  return `${called} has to be ${expected}${quotes}.`;
}

/** Texts of a member in the entries of a list, as far as it is one: a file may be wrong in other ways too. */
function textsOf(value: unknown, list: string, member: string): [Path, string][] {
  const entries = isRecord(value) ? value[list] : [];
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown, index): [Path, string][] => {
    const text = isRecord(entry) ? entry[member] : undefined;
    return typeof text === 'string' && text.trim() !== '' ? [[[list, index, member], text.trim()]] : [];
  });
}

/** Names that stand twice: each is told with the place of both. */
function twiceIn(value: unknown): Problem[] {
  const found: Problem[] = [];
  const look = (what: string, names: readonly (readonly [Path, string])[]) => {
    const seen = new Map<string, Path>();
    for (const [path, name] of names) {
      const key = name.normalize('NFC');
      const first = seen.get(key);
      if (!first) seen.set(key, path);
      else for (const each of [first, path]) found.push({ path: each, words: `Two ${what} “${name}”.` });
    }
  };
  look('groups are called', textsOf(value, 'groups', 'name'));
  look('groups were called', textsOf(value, 'groups', 'previousName'));
  look('invocations have the address', textsOf(value, 'appClipInvocations', 'url'));
  return found;
}

/** The parser's own words as a person reads them. */
function yamlWords(message: string): string {
  if (/Tabs|tab/.test(message)) return 'A tab stands where spaces have to: indent with spaces.';
  return `This is no YAML: ${message}`;
}
