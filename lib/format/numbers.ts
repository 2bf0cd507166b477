const count = new Intl.NumberFormat('en-US');
const percent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 0 });

/** 3214 → "3,214"; null or undefined (not known) → "–", never a false zero. */
export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : count.format(value);
}

/** A share from 0 to 1 → "42%"; a share of nothing → "–". */
export function formatShare(part: number, whole: number): string {
  return whole > 0 ? percent.format(part / whole) : '–';
}

/** 1, 'tester' → "1 tester"; 3214, 'tester' → "3,214 testers". */
export function formatPlural(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** 38, 40, 'tester' → "38 of 40 testers"; all of them → "40 testers". */
export function formatPartOf(part: number, whole: number, one: string, many = `${one}s`): string {
  const all = formatPlural(whole, one, many);
  return part === whole ? all : `${formatCount(part)} of ${all}`;
}
