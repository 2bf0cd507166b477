import { ACCESSORS, ADDRESSORS, MUTABLE_ADDRESSORS } from './entities';
import { operatorOf } from './names';
import { child, giveUp, type Kind, make, type Node, type } from './node';
import type { OldReader } from './old-reader';
import { decodePunycode } from './punycode';
import { swiftType } from './standard';

/** An identifier: `X` says that it is punycode, `o` that it is an operator. */
export function readOldIdentifier(r: OldReader): Node {
  const punycode = r.nextIf('X');
  const fixity = r.nextIf('o') ? (FIXITIES[r.next()] ?? giveUp()) : '';
  const raw = r.slice(r.natural());
  const name = punycode ? (decodePunycode(raw) ?? giveUp()) : raw;
  if (name === '') giveUp();
  return fixity ? make('OperatorName', [], operatorOf(name) + fixity) : make('Identifier', [], name);
}

const FIXITIES: Readonly<Record<string, string>> = { i: ' infix', p: ' prefix', P: ' postfix' };

/** The name of a declaration. */
export function readOldDeclarationName(r: OldReader): Node {
  if (r.nextIf('L')) {
    const index = r.indexNumber();
    return make('LocalName', [readOldIdentifier(r)], '', index);
  }
  if (!r.nextIf('P')) return readOldIdentifier(r);
  const discriminator = readOldIdentifier(r).text;
  return make('PrivateName', [readOldIdentifier(r)], discriminator);
}

function readModule(r: OldReader): Node {
  if (r.nextIf('s')) return make('Module', [], 'Swift');
  if (r.nextIf('S')) {
    const known = readOldSubstitution(r);
    return known.kind === 'Module' ? known : giveUp();
  }
  const name = readOldIdentifier(r);
  return name.kind === 'Identifier' ? r.substitutable(make('Module', [], name.text)) : giveUp();
}

/** A declaration of a kind: its context, then its name. */
export function readOldDeclaration(r: OldReader, kind: Kind): Node {
  const context = readOldContext(r);
  return r.substitutable(make(kind, [context, readOldDeclarationName(r)]));
}

/** The standard types that had a letter before Swift 4. */
const STANDARD: Readonly<Record<string, readonly [Kind, string]>> = {
  a: ['Structure', 'Array'],
  b: ['Structure', 'Bool'],
  c: ['Structure', 'UnicodeScalar'],
  d: ['Structure', 'Double'],
  f: ['Structure', 'Float'],
  i: ['Structure', 'Int'],
  V: ['Structure', 'UnsafeRawPointer'],
  v: ['Structure', 'UnsafeMutableRawPointer'],
  P: ['Structure', 'UnsafePointer'],
  p: ['Structure', 'UnsafeMutablePointer'],
  q: ['Enum', 'Optional'],
  Q: ['Enum', 'ImplicitlyUnwrappedOptional'],
  R: ['Structure', 'UnsafeBufferPointer'],
  r: ['Structure', 'UnsafeMutableBufferPointer'],
  S: ['Structure', 'String'],
  u: ['Structure', 'UInt'],
};

/** What stands after `S`: a module of C, a standard type, or what stood before. */
export function readOldSubstitution(r: OldReader): Node {
  if (r.nextIf('o')) return make('Module', [], '__C');
  if (r.nextIf('C')) return make('Module', [], '__C_Synthesized');
  const standard = STANDARD[r.peek()];
  if (!standard) return r.substitution(r.indexNumber());
  r.next();
  return child(swiftType(...standard), 0);
}

const NOMINALS: Readonly<Record<string, Kind>> = { V: 'Structure', O: 'Enum', C: 'Class', P: 'Protocol' };

/** A nominal type by the letter of its kind. */
export function readOldNominal(r: OldReader): Node {
  const letter = r.next();
  return letter === 'S' ? readOldSubstitution(r) : readOldDeclaration(r, NOMINALS[letter] ?? giveUp());
}

/** A generic type: the arguments of the types around it stand first. */
export function readOldBound(r: OldReader): Node {
  return r.deeper(() => bind(r, readOldNominal(r)));
}

function bind(r: OldReader, nominal: Node): Node {
  const outer = child(nominal, 0);
  const alone = outer.kind === 'Module' || outer.kind === 'Function' || outer.kind === 'Extension';
  const whole = alone
    ? nominal
    : make(nominal.kind, [r.deeper(() => bind(r, outer)), child(nominal, 1)], nominal.text);
  const args: Node[] = [];
  while (!r.nextIf('_')) args.push(r.readType());
  if (args.length === 0) return whole;
  if (whole.kind !== 'Class' && whole.kind !== 'Structure' && whole.kind !== 'Enum') giveUp();
  return make('Bound', [type(whole), make('TypeList', args)], whole.kind);
}

/** A protocol, whose module may be known already. */
export function readOldProtocol(r: OldReader, module?: Node): Node {
  if (module) return r.substitutable(make('Protocol', [module, readOldDeclarationName(r)]));
  if (r.nextIf('s')) return readOldProtocol(r, make('Module', [], 'Swift'));
  if (!r.nextIf('S')) return readOldDeclaration(r, 'Protocol');
  const known = readOldSubstitution(r);
  if (known.kind === 'Protocol') return known;
  return known.kind === 'Module' ? readOldProtocol(r, known) : giveUp();
}

/** What a declaration stands in. */
export function readOldContext(r: OldReader): Node {
  return r.deeper(() => {
    if (r.nextIf('E')) {
      const module = readModule(r);
      return make('Extension', [module, readOldContext(r)]);
    }
    if (r.nextIf('e')) {
      const module = readModule(r);
      const signature = r.readSignature();
      return make('Extension', [module, readOldContext(r), signature]);
    }
    if (r.nextIf('S')) return readOldSubstitution(r);
    if (r.nextIf('s')) return make('Module', [], 'Swift');
    if (r.nextIf('G')) return readOldBound(r);
    const letter = r.peek();
    return letter !== '' && 'FIvPZCVO'.includes(letter) ? readOldEntity(r) : readModule(r);
  });
}

const BASICS: Readonly<Record<string, Kind>> = {
  F: 'Function',
  v: 'Variable',
  I: 'Initializer',
  i: 'Subscript',
};

/** An entity with its context, its name and its type. */
export function readOldEntity(r: OldReader): Node {
  const isStatic = r.nextIf('Z');
  const basic = BASICS[r.peek()];
  if (!basic) return isStatic ? giveUp() : readOldNominal(r);
  r.next();
  const context = readOldContext(r);
  const entity = readMember(r, context) ?? readAccessor(r, context) ?? readNamed(r, basic, context);
  return isStatic ? make('Static', [entity], 'static %0') : entity;
}

function readMember(r: OldReader, context: Node): Node | undefined {
  const inClass = context.kind === 'Class';
  if (r.nextIf('D')) return make('Member', [context], inClass ? '__deallocating_deinit' : 'deinit');
  if (r.nextIf('Z')) return make('Member', [context], inClass ? '__isolated_deallocating_deinit' : 'deinit');
  if (r.nextIf('d')) return make('Member', [context], 'deinit');
  if (r.nextIf('e')) return make('Member', [context], '__ivar_initializer');
  if (r.nextIf('E')) return make('Member', [context], '__ivar_destroyer');
  if (r.nextIf('C'))
    return make('Allocator', [context, r.readType()], inClass ? '__allocating_init' : 'init');
  if (r.nextIf('c')) return make('Constructor', [context, r.readType()], 'init');
  for (const [letter, words] of [['U', 'closure #'] as const, ['u', 'implicit closure #'] as const]) {
    if (!r.nextIf(letter)) continue;
    const index = r.indexNumber() + 1;
    return make('Closure', [context, r.readType()], words, index);
  }
  return undefined;
}

/** The letters of accessors that were there before Swift 4. */
const OLD_ACCESSORS = 'gGsmwWrM';

function readAccessor(r: OldReader, context: Node): Node | undefined {
  const letter = r.peek();
  if (letter === '' || !`al${OLD_ACCESSORS}`.includes(letter)) return undefined;
  r.next();
  const word =
    letter === 'a'
      ? MUTABLE_ADDRESSORS[r.next().replace('p', 'P')]
      : letter === 'l'
        ? ADDRESSORS[r.next()]
        : ACCESSORS[letter];
  const accessor = word ?? giveUp();
  const name = readOldDeclarationName(r);
  const typed = r.readType();
  if (name.kind === 'PrivateName' && name.children[0]?.text === 'subscript') giveUp();
  const isSubscript = name.kind === 'Identifier' && name.text === 'subscript';
  const of = isSubscript ? make('Subscript', [context, typed]) : make('Variable', [context, name, typed]);
  return make('Accessor', [of], accessor);
}

function readNamed(r: OldReader, basic: Kind, context: Node): Node {
  if (basic !== 'Initializer') {
    const name = readOldDeclarationName(r);
    return make(basic, [context, name, r.readType()]);
  }
  if (r.nextIf('A')) return make('DefaultArgument', [context], '', r.indexNumber());
  return r.nextIf('i') ? make('Initializer', [context], 'variable initialization expression') : giveUp();
}
