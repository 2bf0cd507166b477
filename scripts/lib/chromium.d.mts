/** The Chromium that is there. */
export function foundChromium(): string | undefined;
