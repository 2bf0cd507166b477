/** What a page may load and do; scripts run only with the nonce that was made for this answer. */
export function contentSecurityPolicy({
  isSecure,
  isDevelopment,
}: {
  isSecure: boolean;
  isDevelopment: boolean;
}): string {
  const nonce = Buffer.from(crypto.randomUUID()).toString('base64');
  const directives = [
    "default-src 'self'",
    // Next's development client evaluates code; the built one never does.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    // Libraries set style attributes for positions and sizes; a nonce cannot cover those.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${isDevelopment ? ' ws:' : ''}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(isSecure ? ['upgrade-insecure-requests'] : []),
  ];
  return directives.join('; ');
}

/** What the page for an unreachable server may do: it is a file, so no nonce can stand in it. */
export const OFFLINE_PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What is made for whoever asked is kept by nobody. */
export const KEPT_BY_NOBODY = ['Cache-Control', 'no-store'] as const;

/** The headers every answer carries. */
export function securityHeaders({ isSecure }: { isSecure: boolean }): [name: string, value: string][] {
  return [
    ['X-Content-Type-Options', 'nosniff'],
    ['Referrer-Policy', 'same-origin'],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['X-Frame-Options', 'DENY'],
    ['Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
    ...(isSecure
      ? [['Strict-Transport-Security', 'max-age=63072000; includeSubDomains'] as [string, string]]
      : []),
  ];
}
