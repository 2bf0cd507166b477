import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether `x-apple-signature: hmacsha256=<hex>` is that of the bytes under one of the secrets. Every secret is tried in the
 * same time, whichever fits. Source: Apple, “Configuring webhook notifications”.
 */
export function isSigned(header: string | null, body: Uint8Array, secrets: readonly string[]): boolean {
  const given = /^hmacsha256=([0-9a-f]{64})$/i.exec(header?.trim() ?? '')?.[1];
  const bytes = Buffer.from(given ?? '0'.repeat(64), 'hex');
  const fits = secrets.map((secret) =>
    timingSafeEqual(createHmac('sha256', secret).update(body).digest(), bytes),
  );
  return given !== undefined && fits.some(Boolean);
}
