const SHORT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const LONG = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

interface Range {
  readonly from: string;
  readonly to: string;
}

/** "28 Nov", with the year where a range has two of them. */
export function dayWords(day: string, { from, to }: Range): string {
  return (from.slice(0, 4) === to.slice(0, 4) ? SHORT : LONG).format(new Date(day));
}

/** "1 Nov – 30 Nov 2026". Browsers and servers put different spaces into a range that they write themselves. */
export function rangeWords({ from, to }: Range): string {
  return `${dayWords(from, { from, to })} – ${LONG.format(new Date(to))}`;
}
