import { z } from 'zod';
import {
  createMachineToken,
  listMachineTokens,
  type MachineToken,
  revokeMachineToken,
} from '@/lib/access/machine-tokens';
import { authorise, MACHINE_PERMISSIONS, type MachinePermission, ownerOf } from '@/lib/access/policy';
import { usersAmong } from '@/lib/access/users';
import { namesOfApps } from '@/lib/mirror/query';
import { appOf, GONE_APP } from './app-facts';
import { audited } from './audited';
import type { Ctx } from './ctx';
import { conflict, notFound } from './errors';

const DAY_MS = 24 * 60 * 60_000;

export const newTokenBody = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1, 'A token needs a name that says who uses it.')
    .max(80, 'The name is longer than 80 characters.'),
  permissions: z
    .array(z.enum(MACHINE_PERMISSIONS, 'A token cannot be made for that.'))
    .min(1, 'Choose what the token is for.'),
  /** The one app it is for; absent for all apps. */
  app: z.strictObject({ appId: z.string().min(1), accountId: z.string().min(1).optional() }).nullish(),
  days: z.int().min(1, 'A token lasts a day at least.').max(366, 'A token lasts a year at most.'),
});

/** A token as the settings show it; instants as ISO text. */
export interface TokenView {
  readonly id: string;
  readonly name: string;
  /** The last letters, to tell it from others. */
  readonly ending: string;
  readonly permissions: readonly MachinePermission[];
  /** The one app it is for; null for all. */
  readonly appName: string | null;
  readonly state: 'valid' | 'expired' | 'revoked';
  readonly createdAt: string;
  /** Who made it. */
  readonly createdBy: string | null;
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
}

/** Every token that was made, the newest first. */
export async function listTokens(ctx: Ctx): Promise<TokenView[]> {
  authorise(ctx.actor, 'tokens:write');
  const tokens = await listMachineTokens(ctx.db);
  const makers = await usersAmong(ctx.db, [...new Set(tokens.map(({ createdBy }) => createdBy))]);
  const names = await namesOfApps(
    ctx.db,
    tokens.map(({ app }) => app?.appId ?? null),
  );
  return tokens.map(({ app, createdAt, createdBy, expiresAt, lastUsedAt, revokedAt, ...token }) => ({
    ...token,
    appName: app && (names(app.appId, app.accountId)?.name ?? GONE_APP),
    state: stateOf({ revokedAt, expiresAt }, ctx.clock.now()),
    createdAt: new Date(createdAt).toISOString(),
    createdBy: makers.get(createdBy)?.email ?? null,
    expiresAt: new Date(expiresAt).toISOString(),
    lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
  }));
}

/** Makes a token. Its text is in this answer and nowhere else. */
export async function makeToken(
  ctx: Ctx,
  { app: wanted, days, ...given }: z.infer<typeof newTokenBody>,
): Promise<{ id: string; token: string }> {
  authorise(ctx.actor, 'tokens:write');
  const app = wanted ? await appOf(ctx, wanted.appId, wanted.accountId) : null;
  const now = ctx.clock.now();
  const expiresAt = now + days * DAY_MS;
  const draft = {
    ...(app ? { accountId: app.accountId, appId: app.appId } : {}),
    action: 'create',
    type: 'machineTokens',
    label: given.name,
    requested: { ...given, expiresAt: new Date(expiresAt).toISOString() },
  };
  const createdBy = ownerOf(ctx.actor);
  return audited(ctx, draft, async () => {
    const place = app && { accountId: app.accountId, appId: app.appId };
    const made = await createMachineToken(ctx.db, { ...given, app: place, expiresAt, createdBy }, now);
    const { token, ...kept } = made;
    return { result: { id: kept.id, token }, after: kept };
  });
}

/** Ends a token at once. @throws RefusedError 404, or 409 when it was revoked before */
export async function revokeToken(ctx: Ctx, id: string): Promise<void> {
  authorise(ctx.actor, 'tokens:write');
  const token = (await listMachineTokens(ctx.db)).find((each) => each.id === id);
  if (!token) throw notFound('There is no such token.');
  const draft = {
    ...(token.app ?? {}),
    action: 'delete',
    type: 'machineTokens',
    resourceId: id,
    label: token.name,
    before: { name: token.name, ending: token.ending },
  };
  await audited(ctx, draft, async () => {
    if (!(await revokeMachineToken(ctx.db, id, ownerOf(ctx.actor), ctx.clock.now())))
      throw conflict('FLIGHTDECK.TOKEN_REVOKED', 'This token was revoked already.');
    return { result: undefined };
  });
}

function stateOf({ revokedAt, expiresAt }: Pick<MachineToken, 'revokedAt' | 'expiresAt'>, now: number) {
  if (revokedAt !== null) return 'revoked' as const;
  return expiresAt <= now ? ('expired' as const) : ('valid' as const);
}
