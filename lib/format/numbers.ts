const count = new Intl.NumberFormat('en-US');
const percent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 0 });
const small = new Intl.NumberFormat('en-US', { style: 'percent', maximumSignificantDigits: 1 });

/** How many a list holds; a search over everything counts only so far, and then there are at least so many. */
export interface Total {
  readonly count: number;
  readonly isLowerBound: boolean;
}

/** 3214 → "3,214"; cut at 5000 → "5,000+"; null or undefined (not known) → "–", never a false zero. */
export function formatCount(value: number | Total | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'number'
    ? count.format(value)
    : `${count.format(value.count)}${value.isLowerBound ? '+' : ''}`;
}

const figure = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** A measured figure: 1480.25 → "1,480.25", 6.2 → "6.2". */
export function formatFigure(value: number): string {
  return figure.format(value);
}

/** A share from 0 to 1 → "42%"; one of 970 → "0.1%"; a share of nothing → "–". */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return '–';
  const share = part / whole;
  return (share > 0 && share < 0.01 ? small : percent).format(share);
}

/** 1, 'tester' → "1 tester"; 3214, 'tester' → "3,214 testers"; cut at 5000 → "5,000+ testers". */
export function formatPlural(value: number | Total, one: string, many = `${one}s`): string {
  const text = formatCount(value);
  return `${text} ${text === '1' ? one : many}`;
}

/** 38, 40, 'tester' → "38 of 40 testers"; all of them → "40 testers". */
export function formatPartOf(part: number, whole: number, one: string, many = `${one}s`): string {
  const all = formatPlural(whole, one, many);
  return part === whole ? all : `${formatCount(part)} of ${all}`;
}

const GIGABYTE = 1_000_000_000;
const MEGABYTE = 1_000_000;
const round = (value: number) => (value < 10 ? Math.round(value * 10) / 10 : Math.round(value));

/** Bytes as a device says them: “1.2 GB”, “640 MB”. */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return '–';
  if (bytes >= GIGABYTE) return `${round(bytes / GIGABYTE)} GB`;
  return bytes >= MEGABYTE ? `${round(bytes / MEGABYTE)} MB` : `${Math.ceil(bytes / 1_000)} kB`;
}
