import { addressFault } from '@/lib/asc/catalogue/address';
import { readMailboxes } from './mailboxes';

export type AddressProblem = { readonly code: string; readonly detail: string };

export type Address =
  | { readonly ok: true; readonly email: string; readonly key: string; readonly displayName: string | null }
  | { readonly ok: false; readonly text: string; readonly problem: AddressProblem };

/** Reads the addresses of a cell: one, or several people of a list; always at least one answer. */
export function readAddresses(cell: string): readonly Address[] {
  const people = readMailboxes(cell);
  if (!people) return [check(cell, null)];
  return people.map(({ address, name }) => check(address, name || null));
}

/** Reads a cell with one address, also as `Ann Lee <ann@example.com>` or `mailto:…`; `key` joins the same person. */
export function readAddress(cell: string): Address {
  const [address, second] = readAddresses(cell);
  return address && !second ? address : check(cell, null);
}

function check(text: string, displayName: string | null): Address {
  const email = unquoted(text.trim());
  if (/#EXT#@/i.test(email)) return refuse(text, 'GUEST', GUEST);
  const fault = addressFault(email);
  if (fault) return refuse(text, fault.code, fault.detail);
  return { ok: true, email, key: email.toLowerCase(), displayName };
}

const GUEST =
  'This is how Azure names a guest (#EXT#), not an address that takes mail. Use the column with the mail address.';

/** An apostrophe in front is how a spreadsheet marks text; a pair is how Outlook quotes an address. */
function unquoted(text: string): string {
  const inner = /^['‘’](.+?)['‘’]?$/u.exec(text)?.[1];
  return inner !== undefined && addressFault(inner) === null ? inner : text;
}

function refuse(text: string, code: string, detail: string): Address {
  return { ok: false, text, problem: { code: `FLIGHTDECK.EMAIL.${code}`, detail } };
}
