/**
 * The name in a mangled C++ symbol of the plain form (namespaces, classes and functions without templates); null for
 * everything else.
 */
export function simpleCxxName(symbol: string): string | null {
  const start = /^_{1,3}Z(N[rVK]*(?:St)?|St)?(?=L?\d)/.exec(symbol);
  if (start === null) return null;
  const isNested = start[1]?.startsWith('N') ?? false;
  const parts: string[] = /St$/.test(start[0]) ? ['std'] : [];
  let at = start[0].length;
  for (;;) {
    const length = /^L?(\d{1,4})/.exec(symbol.slice(at, at + 5));
    if (length?.[1] === undefined) break;
    at += length[0].length;
    const name = symbol.slice(at, at + Number(length[1]));
    if (name.length < Number(length[1]) || name === '') return null;
    parts.push(name.startsWith('_GLOBAL__N') ? '(anonymous namespace)' : name);
    at += name.length;
    if (!isNested) break;
  }
  const own = parts.at(-1);
  if (own === undefined) return null;
  const special = isNested ? /^(?:C[1-3]|(D[0-2]))/.exec(symbol.slice(at)) : null;
  if (special) {
    parts.push(special[1] === undefined ? own : `~${own}`);
    at += 2;
  }
  if (isNested ? symbol[at] !== 'E' : symbol[at] === 'I') return null;
  return `${parts.join('::')}()`;
}
