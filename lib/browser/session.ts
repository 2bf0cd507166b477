import { ApiError, api } from './api';

interface Answer {
  readonly url?: string;
}

/**
 * Signs in through next-auth's own routes.
 * @throws ApiError 401 when refused, 429 after too many tries, each with words for a person
 */
export async function signIn(email: string, password: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await tryOnce(email, password);
      return;
    } catch (error) {
      const seconds =
        error instanceof ApiError && error.status === 429 ? (error.retryAfter ?? 60) : undefined;
      if (seconds === undefined || seconds > MOST_SECONDS || tries > 3) throw error;
      // Strangers have been guessing: the server takes one try every few seconds, and this one may be the next.
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    }
  }
}

const MOST_SECONDS = 6;

async function tryOnce(email: string, password: string): Promise<void> {
  const answer = await post('/api/auth/callback/credentials', { email, password });
  const error = answer.url ? new URL(answer.url, location.origin).searchParams.get('error') : null;
  if (error === null) return;
  throw error === 'TooManyAttempts' ? tooMany(undefined) : REFUSED;
}

/** Ends the session here and in the database. */
export async function signOut(): Promise<void> {
  await post('/api/auth/signout', {});
}

async function post(path: string, fields: Record<string, string>): Promise<Answer> {
  const { csrfToken } = await api<{ csrfToken: string }>('/api/auth/csrf');
  const response = await fetch(path, {
    method: 'POST',
    credentials: 'same-origin',
    body: new URLSearchParams({ ...fields, csrfToken, callbackUrl: '/', json: 'true' }),
  });
  if (response.status === 401) throw REFUSED;
  if (response.status === 429) throw tooMany(Number(response.headers.get('retry-after')) || undefined);
  if (!response.ok) throw new ApiError(response.status, await problems(response));
  return (await response.json()) as Answer;
}

async function problems(response: Response) {
  const body = (await response.json().catch(() => null)) as { errors?: [] } | null;
  return (
    body?.errors ?? [
      { detail: 'Flightdeck could not sign you in just now. Try again.', code: `HTTP.${response.status}` },
    ]
  );
}

const REFUSED = new ApiError(401, [
  { code: 'FLIGHTDECK.SIGN_IN', detail: 'This e-mail and password do not belong together.' },
]);
const tooMany = (retryAfter: number | undefined) =>
  new ApiError(
    429,
    [
      {
        code: 'FLIGHTDECK.SIGN_IN_LIMIT',
        detail: 'Somebody has tried too many passwords just now. Wait a minute and try again.',
      },
    ],
    retryAfter,
  );
