/** What a text that should hold an App Store Connect key turned out to be. */
export type KeyFlaw =
  | 'empty'
  | 'masked'
  | 'reference'
  | 'file_name'
  | 'key_id'
  | 'token'
  | 'web_page'
  | 'ssh_key'
  | 'pgp_key'
  | 'public_key'
  | 'certificate'
  | 'certificate_request'
  | 'encrypted'
  | 'several'
  | 'truncated'
  | 'unknown';

/** The key in a text, its bytes still encoded, with what stands beside it; or why there is none. */
export interface KeyText {
  /** Base64 of the DER, without line ends; undefined when there is no key. */
  readonly der?: string;
  readonly flaw?: KeyFlaw;
  readonly keyId?: string;
  readonly issuerId?: string;
}

const KEY_ID = /^[A-Z0-9]{8,16}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DASHES = '[-\\u2010-\\u2015\\u2212]{2,}';
const BLOCK = new RegExp(
  `${DASHES}\\s*BEGIN\\s+([A-Z0-9 ]+?)\\s*${DASHES}([\\s\\S]*?)(?:${DASHES}\\s*END\\s+[A-Z0-9 ]+?\\s*${DASHES}|(?=${DASHES}\\s*BEGIN)|$)`,
  'g',
);
/** Base64 in base64 in JSON in base64: deeper is no secrets store but a riddle. */
const DEEPEST = 5;

/** Reads a key as files and secrets stores hold it: PEM in any wrapping, base64 of PEM or DER, JSON, `.env`, YAML. */
export function readKeyText(given: string): KeyText {
  return read(given, 0);
}

/** The text of a file whatever its encoding; bytes that are no text come back as base64, which is read as DER. */
export function textOfBytes(bytes: Uint8Array): string {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (a === 0xfe && b === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const zeros = bytes.reduce((n, byte) => n + (byte === 0 ? 1 : 0), 0);
  const isWide = bytes.length > 3 && zeros > bytes.length / 3 && a !== 0x30;
  const isWideBig = isWide && a === 0;
  if (isWide) return new TextDecoder(isWideBig ? 'utf-16be' : 'utf-16le').decode(bytes);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Not text.
  }
  return toBase64(bytes);
}

function read(given: string, depth: number): KeyText {
  const text = plain(given);
  if (text === '') return { flaw: 'empty' };
  if (depth > DEEPEST) return { flaw: 'unknown' };
  if (lookOf(text) === 'reference') return { flaw: 'reference' };
  const parsed = jsonOf(text);
  if (typeof parsed === 'string') return read(parsed, depth + 1);
  if (parsed !== undefined) return merged(leavesOf(parsed), depth);
  const facts = idsIn(text);
  const blocks = [...text.matchAll(BLOCK)];
  if (blocks.length > 0) return { ...inBlocks(blocks), ...facts };
  const isBare = /^[A-Za-z0-9+/_-]{40,}={0,2}$/.test(text.replace(/\s/g, ''));
  const assigned = isBare ? [] : assignmentsIn(text);
  if (assigned.length > 0) return merged(assigned, depth);
  return { ...bare(text, depth), ...facts };
}

/** Line ends, escapes and quotation as they were before a store or a shell wrote them its own way. */
function plain(given: string): string {
  let text = given.replace(/[\ufeff\ufffe\0\u200b\u2060]/g, '').trim();
  if (/BEGIN(%20|\+)[A-Z]/.test(text) || /^%(7B|22|2D)/i.test(text)) {
    try {
      text = decodeURIComponent(text.replaceAll('+PRIVATE+KEY', '%20PRIVATE%20KEY'));
    } catch {
      // A stray percent sign: read as it is.
    }
  }
  return text
    .replace(/&#(?:x0*[ad]|0*1[03]);/gi, '\n')
    .replace(/&(?:quot|#0*34);/gi, '"')
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .trim();
}

/** Written-out line ends, quotes joined by plus signs, and whatever else is no base64, taken out of a PEM's body. */
function bodyOf(raw: string): string {
  return raw
    .replace(/\\+[nrt]/g, '\n')
    .replace(/["'`]\s*[+.]\s*\n\s*["'`]/g, '')
    .replace(/[^A-Za-z0-9+/=_-]/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/');
}

function inBlocks(blocks: readonly RegExpMatchArray[]): KeyText {
  const of = (test: RegExp) => blocks.filter(([, label = '']) => test.test(label));
  const isLocked = blocks.some(([, label = '', body = '']) => /ENCRYPTED/.test(label + body.slice(0, 80)));
  if (isLocked) return { flaw: 'encrypted' };
  if (of(/OPENSSH|SSH2/).length > 0) return { flaw: 'ssh_key' };
  if (of(/PGP/).length > 0) return { flaw: 'pgp_key' };
  const keys = new Map(of(/^([A-Z]+ )?PRIVATE KEY$/).map(([, , body = '']) => [bodyOf(body), body]));
  const [der] = keys.keys();
  if (keys.size > 1) return { flaw: 'several' };
  if (der !== undefined) return der === '' ? { flaw: 'truncated' } : { der };
  if (of(/PUBLIC KEY/).length > 0) return { flaw: 'public_key' };
  if (of(/CERTIFICATE REQUEST/).length > 0) return { flaw: 'certificate_request' };
  if (of(/CERTIFICATE/).length > 0) return { flaw: 'certificate' };
  return { flaw: 'unknown' };
}

/** A text without armour and names: a value of its own, or something else altogether. */
function bare(text: string, depth: number): KeyText {
  const unquoted = text.replace(/^(["'`])([\s\S]*)\1[;,]?$/, '$2').trim();
  if (unquoted !== text) return read(unquoted, depth + 1);
  const flaw = lookOf(text);
  if (flaw) return { flaw };
  const packed = text.replace(/\\+[nrt]/g, '').replace(/[\s"'\\]/g, '');
  if (/^(?:[0-9a-f]{2}){60,}$/i.test(packed) && packed.startsWith('30')) return { der: fromHex(packed) };
  if (!/^[A-Za-z0-9+/_-]{40,}={0,2}$/.test(packed)) return { flaw: 'unknown' };
  const base64 = packed.replaceAll('-', '+').replaceAll('_', '/');
  const bytes = fromBase64(base64);
  if (!bytes) return { flaw: 'truncated' };
  const inner = textOfBytes(bytes);
  // Readable text inside: the PEM, the JSON or again base64; anything else is taken for the DER.
  const isText = /^[\x20-\x7e\s\ufeff]+$/.test(inner) && inner !== toBase64(bytes);
  return isText ? read(inner, depth + 1) : { der: base64 };
}

const LOOKS: readonly (readonly [RegExp, KeyFlaw])[] = [
  [/^[*•●xX·.]{3,}$|redacted|\*{3,}/i, 'masked'],
  [
    /^(\$\{?|\{\{|<%|op:\/\/|vault:|arn:aws:|projects\/.+\/secrets\/|@Microsoft\.KeyVault|env:)/i,
    'reference',
  ],
  [/^\s*<(!doctype|html|head|body|\?xml|plist|div|p\b)/i, 'web_page'],
  [/^(ssh-|ecdsa-sha2-|PuTTY-User-Key-File)/, 'ssh_key'],
  [/^(Bearer )?eyJ[\w-]+\.[\w-]+/, 'token'],
  [/^[^\n]{1,400}\.(p8|pem|key|p12|pfx|cer|crt|json|txt|env)$/i, 'file_name'],
  [/^(file:|~?\.{0,2}\/[\w.~-]+(\/|$)|[A-Za-z]:\\)[^\n]{0,80}$/, 'file_name'],
];

function lookOf(text: string): KeyFlaw | undefined {
  if (KEY_ID.test(text) || UUID.test(text)) return 'key_id';
  return LOOKS.find(([look]) => look.test(text))?.[1];
}

interface Leaf {
  readonly name: string;
  readonly value: string;
}

function jsonOf(text: string): unknown {
  if (!/^[{["]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    try {
      // Line ends inside strings: no JSON, but what a person gets who pastes a key into one.
      return JSON.parse(text.replaceAll('\n', '\\n'));
    } catch {
      return undefined;
    }
  }
}

function leavesOf(value: unknown, name = ''): Leaf[] {
  if (typeof value === 'string') return [{ name, value }];
  if (Array.isArray(value)) {
    const isLines = value.length > 0 && value.every((line) => typeof line === 'string');
    return isLines ? [{ name, value: value.join('\n') }] : value.flatMap((one) => leavesOf(one, name));
  }
  if (value === null || typeof value !== 'object') return [];
  const { name: label, key: own, value: text } = value as Record<string, unknown>;
  const labelled = typeof label === 'string' ? label : typeof own === 'string' ? own : '';
  // Lists of `{name, value}`, as many stores export them.
  if (typeof text === 'string' && KNOWN_NAME.test(squeezed(labelled)))
    return [{ name: labelled, value: text }];
  return Object.entries(value).flatMap(([key, one]) => leavesOf(one, key));
}

const squeezed = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
const IS_KEY_ID = /(keyid|keyidentifier|apikeyid|kid)$/;
const IS_ISSUER = /(issuer|issuerid|iss|issuerkey)$/;
const KNOWN_NAME = /keyid|kid$|iss|key|p8|pem|secret/;

/** What several named values hold together. */
function merged(leaves: readonly Leaf[], depth: number): KeyText {
  const keyId = leaves.find(({ name, value }) => IS_KEY_ID.test(squeezed(name)) && KEY_ID.test(value.trim()));
  const issuer = leaves.find(({ name, value }) => IS_ISSUER.test(squeezed(name)) && UUID.test(value.trim()));
  const rest = leaves.filter((leaf) => leaf !== keyId && leaf !== issuer);
  const texts = rest.map(({ name, value }) => ({ name, ...read(value, depth + 1) }));
  const found = texts.filter(({ der }) => der !== undefined);
  const facts = {
    ...one('keyId', keyId?.value.trim() ?? found[0]?.keyId ?? texts.find((text) => text.keyId)?.keyId),
    ...one(
      'issuerId',
      issuer?.value.trim() ?? found[0]?.issuerId ?? texts.find((text) => text.issuerId)?.issuerId,
    ),
  };
  const ders = new Set(found.map(({ der }) => der));
  if (ders.size > 1) return { flaw: 'several', ...facts };
  const [der] = ders;
  if (der !== undefined) return { der, ...facts };
  const named = texts.filter(({ name, flaw }) => /key|p8|pem|secret|path/i.test(name) && flaw !== 'key_id');
  const flaw = [...named, ...texts].find((text) => text.flaw && text.flaw !== 'unknown')?.flaw;
  return { flaw: flaw ?? 'unknown', ...facts };
}

function one<K extends string>(name: K, value: string | undefined): { readonly [key in K]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in K]?: string });
}

/** The identifiers that stand beside a key in text that is no JSON. */
function idsIn(text: string): Pick<KeyText, 'keyId' | 'issuerId'> {
  const leaves = text.split('\n').flatMap((line) => assignmentOf(line) ?? []);
  const { keyId, issuerId } = merged(
    leaves.filter(({ value }) => KEY_ID.test(value) || UUID.test(value)),
    DEEPEST,
  );
  // The file's name in a comment or a path says it too.
  const inName = /AuthKey_([A-Z0-9]{8,12})\b/.exec(text)?.[1];
  return { ...one('keyId', keyId ?? inName), ...one('issuerId', issuerId) };
}

const ASSIGNMENT =
  /^\s*(?:-\s+)?(?:export\s+|set\s+|setx\s+|ENV\s+|\$env:|const\s+|let\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*(?::?=|:)\s*(.*)$/;

function assignmentOf(line: string): Leaf | undefined {
  const [, name, rest] = ASSIGNMENT.exec(line) ?? [];
  if (name === undefined || rest === undefined) return undefined;
  const value = rest.replace(/[;,]\s*$/, '').trim();
  return { name, value: value.replace(/^(["'`])(.*)\1$/, '$2').trim() };
}

/** `NAME=value` and `name: value`, each with the lines that continue it. */
function assignmentsIn(text: string): Leaf[] {
  const leaves: { name: string; value: string }[] = [];
  for (const line of text.split('\n')) {
    if (/^\s*(#|\/\/)/.test(line)) continue;
    const begun = assignmentOf(line);
    const last = leaves.at(-1);
    if (begun && !/^[a-z]+$/i.test(line.trim()))
      leaves.push({ ...begun, value: begun.value.replace(/^[|>][+-]?$/, '') });
    else if (last) last.value += `\n${line}`;
  }
  return leaves;
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function fromHex(text: string): string {
  return toBase64(Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}
