import {
  Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { ProgrammeFile } from './file';
import { READING } from './read-file';

/** Long lines stay one line: a text is kept as it was typed. */
const STYLE = { lineWidth: 0 } as const;

/** A programme as a file; `schema` is where editors find the format. */
export function writeFile(file: ProgrammeFile, schema: string): string {
  const doc = new Document(file);
  doc.commentBefore = ` yaml-language-server: $schema=${schema}`;
  return doc.toString(STYLE);
}

/**
 * The same written over a file that is there: its comments and its order stay, as far as what they are about does.
 * @throws where the file cannot be read: see `readFile`
 */
export function writeOver(text: string, file: ProgrammeFile): string {
  const doc = parseDocument(text, READING);
  doc.contents = renewed(doc, doc.contents, file) as typeof doc.contents;
  return doc.toString(STYLE);
}

/** What tells the entries of a list apart. */
const NAMES = ['name', 'url', 'deviceFamily'] as const;

function renewed(doc: Document, node: unknown, value: unknown): Node {
  if (isMap(node) && isPlain(value)) return renewedMap(doc, node, value);
  if (isSeq(node) && Array.isArray(value)) return renewedList(doc, node, value);
  if (isScalar(node) && !isPlain(value) && !Array.isArray(value)) {
    if (node.value === value) return node;
    const fresh = new Scalar(value);
    // An anchor that others repeat would change them along.
    fresh.comment = node.comment ?? null;
    fresh.commentBefore = node.commentBefore ?? null;
    fresh.spaceBefore = node.spaceBefore ?? false;
    return fresh;
  }
  return doc.createNode(value) as Node;
}

function renewedMap(doc: Document, node: YAMLMap, value: Readonly<Record<string, unknown>>): Node {
  const known = new Set<string>();
  node.items = node.items.filter((pair) => {
    const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
    if (!Object.hasOwn(value, key)) return false;
    known.add(key);
    pair.value = renewed(doc, pair.value, value[key]);
    return true;
  });
  for (const [key, one] of Object.entries(value)) if (!known.has(key)) node.set(key, doc.createNode(one));
  return node;
}

function renewedList(doc: Document, node: YAMLSeq, values: readonly unknown[]): Node {
  const left = [...node.items];
  const take = (value: unknown): unknown => {
    const at = left.findIndex((item) => {
      const name = isPlain(value) ? NAMES.find((one) => Object.hasOwn(value, one)) : undefined;
      return name !== undefined && isMap(item) && isPlain(value) && item.get(name) === value[name];
    });
    return at < 0 ? null : left.splice(at, 1)[0];
  };
  const kept = new Map(values.map((value) => [value, take(value)] as const));
  // What stands in the file keeps its place; what is new comes after it.
  const rank = (value: unknown) => {
    const at = node.items.indexOf(kept.get(value));
    return at < 0 ? node.items.length : at;
  };
  const inOrder = values.toSorted((a, b) => rank(a) - rank(b));
  node.items = inOrder.map((value) => renewed(doc, kept.get(value), value));
  return node;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
