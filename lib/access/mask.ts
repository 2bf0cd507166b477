/** `mara.k@example.com` → `m•••@example.com`: enough to tell people apart, too little to write to them. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const first = [...email][0] ?? '';
  return at < 1 ? '•••' : `${first}•••${email.slice(at)}`;
}

/** Attributes, filters and sorts that are e-mail addresses. */
export const EMAIL_KEYS: ReadonlySet<string> = new Set([
  'email',
  'emailLower',
  'username',
  'feedbackEmail',
  'contactEmail',
  'actorEmail',
]);
const EMAIL_IN_TEXT = /[^\s@<>"'(),;:]+@[^\s@<>"'(),;:]+\.[^\s@<>"'(),;:.]+/g;

/** A copy of any JSON value in which every e-mail address is masked, wherever it stands. */
export function maskEmails<T>(value: T): T {
  return mask(value, '') as T;
}

function mask(value: unknown, key: string): unknown {
  if (typeof value === 'string') {
    return EMAIL_KEYS.has(key) ? maskEmail(value) : value.replace(EMAIL_IN_TEXT, maskEmail);
  }
  if (Array.isArray(value)) return value.map((item) => mask(item, key));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mask(inner, name)]));
  }
  return value;
}
