/** A picture as Apple lists it in a report. */
export interface Listed {
  /** Signed, and a secret for as long as it is good. */
  readonly url: string;
  /** What stays when it is signed anew; null when it is no address. */
  readonly path: string | null;
  readonly width: number | null;
  readonly height: number | null;
  /** ms since 1970 */
  readonly expiresAt: number | null;
}

/** A picture that is known here. */
export interface Known extends Pick<Listed, 'path' | 'width' | 'height'> {
  readonly position: number;
}

/** More than any report has; what comes behind is not ours to fetch. */
const MOST = 50;

/** The pictures of a report's document. */
export function listedPictures(document: string): Listed[] {
  const parsed: unknown = JSON.parse(document);
  const screenshots = isRecord(parsed) ? parsed.screenshots : null;
  if (!Array.isArray(screenshots)) return [];
  return screenshots.slice(0, MOST).map((one: unknown) => {
    const { url, width, height, expirationDate } = isRecord(one) ? one : {};
    const expiresAt = typeof expirationDate === 'string' ? Date.parse(expirationDate) : Number.NaN;
    const address = typeof url === 'string' ? url : '';
    return {
      url: address,
      path: URL.canParse(address) ? new URL(address).pathname : null,
      width: pixels(width),
      height: pixels(height),
      expiresAt: Number.isNaN(expiresAt) ? null : expiresAt,
    };
  });
}

/**
 * Which of the listed pictures each known one is, by its address or, where addresses change, by its size: by the one of
 * that size, or the one that also stands where it stood.
 */
export function matched(known: readonly Known[], listed: readonly Listed[]): Map<number, Listed> {
  const found = new Map<number, Listed>();
  const free = new Set(listed);
  const settle = (which: (one: Known) => Listed | undefined) => {
    for (const one of known) {
      const match = found.has(one.position) ? undefined : which(one);
      if (!match || !free.delete(match)) continue;
      found.set(one.position, match);
    }
  };
  const only = (matches: readonly Listed[]) => (matches.length === 1 ? matches[0] : undefined);
  settle(({ path }) => (path === null ? undefined : only(listed.filter((one) => one.path === path))));
  if (listed.length === known.length) {
    const inOrder = [...known].sort((one, other) => one.position - other.position);
    settle((one) => {
      const there = listed[inOrder.indexOf(one)];
      return there && isAlike(one, there) ? there : undefined;
    });
  }
  const others = known.filter(({ position }) => !found.has(position));
  settle((one) =>
    others.filter((other) => isAlike(other, one)).length === 1
      ? only([...free].filter((candidate) => isAlike(one, candidate)))
      : undefined,
  );
  return found;
}

const isAlike = (one: Pick<Listed, 'width' | 'height'>, other: Pick<Listed, 'width' | 'height'>) =>
  one.width === other.width && one.height === other.height;

const pixels = (value: unknown) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value < 1e6 ? value : null;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
