import { z } from 'zod';
import { ownerOf } from '@/lib/access/policy';
import type { Ctx } from './ctx';
import { badMember, RefusedError } from './errors';

/** How long a draft is kept after its last change, ms. */
const KEPT_MS = 30 * 24 * 3_600_000;
/** One person's drafts: the oldest give way. */
const MOST = 60;
/** The most one draft may hold, characters of JSON. */
export const DRAFT_LIMIT = 256 * 1024;

const key = z
  .string()
  .min(1, 'Say which draft.')
  .max(200)
  .regex(/^[a-z][\w./:@-]*$/i, 'This is no name of a draft.');

export const draftBody = z.strictObject({ key, value: z.json() });
export const draftRemovalBody = z.strictObject({ key });

/** What somebody has typed and not sent; the instant as ISO text. */
export interface Draft {
  readonly key: string;
  readonly value: unknown;
  readonly updatedAt: string;
}

interface Row {
  readonly key: string;
  readonly value: string;
  readonly updatedAt: number;
}

/** One's own draft of a form, or null. @throws RefusedError 400 when the name is none */
export async function readDraft(ctx: Ctx, name: string): Promise<Draft | null> {
  const parsed = key.safeParse(name);
  if (!parsed.success) throw badMember('/key', parsed.error.issues[0]?.message ?? 'Say which draft.');
  const row = await ctx.db.prisma.draft.findUnique({
    where: {
      userId_key: { userId: ownerOf(ctx.actor), key: parsed.data },
      updatedAt: { gt: ctx.clock.now() - KEPT_MS },
    },
  });
  return row ? toDraft(row) : null;
}

/**
 * Keeps what stands in a form, in the place of what was kept before; old drafts, and the oldest of too many, go.
 * @throws RefusedError 413 when it is too long, 422 when it holds a password or a private key
 */
export async function keepDraft(ctx: Ctx, given: z.infer<typeof draftBody>): Promise<Draft> {
  const owner = ownerOf(ctx.actor);
  const value = JSON.stringify(given.value);
  if (value.length > DRAFT_LIMIT) throw tooLong();
  if (holdsSecret(given.value)) throw secret();
  const now = ctx.clock.now();
  const { build } = ctx.db;
  const own = build.selectFrom('drafts').select('key').where('userId', '=', owner);
  await ctx.db.write([
    build
      .insertInto('drafts')
      .values({ userId: owner, key: given.key, value, updatedAt: now })
      .onConflict((conflict) => conflict.columns(['userId', 'key']).doUpdateSet({ value, updatedAt: now })),
    build.deleteFrom('drafts').where('updatedAt', '<=', now - KEPT_MS),
    build
      .deleteFrom('drafts')
      .where('userId', '=', owner)
      .where('key', 'not in', own.orderBy('updatedAt', 'desc').orderBy('key').limit(MOST)),
  ]);
  return toDraft({ key: given.key, value, updatedAt: now });
}

/** Forgets a draft of one's own; that there is none is no error. */
export async function dropDraft(ctx: Ctx, given: z.infer<typeof draftRemovalBody>): Promise<void> {
  await ctx.db.prisma.draft.deleteMany({ where: { userId: ownerOf(ctx.actor), key: given.key } });
}

function toDraft({ key: name, value, updatedAt }: Row): Draft {
  return { key: name, value: JSON.parse(value), updatedAt: new Date(updatedAt).toISOString() };
}

const SECRET_NAME = /password|passphrase|private_?key|secret|token/i;

/** Whether any member is called like a secret, or any text is a private key. */
function holdsSecret(value: unknown): boolean {
  if (typeof value === 'string') return /-----BEGIN [A-Z ]*PRIVATE KEY/.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, inner]) =>
      (!Array.isArray(value) && SECRET_NAME.test(name) && inner !== null && inner !== '') ||
      holdsSecret(inner),
  );
}

function tooLong(): RefusedError {
  const detail = `A draft may have at most ${DRAFT_LIMIT / 1024} KB. What you typed is still on the page.`;
  return new RefusedError({
    status: 413,
    code: 'FLIGHTDECK.DRAFT_TOO_LONG',
    title: 'Too long to keep',
    detail,
  });
}

function secret(): RefusedError {
  return new RefusedError({
    status: 422,
    code: 'FLIGHTDECK.DRAFT_SECRET',
    title: 'Not kept',
    detail: 'Passwords and private keys are never kept as a draft.',
    source: { pointer: '/value' },
  });
}
