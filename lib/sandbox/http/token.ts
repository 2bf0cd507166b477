import { errors, jwtVerify } from 'jose';
import { forbidden, notAuthorized } from '../checks/refusal';
import type { ApiKey, KeyRing } from './keys';

/** Who a verified token speaks for. */
export interface Caller {
  key: ApiKey;
  /** `GET /v1/…` strings; null when the token is not limited. */
  scope: readonly string[] | null;
}

interface Verified {
  caller: Caller;
  expiresAtMs: number;
}

const AUDIENCE = 'appstoreconnect-v1';
const MAX_LIFE_S = 20 * 60;
const MAX_SCOPED_LIFE_S = 183 * 86_400;
const TOLERANCE_S = 5;
const KEPT = 500;

function scopeOf(claim: unknown): readonly string[] | null {
  if (claim === undefined) return null;
  if (!Array.isArray(claim) || claim.some((entry) => typeof entry !== 'string')) throw notAuthorized();
  return claim as string[];
}

function isReadOnly(scope: readonly string[] | null): boolean {
  return scope !== null && scope.length > 0 && scope.every((entry) => entry.startsWith('GET '));
}

/** Verifies bearer tokens as App Store Connect does: ES256, known key, audience, issuer or subject, lifetime. */
export class TokenVerifier {
  readonly #keys: KeyRing;
  /** Server time in milliseconds since 1970. */
  readonly #now: () => number;
  readonly #verified = new Map<string, Verified>();

  constructor(keys: KeyRing, now: () => number) {
    this.#keys = keys;
    this.#now = now;
  }

  /** Throws 401 without saying why, or 403 for a key revoked so. */
  async verify(authorization: string | undefined): Promise<Caller> {
    const token = /^Bearer ([\w.-]+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined) throw notAuthorized();
    const known = this.#verified.get(token);
    const { caller, expiresAtMs } = known ?? (await this.#examine(token));
    if (expiresAtMs + TOLERANCE_S * 1000 < this.#now()) throw notAuthorized();
    if (caller.key.revoked === 401) throw notAuthorized();
    if (caller.key.revoked === 403) throw forbidden('The API key in use has been revoked');
    return caller;
  }

  async #examine(token: string): Promise<Verified> {
    let used: ApiKey | undefined;
    try {
      const { payload } = await jwtVerify(
        token,
        (header) => {
          used = header.kid === undefined ? undefined : this.#keys.get(header.kid);
          if (!used) throw notAuthorized();
          return used.publicKey;
        },
        {
          algorithms: ['ES256'],
          audience: AUDIENCE,
          clockTolerance: TOLERANCE_S,
          currentDate: new Date(this.#now()),
          requiredClaims: ['exp'],
        },
      );
      if (!used) throw notAuthorized();
      const scope = scopeOf(payload.scope);
      this.#checkParties(used, payload.iss, payload.sub);
      this.#checkLife(payload.iat, payload.exp ?? 0, isReadOnly(scope));
      return this.#remember(token, { caller: { key: used, scope }, expiresAtMs: (payload.exp ?? 0) * 1000 });
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) throw notAuthorized();
      throw error;
    }
  }

  #checkParties(key: ApiKey, issuer: string | undefined, subject: string | undefined): void {
    const right =
      key.kind === 'team'
        ? issuer === this.#keys.issuerId && subject === undefined
        : issuer === undefined && subject === 'user';
    if (!right) throw notAuthorized();
  }

  #checkLife(issuedAt: number | undefined, expires: number, readOnly: boolean): void {
    const now = this.#now() / 1000;
    const longest = readOnly ? MAX_SCOPED_LIFE_S : MAX_LIFE_S;
    if (issuedAt !== undefined && issuedAt > now + TOLERANCE_S) throw notAuthorized();
    if (expires - (issuedAt ?? now) > longest || expires - now > longest + TOLERANCE_S) throw notAuthorized();
  }

  #remember(token: string, verified: Verified): Verified {
    if (this.#verified.size >= KEPT) this.#verified.clear();
    this.#verified.set(token, verified);
    return verified;
  }
}

/** Holds a request to the token's scope: method, path, and every query parameter the scope names. */
export function checkScope(caller: Caller, method: string, url: URL): void {
  if (caller.scope === null) return;
  const allowed = caller.scope.some((entry) => {
    const [verb, target = ''] = entry.split(' ');
    const wanted = new URL(target, 'http://scope.invalid');
    const sameQuery = [...wanted.searchParams].every(([name, value]) => url.searchParams.get(name) === value);
    return verb === method && wanted.pathname === url.pathname && sameQuery;
  });
  if (!allowed) throw forbidden('The token in use does not allow this request', 'FORBIDDEN_ERROR');
}
