import { email } from '@/lib/asc/catalogue/bodies';

export type AddressProblem = { readonly code: string; readonly detail: string };

export type Address =
  | { readonly ok: true; readonly email: string; readonly key: string; readonly displayName: string | null }
  | { readonly ok: false; readonly problem: AddressProblem };

/** Reads an e-mail cell, also as `Ann Lee <ann@example.com>` or `mailto:…`; `key` joins the same person. */
export function readAddress(cell: string): Address {
  const angled = /^"?([^"<>]*)"?\s*<\s*([^<>]+?)\s*>$/.exec(cell);
  const text = (angled?.[2] ?? cell).replace(/^mailto:/i, '');
  if (text === '') return refuse('MISSING', 'There is no e-mail address.');
  const strange = lookAlike(text);
  if (strange) return refuse('LOOK_ALIKE', strange);
  const checked = email.safeParse(text);
  if (!checked.success) {
    const message =
      text.length > 254 ? 'The e-mail address is too long.' : `“${shorten(text)}” is not an e-mail address.`;
    return refuse('MALFORMED', message);
  }
  const displayName = angled?.[1]?.trim() || null;
  return { ok: true, email: checked.data, key: checked.data.toLowerCase(), displayName };
}

/** Says which character only looks right; Apple takes ASCII addresses. */
function lookAlike(text: string): string | null {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x21 && code <= 0x7e) continue;
    if (code === 0x20) return null;
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    const plain = character.normalize('NFKC');
    if (/^[\x21-\x7e]+$/.test(plain)) {
      return `“${character}” (${name}) only looks like “${plain}”. Type the address anew.`;
    }
    if (/\p{Cf}|\p{Zs}|\p{Cc}/u.test(character)) {
      return `The address holds an invisible character (${name}). Type the address anew.`;
    }
    if (/[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(character)) {
      return `“${character}” (${name}) is no Latin letter, though it may look like one. Type the address anew.`;
    }
    return `“${character}” (${name}) cannot stand in an address that Apple accepts.`;
  }
  return null;
}

function refuse(code: string, detail: string): Address {
  return { ok: false, problem: { code: `FLIGHTDECK.EMAIL.${code}`, detail } };
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
