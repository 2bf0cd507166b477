/** Keys as the keyboard at hand has them: what is ⌘ on a Mac is Ctrl elsewhere. Only in the browser. */
export function keysHere(keys: string): string {
  return /Mac OS X/.test(navigator.userAgent) ? keys : keys.replace(/⌘ ?/, 'Ctrl ').trim();
}
