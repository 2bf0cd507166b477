const PATTERNS: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[private key]'],
  [/\bBearer\s+[\w~+/=.-]+/gi, 'Bearer [token]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[token]'],
  // A PKCS#8 P-256 key without its PEM lines: base64 that starts with the algorithm's own bytes.
  [/\bM[IE][GQHE][\w+/=]{100,}/g, '[private key]'],
];

/** The text without bearer tokens, JWTs and private keys. */
export function redact(text: string): string {
  return PATTERNS.reduce((shown, [pattern, replacement]) => shown.replace(pattern, replacement), text);
}
