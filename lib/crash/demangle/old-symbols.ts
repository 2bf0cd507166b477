import { valueWitness } from './descriptors';
import { giveUp, make, type Node, phrase, type } from './node';
import { readOldContext, readOldDeclarationName, readOldEntity, readOldProtocol } from './old-names';
import { OldReader } from './old-reader';
import { readOldBareType, readOldSignature } from './old-types';
import { FLAGS, SPECIAL } from './specializations';

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
  const nodes = [...readBefore(r), ...readForwarded(r)];
  if (!r.ended) nodes.push(make('Suffix', [], r.rest()));
  return nodes;
}

function readBefore(r: OldReader): Node[] {
  if (r.nextIf('TS')) return readSpecializations(r);
  for (const [letter, words] of Object.entries(ATTRIBUTES))
    if (r.nextIf(`T${letter}`)) return [make('Attribute', [], words, 0)];
  return [];
}

/** Each specialisation stands before the name that it is of. */
function readSpecializations(r: OldReader): Node[] {
  const found: Node[] = [];
  do {
    found.push(readSpecialization(r));
    r.forget();
  } while (r.nextIf('_TTS'));
  return r.nextIf('_T') ? found : giveUp();
}

const SPECIALIZATIONS: Readonly<Record<string, string>> = {
  g: 'generic specialization',
  r: 'generic not re-abstracted specialization',
  f: 'function signature specialization',
};

const FLAG_LETTERS = [
  ['d', FLAGS.dead],
  ['g', FLAGS.toGuaranteed],
  ['o', FLAGS.toOwned],
  ['s', FLAGS.exploded],
] as const;

/** How a parameter is passed; constants and closures that were put in its place are not read. */
function readParameter(r: OldReader): Node[] {
  if (r.nextIf('n_')) return [];
  if (r.nextIf('i_')) return [make('SpecKind', [], '', SPECIAL.boxToValue)];
  if (r.nextIf('k_')) return [make('SpecKind', [], '', SPECIAL.boxToStack)];
  let flags = 0;
  for (const [letter, flag] of FLAG_LETTERS) if (r.nextIf(letter)) flags += flag;
  return flags > 0 && r.nextIf('_') ? [make('SpecKind', [], '', flags)] : giveUp();
}

function readSpecialization(r: OldReader): Node {
  const letter = r.next();
  const words = SPECIALIZATIONS[letter] ?? giveUp();
  const parts = r.nextIf('q') ? [make('SpecNote', [], 'serialized')] : [];
  const pass = r.next();
  if (!(pass >= '0' && pass <= '9')) giveUp();
  while (!r.nextIf('_')) {
    if (letter === 'f') {
      parts.push(make('SpecParam', readParameter(r)));
      continue;
    }
    const of = [r.readType()];
    while (!r.nextIf('_')) of.push(readOldConformance(r));
    parts.push(make('GenericParam', of));
  }
  return make('Specialization', parts, words);
}

function readForwarded(r: OldReader): Node[] {
  if (!r.nextIf('PA')) return [readGlobal(r)];
  const forwarder = make('PartialApply', [], `partial apply ${r.nextIf('o') ? 'ObjC ' : ''}forwarder`);
  return r.nextIf('__T') ? [forwarder, ...r.deeper(() => readForwarded(r))] : [forwarder];
}

function readReabstraction(r: OldReader, helper: string): Node {
  const signature = r.nextIf('G') ? [r.readSignature()] : [];
  const to = r.readType();
  const parts = [to, r.readType(), ...signature];
  const generic = signature.length > 0 ? '%2 ' : '';
  return make('Reabstraction', parts, `reabstraction thunk ${helper}${generic}from %1 to %0`);
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
  if (r.nextIf('TR')) return readReabstraction(r, 'helper ');
  if (r.nextIf('Tr')) return readReabstraction(r, '');
  return readOldEntity(r);
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
