/** More than any screen has; what has more is not decoded, pixels. */
export const MOST_PIXELS = 50_000_000;

/** What the archive notes of a file with symbols; no picture has it. */
export const SYMBOLS_TYPE = 'application/x-mach-binary';
