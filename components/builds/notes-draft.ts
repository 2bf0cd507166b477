/** Under what a person's unsaved What to Test of a build is kept. */
export function notesDraftKey(buildId: string): string {
  return `notes/${buildId}`;
}
