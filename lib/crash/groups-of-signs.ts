/** Signs of an operator's own name, which are no brackets. */
const OPERATOR =
  /\boperator(?:\(\)|\[\]|->\*?|<=>|<<=?|>>=?|[<>]=?)|(?<=^|[. ])[-+*/<>=!&|^~%?]+(?= (?:infix|prefix|postfix)\b)/g;
const SAFE: Record<string, string> = { '<': '‹', '>': '›', '(': '⟮', ')': '⟯', '[': '⟦', ']': '⟧' };

/**
 * A name whose arguments are taken out: what is between round brackets goes, what is between angle brackets becomes
 * `T`. Names of operators keep their signs, in look-alikes that are no brackets.
 */
export function withoutArguments(name: string): string {
  const text = name.replace(OPERATOR, (signs) => signs.replace(/[<>()[\]]/g, (sign) => SAFE[sign] ?? sign));
  let kept = '';
  const open: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (sign === '-' && text[at + 1] === '>') {
      if (open.length === 0) kept += '->';
      at += 1;
    } else if (sign === '(' || sign === '<' || sign === '[') {
      if (open.length === 0) kept += sign === '(' ? '()' : sign === '<' ? '<T>' : '';
      open.push(sign);
    } else if (sign === ')' || sign === '>' || sign === ']') {
      const partner = sign === ')' ? '(' : sign === '>' ? '<' : '[';
      const depth = open.lastIndexOf(partner);
      if (depth >= 0) open.length = depth;
    } else if (open.length === 0) {
      kept += sign;
    }
  }
  return kept;
}

/** Where a text goes on after its first part up to a separator that stands outside of all brackets; -1 if nowhere. */
export function outsideOfBrackets(text: string, separator: string, from = 0): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at];
    if (depth === 0 && text.startsWith(separator, at)) return at;
    if (sign === '(' || sign === '<' || sign === '[') depth += 1;
    else if (sign === ')' || sign === ']' || (sign === '>' && text[at - 1] !== '-'))
      depth = Math.max(0, depth - 1);
  }
  return -1;
}
