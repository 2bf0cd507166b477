/** Longer than any address of ours, characters. */
const LONGEST = 8_000;

/**
 * What is wrong with the spelling of an address, or null: escapes that are no UTF-8, and the character that ends
 * texts in some programs, which nobody types.
 */
export function misspelling(
  address: string,
): { readonly part: 'path' | 'query'; readonly detail: string } | null {
  if (address.length > LONGEST) return { part: 'query', detail: 'The address is too long.' };
  const { pathname, search } = new URL(address, 'http://host.invalid');
  const parts = [
    ['path', pathname],
    ['query', search],
  ] as const;
  for (const [part, text] of parts) {
    const plain = decoded(text);
    if (plain === null)
      return { part, detail: `The ${part} of the address holds an escape that is no text.` };
    if (plain.includes('\0'))
      return { part, detail: `The ${part} of the address holds an invisible character.` };
  }
  return null;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
