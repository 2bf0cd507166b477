import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { AscError } from '../errors';

/** An App Store Connect API key. Team keys name their issuer, individual keys do not. */
export type Credential =
  | { readonly kind: 'team'; readonly issuerId: string; readonly keyId: string; readonly privateKey: string }
  | { readonly kind: 'individual'; readonly keyId: string; readonly privateKey: string };

const AUDIENCE = 'appstoreconnect-v1';
/** Backdated so that a clock slightly ahead of Apple's is not refused. */
const BACKDATE_S = 60;
const LIFETIME_S = 15 * 60;
const RENEW_AT = 0.8;

export interface TokenSource {
  /** A token with at least a fifth of its life left. */
  current(): Promise<string>;
  /** Drops the token so that the next call signs anew; a token already replaced is left alone. */
  discard(token: string): void;
}

/**
 * Signs and reuses ES256 tokens for one key; throws `bad_credential` when the key cannot sign.
 * @see https://developer.apple.com/documentation/appstoreconnectapi/generating-tokens-for-api-requests
 */
export function createTokenSource(
  credential: Credential,
  clock: () => number,
  scope?: readonly string[],
): TokenSource {
  let held: { token: Promise<string>; text?: string; renewAt: number } | undefined;
  return {
    current() {
      if (held && clock() < held.renewAt) return held.token;
      const token = mintToken(credential, clock(), scope);
      const minted: NonNullable<typeof held> = { token, renewAt: clock() + LIFETIME_S * RENEW_AT * 1000 };
      held = minted;
      token.then(
        (text) => {
          minted.text = text;
        },
        () => {
          if (held === minted) held = undefined;
        },
      );
      return token;
    },
    discard(token) {
      if (held?.text === token) held = undefined;
    },
  };
}

/** One signed token, valid for 15 minutes from `now` (ms). */
export async function mintToken(
  credential: Credential,
  now: number,
  scope?: readonly string[],
): Promise<string> {
  const key = readPrivateKey(credential.privateKey);
  const issuedAt = Math.floor(now / 1000);
  const claims = scope && scope.length > 0 ? { scope: [...scope] } : {};
  const jwt = new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: credential.keyId, typ: 'JWT' })
    .setIssuedAt(issuedAt - BACKDATE_S)
    .setExpirationTime(issuedAt + LIFETIME_S)
    .setAudience(AUDIENCE);
  if (credential.kind === 'team') jwt.setIssuer(credential.issuerId);
  else jwt.setSubject('user');
  return jwt.sign(key);
}

/** The key object of a .p8 text; throws `bad_credential` with plain words. */
export function readPrivateKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem.trim());
  } catch {
    throw new AscError({
      kind: 'bad_credential',
      isUnsent: true,
      message:
        'The private key cannot be read. Paste the whole .p8 file, including the lines BEGIN and END PRIVATE KEY.',
    });
  }
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new AscError({
      kind: 'bad_credential',
      isUnsent: true,
      message: 'The private key is of another kind. App Store Connect keys are EC keys on the curve P-256.',
    });
  }
  return key;
}
