/** Every page by its path; `*` stands for one segment. A test holds this against the file system. */
export const PAGES: readonly string[] = [
  '/',
  '/activity',
  '/apps/*',
  '/apps/*/adoption',
  '/apps/*/app-clips',
  '/apps/*/builds',
  '/apps/*/builds/*',
  '/apps/*/feedback',
  '/apps/*/groups',
  '/apps/*/groups/*',
  '/apps/*/issues',
  '/apps/*/metrics',
  '/apps/*/symbols',
  '/apps/*/test-information',
  '/apps/*/test-information/file',
  '/apps/*/testers',
  '/apps/*/testers/*',
  '/apps/*/testers/import',
  '/apps/*/testers/prune',
  '/builds',
  '/feedback',
  '/feedback/*',
  '/groups',
  '/issues',
  '/issues/*',
  '/jobs',
  '/jobs/*',
  '/metrics',
  '/new-password',
  '/reviews',
  '/settings',
  '/settings/alerts',
  '/settings/archive',
  '/settings/channels',
  '/settings/connectors',
  '/settings/digest',
  '/settings/keys',
  '/settings/person',
  '/settings/replies',
  '/settings/rules',
  '/settings/shares',
  '/settings/team',
  '/settings/tokens',
  '/settings/webhooks',
  '/setup',
  '/sign-in',
  '/testers',
];

/** Whether there is a page at a path. */
export function isPage(pathname: string): boolean {
  const given = pathname.replace(/(?<=.)\/$/, '').split('/');
  return PAGES.some((page) => {
    const parts = page.split('/');
    return (
      parts.length === given.length &&
      parts.every((part, at) => part === given[at] || (part === '*' && given[at] !== ''))
    );
  });
}
