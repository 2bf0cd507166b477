import { NOT } from '@/lib/browser/lists';
import type { FilterOption, FilterWords, Shortcuts } from './types';

/** A filter written into the search: `status:new`, `-os:26`, `device:"iPhone 16"`, `is:open`, `low-disk`. */
export interface Token {
  readonly isNot: boolean;
  readonly name: string;
  /** What stands behind the colon, without quotes; null without a colon. */
  readonly value: string | null;
  readonly start: number;
  readonly end: number;
  /** Whether its quote is still open. */
  readonly isOpen: boolean;
}

const TOKEN = /(?<=^|\s)(-?)(\p{L}[\p{L}-]*)(?:(:)(?:"([^"]*)("?)|(\S*)))?(?=\s|$)/gu;

/** Every word of a search that could be a filter, in order. */
export function tokensIn(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map((found) => {
    const [whole, not, name = '', colon, quoted, end, plain] = found;
    return {
      isNot: not === '-',
      name: name.toLowerCase(),
      value: colon === undefined ? null : (quoted ?? plain ?? ''),
      start: found.index,
      end: found.index + whole.length,
      isOpen: quoted !== undefined && end === '',
    };
  });
}

/** The filter that a name before a colon means. */
export function filterNamed(name: string, filters: readonly FilterWords[]): FilterWords | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(' ', '-');
  return filters.find(({ param, label, words = [] }) =>
    [param, label, ...words].some((each) => plain(each) === name),
  );
}

/** How a filter is written. */
export const wordOf = ({ param, label, words }: FilterWords): string =>
  words?.[0] ?? (/^[\p{L}]+$/u.test(label) ? label : param).toLowerCase();

/** What a shortcut means; the same shortcut says “not” with a minus. */
export function shortcutOf({ name, value }: Token, shortcuts: Shortcuts) {
  const whole = value === null ? name : `${name}:${value.toLowerCase()}`;
  return Object.hasOwn(shortcuts, whole) ? shortcuts[whole] : undefined;
}

/**
 * The values that typed words mean: those called so, else those of which it is a part that stands alone: `26` of 26.1,
 * `412` of 1.4 (412). Several of one name are all meant.
 */
export function meant(options: readonly FilterOption[], typed: string): FilterOption[] {
  const wanted = typed.trim().toLowerCase();
  const same = options.filter(({ value, label }) =>
    [value, label].some((one) => one.toLowerCase() === wanted),
  );
  if (same.length > 0 || wanted === '') return same;
  return options.filter(({ label }) => {
    const text = label.toLowerCase();
    return text.startsWith(`${wanted}.`) || text.startsWith(`${wanted} (`) || text.endsWith(`(${wanted})`);
  });
}

/** Filters with values added, on the side that is wanted. */
export function withValues(
  filters: Readonly<Record<string, readonly string[]>>,
  { param, values, isNot }: { param: string; values: readonly string[]; isNot: boolean },
  isSingle = false,
): Record<string, readonly string[]> {
  const [own, other] = isNot ? [NOT + param, param] : [param, NOT + param];
  if (isSingle) return { [own]: values };
  const before = filters[own] ?? [];
  return {
    [own]: [...before, ...values.filter((value) => !before.includes(value))],
    [other]: (filters[other] ?? []).filter((value) => !values.includes(value)),
  };
}

/** A search without some of its tokens. */
export function withoutTokens(text: string, tokens: readonly Pick<Token, 'start' | 'end'>[]): string {
  let rest = text;
  for (const { start, end } of tokens.toSorted((a, b) => b.start - a.start))
    rest = rest.slice(0, start) + rest.slice(end);
  return rest.replace(/\s+/g, ' ').trimStart();
}

/** Why what was written as a filter finds nothing; null where nothing was, or all of it is in force. */
export function notUnderstood(text: string, filters: readonly FilterWords[]): string | null {
  const token = tokensIn(text).find(({ value }) => value !== null && value !== '');
  if (!token) return null;
  const filter = filterNamed(token.name, filters);
  return filter
    ? `Nothing here has “${token.value}” as its ${filter.label.toLowerCase()}, so “${token.name}:${token.value}” was searched for as words.`
    : `“${token.name}:${token.value}” is no filter of this list, so it was searched for as words. “Filter” shows what there is.`;
}
