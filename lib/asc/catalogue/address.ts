/** What is wrong with an e-mail address: a code of ours, and words that say it. */
export interface AddressFault {
  readonly code: 'MISSING' | 'LOOK_ALIKE' | 'MALFORMED';
  readonly detail: string;
}

const ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]$/;
/** Typography that programs put in the place of the plain sign. */
const TYPOGRAPHY: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‚': ',',
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '‐': '-',
  '‑': '-',
  '−': '-',
  '。': '.',
};

/**
 * Says why a text is no address that can be invited: RFC 5321 without quoted parts and address literals, in ASCII,
 * with a domain of at least two labels. Null when it is one.
 */
export function addressFault(text: string): AddressFault | null {
  if (text.trim() === '') return { code: 'MISSING', detail: 'There is no e-mail address.' };
  const strange = lookAlike(text);
  if (strange !== null) return { code: 'LOOK_ALIKE', detail: strange };
  if (text.length > 254) return { code: 'MALFORMED', detail: 'The e-mail address is too long.' };
  const reason = shapeFault(text);
  if (reason === null) return null;
  const shown = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  return { code: 'MALFORMED', detail: `“${shown}” is not an e-mail address: ${reason}.` };
}

function shapeFault(text: string): string | null {
  if (/\s/.test(text)) return 'it has a space inside';
  if (/^".*"@/.test(text)) {
    return 'the standard knows quotation marks before the @, but such a person could not be looked up at Apple to avoid a second invitation';
  }
  const parts = text.split('@');
  if (parts.length === 1) return 'it has no @';
  if (parts.length > 2) return `it has ${parts.length === 3 ? 'two' : parts.length - 1} @`;
  const [local = '', domain = ''] = parts;
  return localFault(local) ?? domainFault(domain);
}

function localFault(local: string): string | null {
  if (local === '') return 'nothing stands before the @';
  if (local.length > 64) return 'more than 64 characters stand before the @';
  if (local.startsWith('.')) return 'it begins with a dot';
  if (local.endsWith('.')) return 'a dot stands right before the @';
  if (local.includes('..')) return 'it has two dots in a row';
  const odd = [...local].find((character) => character !== '.' && !ATOM.test(character));
  return odd === undefined ? null : `“${odd}” cannot stand before the @`;
}

function domainFault(domain: string): string | null {
  if (domain === '') return 'nothing stands after the @';
  if (domain.startsWith('[')) return 'a number in brackets stands in place of a domain';
  if (domain.startsWith('.')) return 'a dot stands right after the @';
  if (domain.endsWith('.')) return 'it ends with a dot';
  if (domain.includes('..')) return 'it has two dots in a row';
  const odd = [...domain].find((character) => !/[A-Za-z0-9.-]/.test(character));
  if (odd !== undefined) return `“${odd}” cannot stand in a domain`;
  const labels = domain.split('.');
  if (labels.length < 2) return `the domain “${domain}” has no ending such as .com`;
  if (labels.some((label) => label.length > 63)) return 'a part of the domain is longer than 63 characters';
  if (labels.some((label) => /^-|-$/.test(label))) return 'a part of the domain begins or ends with a hyphen';
  const top = labels.at(-1) ?? '';
  return /^([A-Za-z]{2,}|xn--[A-Za-z0-9-]+)$/i.test(top) ? null : `“.${top}” is no ending of a domain`;
}

/** Says which character only looks right; addresses are sent in ASCII. */
function lookAlike(text: string): string | null {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x20 && code <= 0x7e) continue;
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    const plain = TYPOGRAPHY[character] ?? character.normalize('NFKC');
    if (/^[\x21-\x7e]+$/.test(plain)) {
      return `“${character}” (${name}) only looks like “${plain}”. Type the address anew.`;
    }
    if (code === 0xfffd) {
      return 'A character of the address was lost when the file was written or read. Choose another encoding, or type the address anew.';
    }
    if (/\p{Cf}|\p{Zs}|\p{Cc}/u.test(character)) {
      return `The address holds an invisible character (${name}). Type the address anew.`;
    }
    if (/[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(character)) {
      return `“${character}” (${name}) is no Latin letter, though it may look like one. Type the address anew.`;
    }
    const isDomain = text.lastIndexOf('@') >= 0 && !text.slice(0, text.lastIndexOf('@')).includes(character);
    const ascii = isDomain ? asciiForm(text) : null;
    return ascii === null
      ? `“${character}” (${name}) cannot stand in an address that Apple accepts.`
      : `“${character}” (${name}) cannot stand in an address that Apple accepts. If the address is right, write its domain in the ASCII form: ${ascii}`;
  }
  return null;
}

/** The address with its international domain as mail servers know it; null when the domain is none. */
function asciiForm(text: string): string | null {
  const at = text.lastIndexOf('@');
  const domain = text.slice(at + 1);
  if (!URL.canParse(`http://${domain}/`)) return null;
  const { hostname } = new URL(`http://${domain}/`);
  const address = `${text.slice(0, at)}@${hostname}`;
  return /^[\x21-\x7e]+$/.test(address) && shapeFault(address) === null ? address : null;
}
