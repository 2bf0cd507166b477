/** The address of a report's page; with the account where another has the app too. */
export function feedbackHref(report: {
  readonly id: string;
  readonly meta?: { readonly accountId?: string; readonly accountName?: string | null } | undefined;
}): string {
  const { accountId, accountName } = report.meta ?? {};
  const account = accountName && accountId ? `?account=${encodeURIComponent(accountId)}` : '';
  return `/feedback/${encodeURIComponent(report.id)}${account}`;
}

/** The address of a crash issue's page. */
export function issueHref(id: string): string {
  return `/issues/${encodeURIComponent(id)}`;
}
