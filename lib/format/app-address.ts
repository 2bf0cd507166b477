/** What separates an app from the account in an address; neither can hold it unescaped. */
const MARK = '~';

/** The address of an app's pages; with the account where several have the app. */
export function appHref(appId: string, accountId?: string | null | undefined): string {
  return `/apps/${encodeURIComponent(appId)}${accountId ? `${MARK}${encodeURIComponent(accountId)}` : ''}`;
}

/** The app and the account that the segment of an address names. */
export function readAppSegment(segment: string): { appId: string; accountId?: string } {
  const at = segment.lastIndexOf(MARK);
  return at < 1 || at === segment.length - 1
    ? { appId: segment }
    : { appId: segment.slice(0, at), accountId: segment.slice(at + 1) };
}

/** The address of an app's pages by what a row of it says: it names the account where another has the app too. */
export function homeOf(
  appId: string,
  meta: { readonly accountId?: string | null; readonly accountName?: string | null } | undefined,
): string {
  return appHref(appId, meta?.accountName ? meta.accountId : null);
}

/** What an app is called where two accounts have it: `Papaya (Studio)`. */
export function appWords(name: string, accountName: string | null | undefined): string {
  return accountName ? `${name} (${accountName})` : name;
}

/** The app and the account of a path inside an app's pages, the path of its pages, and what follows it. */
export function appOfPath(
  pathname: string,
): { appId: string; accountId?: string; base: string; section: string } | null {
  const [, segment, section = ''] = /^\/apps\/([^/]+)(\/.*)?$/.exec(pathname) ?? [];
  if (segment === undefined) return null;
  const { appId, accountId } = readAppSegment(segment);
  return {
    appId: decodeURIComponent(appId),
    ...(accountId === undefined ? {} : { accountId: decodeURIComponent(accountId) }),
    base: `/apps/${segment}`,
    section,
  };
}
