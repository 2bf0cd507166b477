import { attributeRefusal } from '../checks/refusal';
import type { Resource } from '../engine/resource';
import type { Store } from '../engine/store';

/** The languages TestFlight takes texts in. */
export const LOCALES: ReadonlySet<string> = new Set(
  'da de-DE el en-AU en-CA en-GB en-US es-ES es-MX fi fr-CA fr-FR id it ja ko ms nl-NL no pt-BR pt-PT ru sv th tr vi zh-Hans zh-Hant'.split(
    ' ',
  ),
);

const MAX_BYTES = 4000;
const FORBIDDEN =
  /<|\p{Emoji_Presentation}|\p{Regional_Indicator}|\u{FE0F}|\u{20E3}|(?![©®™])\p{Extended_Pictographic}/u;
const EMAIL = /^[^\s@＠]+@[^\s@＠]+\.[^\s@＠]+$/;

/** Refuses a locale that TestFlight has no table for, or that a sibling has already. */
export function checkLocale(locale: unknown, siblings: readonly Resource[]): void {
  if (typeof locale !== 'string' || !LOCALES.has(locale))
    throw attributeRefusal('locale', 'INVALID', `'${String(locale)}' is not a locale of TestFlight`);
  if (siblings.some((sibling) => sibling.attributes.locale === locale))
    throw attributeRefusal('locale', 'INVALID.DUPLICATE', `The locale '${locale}' is already used`);
}

/** Refuses text over 4,000 bytes of UTF-8. */
export function checkLength(name: string, text: unknown, max = MAX_BYTES): void {
  if (typeof text === 'string' && Buffer.byteLength(text) > max)
    throw attributeRefusal(
      name,
      'INVALID.TOO_LONG',
      `The text for ${name} may have at most ${max} characters`,
    );
}

/** Refuses what the service calls invalid characters: emoji and `<`. */
export function checkCharacters(name: string, text: unknown): void {
  if (typeof text === 'string' && FORBIDDEN.test(text))
    throw attributeRefusal(name, 'INVALID', `Text for ${name} contains invalid characters`);
}

export function checkEmail(name: string, value: unknown): void {
  if (value !== null && value !== undefined && (typeof value !== 'string' || !EMAIL.test(value)))
    throw attributeRefusal(name, 'INVALID', `'${String(value)}' is not a valid e-mail address`);
}

export function checkUrl(name: string, value: unknown): void {
  if (value === null || value === undefined) return;
  if (typeof value !== 'string' || !URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw attributeRefusal(name, 'INVALID', `'${String(value)}' is not a valid URL`);
}

/** Refuses missing or blank text. */
export function checkPresent(name: string, value: unknown): void {
  if (typeof value !== 'string' || value.trim() === '')
    throw attributeRefusal(name, 'REQUIRED', `You must provide a value for '${name}'`);
}

/** Resources at the other end of a to-many relationship of a parent named by id. */
export function siblingsOf(
  store: Store,
  parentType: string,
  parentId: string | undefined,
  name: string,
): Resource[] {
  const parent = parentId === undefined ? undefined : store.get(parentType, parentId);
  return parent ? store.related(parent, name) : [];
}

/** Changes without those that say null, where null means "leave as it is". */
export function withoutNulls(changes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null));
}
