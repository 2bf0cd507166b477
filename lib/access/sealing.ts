import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Nothing could be opened: another key, another row, or bytes that were changed. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

/** The key that wraps every data key: 32 bytes. */
export type WrappingKey = Uint8Array;

/**
 * Seals a text under a data key of its own, which is wrapped by the given key. `about` says what the text
 * belongs to and is authenticated: a sealed text moved to another row cannot be opened there.
 */
export function seal(key: WrappingKey, text: string, about: string): string {
  const dataKey = randomBytes(32);
  const wrapped = encrypt(key, dataKey, `wrap:${about}`);
  const body = encrypt(dataKey, Buffer.from(text, 'utf8'), `text:${about}`);
  dataKey.fill(0);
  return `v1.${wrapped.toString('base64url')}.${body.toString('base64url')}`;
}

/** @throws SealError when the key, the subject or the bytes are not those of {@link seal} */
export function unseal(key: WrappingKey, sealed: string, about: string): string {
  const { dataKey, body } = unwrap(key, sealed, about);
  return decrypt(dataKey, body, `text:${about}`).toString('utf8');
}

/** The same sealed text under another wrapping key; the text itself is not opened. */
export function rewrap(from: WrappingKey, to: WrappingKey, sealed: string, about: string): string {
  const { dataKey, body } = unwrap(from, sealed, about);
  return `v1.${encrypt(to, dataKey, `wrap:${about}`).toString('base64url')}.${body.toString('base64url')}`;
}

function unwrap(key: WrappingKey, sealed: string, about: string) {
  const [version, wrapped, body] = sealed.split('.');
  if (version !== 'v1' || wrapped === undefined || body === undefined) {
    throw new SealError('This is not a sealed text.');
  }
  const dataKey = decrypt(key, Buffer.from(wrapped, 'base64url'), `wrap:${about}`);
  return { dataKey, body: Buffer.from(body, 'base64url') };
}

// Layout: 12 bytes nonce, ciphertext, 16 bytes tag.
function encrypt(key: Uint8Array, plain: Uint8Array, about: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Uint8Array, sealed: Buffer, about: string): Buffer {
  if (sealed.length < 28) throw new SealError('This sealed text is too short.');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(about, 'utf8')).setAuthTag(sealed.subarray(-16));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
  } catch {
    throw new SealError('This text was sealed with another key, for another row, or was changed.');
  }
}
