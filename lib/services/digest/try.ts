import { consume } from '@/lib/access/login-limit';
import { hasMailServer, sendMail } from '../channels/mail-server';
import { asRefusal } from '../connectors/connectors';
import { conflict, tooMany } from '../errors';
import { makeDigest } from './make';
import type { OwnCtx } from './settings';

export interface DigestPreview {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const made = async (ctx: OwnCtx) =>
  makeDigest(ctx, {
    role: ctx.actor.role,
    row: await ctx.db.prisma.digest.findUnique({ where: { userId: ctx.actor.id } }),
  });

/** What one's own digest would say now. */
export async function previewDigest(ctx: OwnCtx): Promise<DigestPreview> {
  const { subject, text, html } = await made(ctx);
  return { subject, text, html };
}

/** Sends one's own digest as it is now; the one of the week comes all the same. @throws RefusedError 409, 429, 422, 502 */
export async function sendDigestNow(ctx: OwnCtx): Promise<{ words: string }> {
  const { db, clock, actor, requestId } = ctx;
  if (!(await hasMailServer(db))) throw conflict('FLIGHTDECK.NO_MAIL_SERVER', 'No mail server is set up.');
  const limited = await consume(
    db,
    [{ key: `digest:${actor.id}`, points: 5, windowMs: 10 * 60_000 }],
    clock.now(),
  );
  if (limited) throw tooMany('Several were sent already. Wait a while.', limited.retryAt);
  const { subject, text, html } = await made(ctx);
  try {
    const said = await sendMail(ctx, { id: `digest-now-${requestId}`, to: actor.email, subject, text, html });
    return { words: `The mail server took it for ${actor.email}${said ? ` and said: ${said}` : '.'}` };
  } catch (error) {
    throw asRefusal(error);
  }
}
