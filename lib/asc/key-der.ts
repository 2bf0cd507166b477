import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';

/** What the bytes are, when they are not a key App Store Connect takes. */
export type DerFlaw =
  | 'other_kind'
  | 'other_curve'
  | 'public_key'
  | 'certificate'
  | 'p12'
  | 'encrypted'
  | 'truncated'
  | 'unknown';

/** A key's bytes as the PEM that `openssl` and Apple write (PKCS#8), or what they are instead. */
export function keyOfDer(base64: string): { readonly pem: string } | { readonly flaw: DerFlaw } {
  const bytes = Buffer.from(base64, 'base64');
  const key = privateKeyOf(bytes);
  if (!key) return { flaw: flawOf(bytes) };
  if (key.asymmetricKeyType !== 'ec') return { flaw: 'other_kind' };
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return { flaw: 'other_curve' };
  return { pem: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function privateKeyOf(key: Buffer): KeyObject | undefined {
  for (const type of ['pkcs8', 'sec1', 'pkcs1'] as const) {
    try {
      return createPrivateKey({ key, format: 'der', type });
    } catch {
      // Another form, or none.
    }
  }
  return undefined;
}

function flawOf(bytes: Buffer): DerFlaw {
  if (bytes[0] !== 0x30) return 'unknown';
  const { start, end } = bodyOf(bytes, 0);
  if (end > bytes.length) return 'truncated';
  if (works(() => createPublicKey({ key: bytes, format: 'der', type: 'spki' }))) return 'public_key';
  if (works(() => new X509Certificate(bytes))) return 'certificate';
  // PFX ::= SEQUENCE { version INTEGER (3), … }
  if (bytes.subarray(start, start + 3).equals(Buffer.from([2, 1, 3]))) return 'p12';
  // EncryptedPrivateKeyInfo begins with an algorithm of PKCS#5 or PKCS#12.
  if (/^06(09|0a|0b)2a864886f70d01(05|0c)/.test(bytes.subarray(bodyOf(bytes, start).start).toString('hex')))
    return 'encrypted';
  return 'unknown';
}

/** Where the contents of the element at `at` lie. */
function bodyOf(bytes: Buffer, at: number): { start: number; end: number } {
  const first = bytes[at + 1] ?? 0;
  const more = first & 0x80 ? first & 0x7f : 0;
  let length = more === 0 ? first : 0;
  for (let n = 0; n < more; n += 1) length = length * 256 + (bytes[at + 2 + n] ?? 0);
  const start = at + 2 + more;
  return { start, end: start + length };
}

function works(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
