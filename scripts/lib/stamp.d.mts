/** A hash over the contents of files and folders, given from the root of the project. */
export function fingerprint(paths: readonly string[]): string;
