import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { maskEmails } from '@/lib/access/mask';
import { authorise, type MachineActor, ownerOf, type UserActor } from '@/lib/access/policy';
import { usersAmong } from '@/lib/access/users';
import { namesOfApps } from '@/lib/mirror/query';
import { shape } from '@/lib/store/shape';
import { exactly } from '@/lib/store/store';
import { GONE_APP } from '../app-facts';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { badMember, conflict, notFound } from '../errors';
import { drawingOf, type Picture, pictureOf } from '../feedback/pictures';
import { type Told, tell } from '../hand-over/told';
import { programmeNow } from '../programme-time';

type PersonCtx = Ctx & { readonly actor: UserActor };

const DAY_MS = 24 * 60 * 60_000;
/** How every token begins, so that a scanner of secrets finds one that was left somewhere. */
const PREFIX = 'fds_';
/** Where the page is that a token opens. */
const SHARE_PATH = '/share/';

export const newShareBody = z.strictObject({
  kind: z.enum(['report', 'issue']),
  id: z.string().min(1).max(200),
  accountId: z.string().min(1).max(200).optional(),
  days: z.union([z.literal(1), z.literal(7), z.literal(30)], 'A link lasts 1, 7 or 30 days.'),
  hasPictures: z.boolean().default(false),
});

/** A share link as those who made it see it; instants as ISO text. Its address is kept nowhere. */
export interface ShareView {
  readonly id: string;
  readonly kind: 'report' | 'issue';
  readonly targetId: string;
  readonly accountId: string;
  readonly appName: string;
  readonly hasPictures: boolean;
  readonly state: 'valid' | 'expired' | 'revoked';
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly expiresAt: string;
  readonly opened: number;
  readonly openedAt: string | null;
}

/** The links of one report or issue, or all of them, the newest first. */
export async function listShares(
  ctx: Ctx,
  of?: { readonly kind: 'report' | 'issue'; readonly id: string; readonly accountId?: string | undefined },
): Promise<ShareView[]> {
  authorise(ctx.actor, 'export:run');
  const rows = await ctx.db.prisma.shareLink.findMany({
    where: of ? { kind: of.kind, targetId: of.id, ...(of.accountId ? { accountId: of.accountId } : {}) } : {},
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: 500,
  });
  const makers = await usersAmong(ctx.db, [...new Set(rows.map(({ createdBy }) => createdBy))]);
  const names = await namesOfApps(
    ctx.db,
    rows.map(({ appId }) => appId),
  );
  const now = programmeNow(ctx);
  return rows.map((row) => {
    const maker = makers.get(row.createdBy);
    return {
      ...{
        id: row.id,
        kind: row.kind as ShareView['kind'],
        targetId: row.targetId,
        accountId: row.accountId,
      },
      appName: names(row.appId, row.accountId)?.name ?? GONE_APP,
      ...{ hasPictures: row.hasPictures, opened: row.opened },
      state: row.revokedAt !== null ? 'revoked' : Number(row.expiresAt) <= now ? 'expired' : 'valid',
      createdAt: iso(row.createdAt) ?? '',
      createdBy: maker ? maker.name || maker.email : null,
      expiresAt: iso(row.expiresAt) ?? '',
      openedAt: iso(row.openedAt),
    };
  });
}

const iso = (ms: bigint | number | null) => (ms === null ? null : new Date(Number(ms)).toISOString());

/** Makes a link. Its address is in this answer and nowhere else. @throws RefusedError 404 */
export async function makeShare(
  ctx: PersonCtx,
  { kind, id: targetId, accountId, days, hasPictures }: z.infer<typeof newShareBody>,
): Promise<{ id: string; url: string; expiresAt: string }> {
  authorise(ctx.actor, 'export:run');
  const told = await tell(ctx, { kind, id: targetId, accountId });
  if (hasPictures && told.pictures.length === 0)
    throw badMember('/hasPictures', 'There are no pictures here to be shown.');
  const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
  const [id, now] = [randomUUID(), programmeNow(ctx)];
  const expiresAt = now + days * DAY_MS;
  const draft = {
    ...{ accountId: told.accountId, appId: told.appId, action: 'create', type: 'shareLinks' },
    ...{ resourceId: id, label: told.title, requested: { kind, targetId: told.id, days, hasPictures } },
  };
  return audited(ctx, draft, async () => ({
    result: {
      id,
      url: `${ctx.env.NEXTAUTH_URL}${SHARE_PATH}${token}`,
      expiresAt: new Date(expiresAt).toISOString(),
    },
    after: { kind, targetId: told.id, days, hasPictures },
    statements: [
      ctx.db.build.insertInto('shareLinks').values({
        ...{ id, hash: hashOf(token), kind, accountId: told.accountId, appId: told.appId, targetId: told.id },
        ...{ hasPictures: hasPictures ? 1 : 0, createdAt: now, createdBy: ownerOf(ctx.actor), expiresAt },
      }),
    ],
  }));
}

/** Ends a link at once. @throws RefusedError 404, 409 when it was revoked before */
export async function revokeShare(ctx: PersonCtx, id: string): Promise<void> {
  authorise(ctx.actor, 'export:run');
  const row = await ctx.db.prisma.shareLink.findUnique({ where: { id } });
  if (!row) throw notFound('There is no such link.');
  if (row.revokedAt !== null) throw conflict('FLIGHTDECK.SHARE_REVOKED', 'This link was revoked already.');
  const now = ctx.clock.now();
  const name = await ctx.db.read(
    ctx.db.build
      .selectFrom('auditEntries')
      .select('label')
      .where('resourceId', '=', id)
      .where('action', '=', 'create')
      .limit(1),
  );
  const draft = {
    ...{ accountId: row.accountId, appId: row.appId, action: 'delete', type: 'shareLinks', resourceId: id },
    label: name[0]?.label ?? null,
    before: { kind: row.kind, targetId: row.targetId },
  };
  await audited(ctx, draft, async () => ({
    result: undefined,
    statements: [
      exactly(
        1,
        ctx.db.build
          .updateTable('shareLinks')
          .set({ revokedAt: now, revokedBy: ownerOf(ctx.actor) })
          .where('id', '=', id)
          .where('revokedAt', 'is', null),
      ),
    ],
  }));
}

const alive = shape((build, given: { hash: string; now: number }) =>
  build
    .selectFrom('shareLinks as s')
    .innerJoin('Account as a', 'a.id', 's.accountId')
    .select(['s.id', 's.kind', 's.accountId', 's.appId', 's.targetId', 's.hasPictures', 's.expiresAt'])
    .where('s.hash', '=', given.hash)
    .where('s.revokedAt', 'is', null)
    .where('s.expiresAt', '>', given.now)
    .where('a.removedAt', 'is', null),
);
const counted = shape((build, given: { id: string; now: number }) =>
  build
    .updateTable('shareLinks')
    .set(({ eb }) => ({ opened: eb('opened', '+', 1), openedAt: given.now }))
    .where('id', '=', given.id),
);

/** What whoever holds a link may see: no address, nobody's name, nothing of another report. */
export interface SharedPage {
  readonly told: Omit<Told, 'tester' | 'url'>;
  readonly expiresAt: number;
}

/** Makes a context for who has no account; the actor decides what they may see. */
export type CtxOf = (actor: MachineActor) => Ctx;

/** The page of a link, which counts as opened. @returns null when it is unknown, revoked or over */
export async function openShare(
  { db, ctxOf, ...time }: Pick<Ctx, 'db' | 'clock' | 'shiftMs'> & { readonly ctxOf: CtxOf },
  token: string,
): Promise<SharedPage | null> {
  const link = await linkOf(db, token, programmeNow(time));
  if (!link) return null;
  const which = { kind: link.kind as 'report' | 'issue', id: link.targetId, accountId: link.accountId };
  const { tester: _, url: __, ...told } = maskEmails(await tell(ctxOf(actorOf(link)), which));
  // Without patience: a full disk must not keep the page from whoever may see it.
  await db
    .write([counted({ id: link.id, now: programmeNow(time) })], { patienceMs: 0 })
    .catch(() => undefined);
  const shown = link.hasPictures ? {} : { pictures: [], drawings: [] };
  return { told: { ...told, ...shown }, expiresAt: link.expiresAt };
}

/** A picture of what a link shows. @returns null when the link shows none */
export async function sharedPicture(
  { db, ctxOf, ...time }: Pick<Ctx, 'db' | 'clock' | 'shiftMs'> & { readonly ctxOf: CtxOf },
  token: string,
  position: string,
): Promise<Picture | null> {
  const link = await linkOf(db, token, programmeNow(time));
  if (link?.kind !== 'report' || !link.hasPictures) return null;
  const asked = {
    feedbackId: link.targetId,
    accountId: link.accountId,
    position,
    isSmall: false,
    known: null,
  };
  return pictureOf(ctxOf(actorOf(link)), asked);
}

/** What was drawn on one of them. @returns null when the link shows none */
export async function sharedDrawing(
  { db, ctxOf, ...time }: Pick<Ctx, 'db' | 'clock' | 'shiftMs'> & { readonly ctxOf: CtxOf },
  token: string,
  id: string,
): Promise<Picture | null> {
  const link = await linkOf(db, token, programmeNow(time));
  if (link?.kind !== 'report' || !link.hasPictures) return null;
  const asked = { feedbackId: link.targetId, accountId: link.accountId, id, isSmall: false, known: null };
  return drawingOf(ctxOf(actorOf(link)), asked);
}

async function linkOf(db: Ctx['db'], token: string, now: number) {
  if (!token.startsWith(PREFIX)) return null;
  const [link] = await db.read(alive({ hash: hashOf(token), now }));
  return link ?? null;
}

const actorOf = (link: { id: string; accountId: string; appId: string }): MachineActor => ({
  ...{ kind: 'machine', id: link.id, name: 'share link', permissions: ['feedback:read'] },
  app: { accountId: link.accountId, appId: link.appId },
});

// 256 random bits cannot be guessed, so a fast hash is enough.
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
