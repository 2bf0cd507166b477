import { type HeaderHint, hintOf } from './headers';
import { type Kind, kindOf } from './kinds';
import { readMailboxes } from './mailboxes';
import type { TableRow } from './read-table';

/** So many rows tell what a column holds. */
const SAMPLE_ROWS = 400;
const SAMPLES = 3;
const SAMPLE_LENGTH = 60;

/** What is known of a column: its header, and what its cells look like. */
export interface ColumnFacts {
  readonly index: number;
  readonly header: string | null;
  readonly hint: HeaderHint;
  /** The first cells, empty ones too, row by row. */
  readonly cells: readonly string[];
  readonly filled: number;
  readonly samples: readonly string[];
  /** Share of the filled cells that hold an @ at all. */
  readonly atShare: number;
  /** Share of the filled cells that name groups of the app. */
  readonly groupShare: number;
  /** Share of the filled cells with several words. */
  readonly severalWords: number;
  /** Share of the filled cells that begin like a name. */
  readonly properShare: number;
  readonly hasCommas: boolean;
  /** Whether the same few values stand there again and again, as owners, tags and states do. */
  readonly isRepeated: boolean;
  readonly isSecret: boolean;
  /** Whether the cells cannot be names, whatever the header says. */
  readonly isNoName: boolean;
  count(kind: Kind): number;
  share(kind: Kind): number;
}

/** Looks at the first rows of a column. */
export function factsOf(
  index: number,
  header: string | null,
  body: readonly TableRow[],
  groups: readonly { readonly id: string; readonly name: string }[],
): ColumnFacts {
  const cells = body.slice(0, SAMPLE_ROWS).map((row) => row.cells[index] ?? '');
  const full = cells.filter((cell) => cell !== '');
  const counts = new Map<Kind, number>();
  for (const cell of full) {
    const kind = isAddressList(cell) ? 'address' : kindOf(cell);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const hint = hintOf(header ?? '');
  const count = (kind: Kind) => counts.get(kind) ?? 0;
  const shareOf = (isSo: (cell: string) => boolean) =>
    full.length === 0 ? 0 : full.filter(isSo).length / full.length;
  const share = (kind: Kind) => (full.length === 0 ? 0 : count(kind) / full.length);
  const distinct = new Set(full.map((cell) => cell.toLowerCase())).size;
  const known = new Set(groups.flatMap(({ id, name }) => [id, name.trim().toLowerCase()]));
  return {
    index,
    header,
    hint,
    cells,
    filled: full.length,
    samples: samplesOf(full),
    atShare: shareOf((cell) => /[@＠﹫]/u.test(cell)),
    groupShare: known.size === 0 ? 0 : shareOf((cell) => namesGroups(cell, known)),
    severalWords: shareOf((cell) => /\S\s+\S/.test(cell)),
    properShare: shareOf((cell) => !/^\p{Ll}/u.test(cell)),
    hasCommas: shareOf((cell) => /\p{L},\s*\p{L}/u.test(cell)) >= 0.5,
    isRepeated: full.length >= 2 && distinct / full.length <= 0.5,
    isSecret:
      hint.isSecret || (hint.field === null && isSecretByContent(share('secret'), distinct, full.length)),
    isNoName:
      (['address', 'date', 'phone', 'number', 'url'] as const).reduce((sum, kind) => sum + share(kind), 0) >
      0.5,
    count,
    share,
  };
}

/** Model names and versions have the form of passwords, but repeat. */
function isSecretByContent(share: number, distinct: number, filled: number): boolean {
  return share >= 0.6 && (filled < 3 || distinct / filled > 0.5 || distinct === 1);
}

function isAddressList(cell: string): boolean {
  return /[@＠﹫]/u.test(cell) && readMailboxes(cell) !== null;
}

function namesGroups(cell: string, known: ReadonlySet<string>): boolean {
  const text = cell.trim().toLowerCase();
  if (known.has(text) || known.has(cell.trim())) return true;
  const parts = cell.split(/[;|,\n]/).map((part) => part.trim());
  return parts.some((part) => part !== '' && (known.has(part.toLowerCase()) || known.has(part)));
}

function samplesOf(cells: readonly string[]): string[] {
  const found: string[] = [];
  for (const cell of cells) {
    const flat = cell.replace(/\s+/g, ' ');
    const short =
      [...flat].length > SAMPLE_LENGTH ? `${[...flat].slice(0, SAMPLE_LENGTH - 1).join('')}…` : flat;
    if (!found.includes(short)) found.push(short);
    if (found.length === SAMPLES) break;
  }
  return found;
}
