/** More than any screen has; what has more is not decoded, pixels. */
export const MOST_PIXELS = 50_000_000;
