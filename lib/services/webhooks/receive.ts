import type { Ctx } from '../ctx';
import { notFound, RefusedError, tooMany } from '../errors';
import { createPace } from '../sharing/pace';
import { FloodError, keepEvent } from './keep';
import { readPayload } from './payload';
import { isInDoubt, receiverAt, secretsOf, sureStatement } from './rows';
import { isSigned } from './signature';

/** Longer bodies are none of Apple's, bytes: its events name one thing. */
export const EVENT_LIMIT = 64 * 1024;

/** Whoever guesses addresses or signatures is slowed down; what is signed is never. */
const strangers = createPace({ most: 600, windowMs: 60_000, keys: 1 });

/**
 * Takes an event that App Store Connect sends: known by the path of its address, proved by the signature over its bytes, and
 * kept before anything is answered. What follows from it is the worker's.
 * @throws RefusedError 404 for an unknown address, 401 for a signature that is missing or wrong, 503 in a flood
 */
export async function takeEvent(
  ctx: Pick<Ctx, 'db' | 'keys' | 'clock'>,
  { path, signature, body }: { path: string; signature: string | null; body: Uint8Array },
): Promise<void> {
  const receiver = await receiverAt(ctx.db, path);
  const now = ctx.clock.now();
  const secrets = receiver ? await secretsOf(ctx, receiver) : [];
  if (!receiver || !isSigned(signature, body, secrets)) {
    const retryAt = strangers.take('', now);
    if (retryAt !== null) throw tooMany('Too many of these were refused. Wait a minute.', retryAt);
    throw receiver ? notSigned() : notFound('Nothing is received at this address.');
  }
  if (isInDoubt(receiver) && isSigned(signature, body, secrets.slice(0, 1)))
    await ctx.db.write([sureStatement(receiver, now)]);
  const payload = Buffer.from(body).toString('utf8');
  try {
    await keepEvent(ctx.db, {
      ...{ receiverId: receiver.id, told: readPayload(payload), payload, origin: 'sent', at: now },
    });
  } catch (error) {
    if (!(error instanceof FloodError)) throw error;
    throw new RefusedError({
      status: 503,
      code: 'FLIGHTDECK.FLOOD',
      title: 'Too many events at once',
      detail: 'This event was not kept. Send it again in a moment.',
    });
  }
}

function notSigned(): RefusedError {
  return new RefusedError({
    status: 401,
    code: 'FLIGHTDECK.SIGNATURE',
    title: 'The signature is missing or wrong',
    detail:
      'Events are taken with the x-apple-signature of this address’s secret over the bytes as they are sent.',
    source: { header: 'x-apple-signature' },
  });
}
