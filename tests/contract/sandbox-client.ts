import { importPKCS8, SignJWT } from 'jose';
import { type Sandbox, type SandboxOptions, startSandbox } from '@/lib/sandbox/server';

/** The instant every test programme is told from. */
export const EPOCH = Date.parse('2026-06-15T09:00:00Z');

export interface Answer {
  status: number;
  headers: Headers;
  /** As JSON.parse gives it: documents of two hundred operations, judged by schema elsewhere. */
  body: ReturnType<typeof JSON.parse>;
}

export interface TestSandbox extends Sandbox {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  control(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** A token as a client would mint it; claims and header may be bent. */
export async function mint(
  sandbox: Pick<Sandbox, 'issuerId' | 'keyId' | 'privateKey'>,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: sandbox.issuerId,
    aud: 'appstoreconnect-v1',
    iat: now - 60,
    exp: now + 900,
    ...claims,
  };
  const key = await importPKCS8(sandbox.privateKey, 'ES256');
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', kid: sandbox.keyId, typ: 'JWT', ...header })
    .sign(key);
}

export async function fetchJson(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? null : isJson ? JSON.parse(text) : text,
  };
}

/** A sandbox on the small programme that stands still unless a test moves it. */
export async function openSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
  const sandbox = await startSandbox({ epochMs: EPOCH, hourLimit: null, speed: 0, ...options });
  const token = await mint(sandbox);
  return {
    ...sandbox,
    call: (method, path, body, headers = {}) =>
      fetchJson(sandbox.baseUrl + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    control: (method, path, body) =>
      fetchJson(`${sandbox.baseUrl}/sandbox/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

/** The codes of an error document. */
export function codesOf(answer: Answer): string[] {
  return (answer.body?.errors ?? []).map((error: { code: string }) => error.code);
}
