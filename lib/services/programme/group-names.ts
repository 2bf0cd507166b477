/** Names that App Store Connect shows alike are one. */
export const keyOf = (name: string) => name.trim().normalize('NFC');

interface Named {
  readonly name: string;
  readonly previousName?: string;
}

/**
 * Groups that are to take each other's names in a circle, by their places in the list. Done or not, the names of such are
 * the same: to do it would do it again at the next time.
 */
export function circlesIn(groups: readonly Named[]): { readonly at: number; readonly words: string }[] {
  const places = new Map(groups.map(({ name }, at) => [keyOf(name), at]));
  const formerOf = (at: number) => places.get(keyOf(groups[at]?.previousName ?? ''));
  const judged = new Set<number>();
  return groups.flatMap((_, start) => {
    const way: number[] = [];
    let at: number | undefined = start;
    for (; at !== undefined && !judged.has(at); at = formerOf(at)) {
      judged.add(at);
      way.push(at);
    }
    const from = at === undefined ? -1 : way.indexOf(at);
    const circle = from < 0 ? [] : way.slice(from);
    return circle.length < 2 ? [] : circle.map((each) => ({ at: each, words: wordsOf(groups[each]) }));
  });
}

const wordsOf = ({ name, previousName }: Named = { name: '' }) =>
  `“${previousName}” becomes “${name}” in a circle of groups that take each other’s names: a file cannot tell whether that was done already. Give one of them another name, apply the file, then give it the one it is to have.`;
