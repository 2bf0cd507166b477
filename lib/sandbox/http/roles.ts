export const ROLES = [
  'ADMIN',
  'ACCOUNT_HOLDER',
  'APP_MANAGER',
  'DEVELOPER',
  'MARKETING',
  'CUSTOMER_SUPPORT',
  'ACCESS_TO_REPORTS',
  'SALES',
  'FINANCE',
] as const;

export type Role = (typeof ROLES)[number];

type Right = 'read' | 'write' | 'none';

const MANAGERS: readonly Role[] = ['ADMIN', 'ACCOUNT_HOLDER', 'APP_MANAGER'];
const FEEDBACK = new Set([
  'betaFeedbackCrashSubmissions',
  'betaFeedbackScreenshotSubmissions',
  'betaCrashLogs',
]);
const WEBHOOKS = new Set(['webhooks', 'webhookDeliveries', 'webhookPings']);
const TESTING = new Set(['betaGroups', 'betaTesters', 'betaTesterInvitations']);
const BUILD_WORK = new Set([
  'builds',
  'buildBetaDetails',
  'betaBuildLocalizations',
  'buildBetaNotifications',
]);

/** Whether one of the roles may work on external testing too. */
export function isManager(roles: readonly Role[]): boolean {
  return roles.some((role) => MANAGERS.includes(role));
}

function rightOf(role: Role, type: string): Right {
  if (MANAGERS.includes(role)) return 'write';
  if (WEBHOOKS.has(type) || type === 'users') return 'none';
  if (role === 'DEVELOPER')
    return FEEDBACK.has(type) || TESTING.has(type) || BUILD_WORK.has(type) ? 'write' : 'read';
  if (role === 'MARKETING') return FEEDBACK.has(type) ? 'none' : TESTING.has(type) ? 'write' : 'read';
  if (role === 'CUSTOMER_SUPPORT') return FEEDBACK.has(type) ? 'none' : 'read';
  return type === 'apps' ? 'read' : 'none';
}

/**
 * Whether one of the roles may read or change a type. Apple publishes no matrix for keys; this is the stricter
 * reading of the website's roles (see docs/sandbox-choices.md).
 */
export function mayUse(roles: readonly Role[], type: string, method: string): boolean {
  const wants = method === 'GET' ? ['read', 'write'] : ['write'];
  return roles.some((role) => wants.includes(rightOf(role, type)));
}
