import { simpleCxxName } from './cxx';
import { demangle } from './demangle/demangle';
import { outsideOfBrackets, withoutArguments } from './groups-of-signs';

/** Longer symbols are cut before they are looked at; of what they are read as, the beginning counts. */
const LONGEST = 30_000;
const LONGEST_READ = 4000;

const TAILS =
  /(?:\.(?:cold|llvm|isra|part|constprop|resume|thunk|lto_priv)(?:\.\d+)*| \(\.[\w.]+\)| \[clone [^\]]*\]|::h[0-9a-f]{16}|\.\d+)$/;

/** What the compiler puts before the name of a function that it made out of another. */
const FOLDED = [
  /^specialized /,
  /^merged /,
  /^@(?:non)?objc /,
  /^dynamic /,
  /^override /,
  /^partial apply (?:forwarder )?for /,
  /^(?:curry thunk|dispatch thunk) of /,
  /^\(\d+\) (?:await|suspend) resume partial function for /,
  /^(?:await|suspend) resume partial function #?\d* ?(?:for|of) /,
  /^async function pointer to /,
  /^default argument \d+ of /,
  /^variable initialization expression of /,
  /^invocation function for block in /,
  /^non-virtual thunk to /,
  /^virtual thunk to /,
  /^back deployment (?:thunk|fallback) for /,
  /^(?:distributed )?accessor for /,
];

/** Code that belongs to no function of the programme's own. */
const NOBODYS =
  /^(?:outlined |_?OUTLINED_FUNCTION_\d+|thunk for |reabstraction thunk helper|<deduplicated_symbol>|<redacted>|<compiler-generated>|<unknown>|\?\?\?$)/;

/**
 * The function that a symbol belongs to, as it is compared: without arguments, generic arguments, discriminators, and
 * whatever the compiler made of one function (closures, thunks, partial applies, async parts, clones). Null for code
 * that is nobody's, such as outlined parts. `binary` is the module whose name may stand in front.
 */
export function functionOf(symbol: string, binary: string | null = null): string | null {
  const bare = withoutTails(symbol.slice(0, LONGEST).trim());
  const outer = ofBlock(read(bare) ?? bare);
  let name = (read(outer) ?? outer).slice(0, LONGEST_READ);
  for (let before = ''; before !== name; ) {
    before = name;
    if (NOBODYS.test(name)) return null;
    name = withoutTails(unfolded(name));
  }
  const plain = /^[-+]\[/.test(name) ? name : reduced(name, binary);
  return plain === '' ? null : plain;
}

/** Whether a symbol is mangled in a way that is not read here. */
export function isUnread(symbol: string): boolean {
  return /^_?(?:\$[sSe]|_T0|_Z|_R)\w/.test(symbol) && read(withoutTails(symbol.slice(0, LONGEST))) === null;
}

/** A mangled name as people write it. */
function read(symbol: string): string | null {
  return demangle(symbol, { simplified: true }) ?? simpleCxxName(symbol);
}

/** No tail is longer than what is looked at: a name may be nothing but tails. */
const LONGEST_TAIL = 300;

function withoutTails(name: string): string {
  let rest = name;
  for (;;) {
    const from = Math.max(0, rest.length - LONGEST_TAIL);
    const tail = TAILS.exec(rest.slice(from));
    if (tail === null) return rest;
    rest = rest.slice(0, from + tail.index);
  }
}

/** `__45-[Foo bar:]_block_invoke_2` is a part of `-[Foo bar:]`. */
function ofBlock(name: string): string {
  const end = name.indexOf('_block_invoke');
  if (end < 3 || !name.startsWith('__') || !/^(?:_block_invoke[\d_.]*)+$/.test(name.slice(end))) return name;
  return ofBlock(name.slice(2, end).replace(/^\d+(?=[-+]\[)/, ''));
}

function unfolded(name: string): string {
  const prefix = FOLDED.find((one) => one.test(name));
  if (prefix) return name.replace(prefix, '');
  if (/^(?:implicit )?closure #\d+/.test(name)) return after(name, ' in ') ?? name;
  if (
    /^(?:function signature|generic|generic (?:not re-abstracted|pre-)|prespecialized) ?speciali[sz]ation </.test(
      name,
    )
  )
    return after(name, ' of ') ?? name;
  const witness = /^protocol witness for /.exec(name);
  if (witness) return witnessed(name.slice(witness[0].length));
  const local = /^([\p{L}_][\p{L}\p{N}_]*) #\d+[ (]/u.exec(name);
  const outer = local === null ? null : after(name, ' in ');
  return local !== null && outer !== null ? `${functionOf(outer) ?? ''}.${local[1]}` : name;
}

function after(name: string, separator: string): string | null {
  const at = outsideOfBrackets(name, separator);
  return at < 0 ? null : name.slice(at + separator.length);
}

/** A requirement as one type fulfils it is that type's function. */
function witnessed(text: string): string {
  const at = outsideOfBrackets(text, ' in conformance ');
  if (at < 0) return text;
  const method = withoutArguments(text.slice(0, at))
    .replace(/\(\).*$/s, '')
    .replace(/ : .*$/s, '');
  const type = withoutArguments(text.slice(at + ' in conformance '.length)).replace(/ ?: .*$/s, '');
  const own = /[^.]+(?:\.(?:getter|setter|modify|read))?$/.exec(method)?.[0] ?? method;
  return `${type.replace(/<T>$/, '')}.${own}`;
}

function reduced(name: string, binary: string | null): string {
  const plain = name
    .replace(/\((\w+) in _[0-9A-F]{32}\)/g, '$1')
    .replace(/\(extension in [\w.]+\):/g, '')
    .replace(/\(anonymous namespace\)/g, '{anonymous}')
    .replace(/\[abi:\w+\]/g, '');
  const kept = withoutArguments(plain);
  const own = kept.includes('::') ? cxx(kept) : swift(kept);
  return binary !== null && own.startsWith(`${binary}.`) && own.length > binary.length + 1
    ? own.slice(binary.length + 1)
    : own;
}

function swift(name: string): string {
  const end = name.indexOf('()');
  const own = end > 0 ? name.slice(0, end) : name;
  return own
    .replace(/ (?:throws |async |rethrows )*->.*$/s, '')
    .replace(/ : .*$/s, '')
    .trim();
}

/** Without what it returns and the lambda in it. */
function cxx(name: string): string {
  const lambda = /::(?:\$_\d+|'lambda\d*'|\{lambda|__lambda)/.exec(name);
  const scoped = (lambda ? name.slice(0, lambda.index) : name).replace(/ (?:const|volatile|&&?)(?= |$)/g, '');
  const ended = scoped.replace(/(?:\(\))+$/, '').replace(/\(\)::/g, '::');
  const words = /\boperator [^:]*$/.exec(ended);
  const start = ended.lastIndexOf(' ', words ? words.index - 1 : undefined);
  return ended.slice(start + 1).replace(/^[*&]+/, '');
}
