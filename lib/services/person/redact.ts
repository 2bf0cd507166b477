import { isRecord } from '@/lib/mirror/resource';
import { wordOf } from './address';
import { type Person, wordsOf } from './who';

/** Takes one person out of texts and of JSON. */
export interface Redactor {
  /** What stands in place of the person. */
  readonly pseudonym: string;
  /** Whether a text holds the address, or the id of a tester that the person is. */
  isAbout(text: string): boolean;
  /** Whether a text holds the address. */
  holdsAddress(text: string): boolean;
  text(text: string): string;
  /** JSON that stays JSON; what is none is taken as text. */
  json(text: string): string;
}

/** What stands in place of what a person wrote. */
const TAKEN_OUT = '[erased]';
const FIRST_NAMES = new Set(['firstName', 'first name']);
const LAST_NAMES = new Set(['lastName', 'last name', 'nameLower', 'name']);
const ADDRESSES = new Set(['email', 'emailLower']);
const IDS = ['id', 'testerId', 'resourceId'] as const;

/**
 * @param options.isToBeSent what is kept could be sent to Apple some day: then no pseudonym stands where an address is
 */
export function redactorOf(
  person: Person,
  pseudonym: string,
  { isToBeSent = false }: { readonly isToBeSent?: boolean } = {},
): Redactor {
  const address = wordOf(person.address);
  const names = person.names.map((name) => wholeWord(name));
  const words = wordsOf(person);
  const holdsAddress = (text: string) => text.search(address) >= 0;
  const holdsId = (text: string) => [...person.testerIds].some((id) => text.includes(id));
  const redacted = (given: string) => {
    let text = given;
    for (const one of words) text = text.replaceAll(one, TAKEN_OUT);
    text = text.replace(address, pseudonym);
    for (const name of names) text = text.replace(name, pseudonym);
    return text;
  };
  const isThePerson = (object: Readonly<Record<string, unknown>>) =>
    Object.entries(object).some(
      ([name, value]) =>
        typeof value === 'string' &&
        (ADDRESSES.has(name)
          ? holdsAddress(value)
          : IDS.some((id) => id === name) && person.testerIds.has(value)),
    );
  const walk = (value: unknown, isPerson: boolean): unknown => {
    if (typeof value === 'string') return redacted(value);
    if (Array.isArray(value)) return value.map((one) => walk(one, false));
    if (!isRecord(value)) return value;
    // Apple’s attributes stand one deeper than the id.
    const isOf = isThePerson(value) || isPerson;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => {
        const member = redacted(name);
        if (typeof inner === 'string') {
          if (isOf && FIRST_NAMES.has(name)) return [member, null];
          if (isOf && LAST_NAMES.has(name)) return [member, isToBeSent ? null : pseudonym];
          if (ADDRESSES.has(name) && holdsAddress(inner)) return [member, isToBeSent ? null : pseudonym];
          // Names of things by type and id.
          if ([...person.testerIds].some((id) => name.endsWith(`/${id}`))) return [member, pseudonym];
        }
        return [member, walk(inner, isOf && name === 'attributes')];
      }),
    );
  };
  return {
    pseudonym,
    holdsAddress,
    isAbout: (text) => holdsAddress(text) || holdsId(text),
    text: redacted,
    json(text) {
      try {
        return JSON.stringify(walk(JSON.parse(text), false));
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        return redacted(text);
      }
    },
  };
}

function wholeWord(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&').replace(/\s+/g, '\\s+');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'giu');
}
