/**
 * Lower-cases and drops Latin accents, for sorting and searching: `Müller` → `muller`; other scripts keep their marks.
 * Also a function of the database's read connection, under the same name.
 */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase();
}
