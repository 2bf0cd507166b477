const plain = (words: string) =>
  words
    .toLowerCase()
    .replace(/[\s.:!…]+/gu, ' ')
    .trim();

/** Whether the words say nothing that the heading does not say. */
export function repeats(heading: string, words: string): boolean {
  return ` ${plain(heading)} `.includes(` ${plain(words)} `);
}

/** A heading and its reason without saying the same twice: the fuller of two that repeat each other stands alone. */
export function saidOnce(title: string, detail: string): { title: string; detail?: string } {
  if (repeats(title, detail)) return { title };
  if (`${plain(detail)} `.startsWith(`${plain(title)} `)) return { title: detail };
  return { title, detail };
}
