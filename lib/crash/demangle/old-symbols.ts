import { valueWitness } from './descriptors';
import { giveUp, make, type Node, phrase, type } from './node';
import { readOldContext, readOldDeclarationName, readOldEntity, readOldProtocol } from './old-names';
import { OldReader } from './old-reader';
import { readOldBareType, readOldSignature } from './old-types';

const METADATA: Readonly<Record<string, string>> = {
  P: 'generic type metadata pattern for %0',
  a: 'type metadata accessor for %0',
  L: 'lazy cache variable for type metadata for %0',
  m: 'metaclass for %0',
  n: 'nominal type descriptor for %0',
  f: 'full type metadata for %0',
};

const WITNESSES: Readonly<Record<string, string>> = {
  P: 'protocol witness table for %0',
  G: 'generic protocol witness table for %0',
  I: 'instantiation function for generic protocol witness table for %0',
  a: 'protocol witness table accessor for %0',
};

const ATTRIBUTES: Readonly<Record<string, string>> = {
  o: '@objc ',
  O: '@nonobjc ',
  D: 'dynamic ',
  d: 'super ',
};

/** The tree of a name from before Swift 4, without its prefix `_T`. */
export function readOldName(text: string): Node[] {
  const r = new OldReader(text, { type: readOldBareType, signature: readOldSignature });
  const nodes: Node[] = [];
  for (const [letter, words] of Object.entries(ATTRIBUTES)) {
    if (nodes.length > 0 || !r.nextIf(`T${letter}`)) continue;
    nodes.push(make('Attribute', [], words, 0));
  }
  nodes.push(readGlobal(r));
  if (!r.ended) nodes.push(make('Suffix', [], r.rest()));
  return nodes;
}

function readGlobal(r: OldReader): Node {
  if (r.nextIf('t')) return r.readType();
  if (r.nextIf('M')) {
    const words = METADATA[r.peek()];
    if (words) r.next();
    if (!words && r.nextIf('p'))
      return make('Descriptor', [readOldProtocol(r)], 'protocol descriptor for %0');
    return phrase(words ?? 'type metadata for %0', r.readType());
  }
  if (r.nextIf('w')) {
    const letters = r.slice(2);
    return valueWitness(letters, r.readType());
  }
  if (r.nextIf('W')) return readWitness(r);
  if (r.nextIf('TW')) {
    const conformance = readOldConformance(r);
    return make('Descriptor', [conformance, readOldEntity(r)], 'protocol witness for %1 in conformance %0');
  }
  return r.peek() === 'T' || r.nextIf('PA') ? giveUp() : readOldEntity(r);
}

function readWitness(r: OldReader): Node {
  const letter = r.next();
  const words = WITNESSES[letter];
  if (words) return make('Descriptor', [readOldConformance(r)], words);
  switch (letter) {
    case 'V':
      return phrase('value witness table for %0', r.readType());
    case 'v': {
      const how = r.nextIf('d') ? 'direct' : r.nextIf('i') ? 'indirect' : giveUp();
      return make('Descriptor', [readOldEntity(r)], `${how} field offset for %0`);
    }
    case 'l':
    case 'L': {
      const of = r.readType();
      const what = letter === 'l' ? 'accessor' : 'cache variable';
      const about = `lazy protocol witness table ${what} for type %0 and conformance %1`;
      return make('Descriptor', [of, readOldConformance(r)], about);
    }
    case 't': {
      const conformance = readOldConformance(r);
      return make(
        'Descriptor',
        [conformance, readOldDeclarationName(r)],
        'associated type metadata accessor for %1 in %0',
      );
    }
    case 'T': {
      const conformance = readOldConformance(r);
      const name = readOldDeclarationName(r);
      const about = 'associated type witness table accessor for %1 : %2 in %0';
      return make('Descriptor', [conformance, name, readOldProtocol(r)], about);
    }
    default:
      return giveUp();
  }
}

function readOldConformance(r: OldReader): Node {
  const conforming = r.readType();
  const protocol = type(readOldProtocol(r));
  return make('Conformance', [conforming, protocol, readOldContext(r)]);
}
