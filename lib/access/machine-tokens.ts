import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { MACHINE_PERMISSIONS, type MachineActor, type MachinePermission } from './policy';

/** What a machine proves itself with, as it is kept; instants in ms since 1970. */
export interface MachineToken {
  readonly id: string;
  readonly name: string;
  /** The last letters of the token. */
  readonly ending: string;
  readonly permissions: readonly MachinePermission[];
  /** The one app it is for; null for all. */
  readonly app: { readonly accountId: string; readonly appId: string } | null;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  readonly lastUsedAt: number | null;
}

/** How every token begins, so that a scanner of secrets finds one that was left in a repository. */
const PREFIX = 'fdk_';
/** How often a use is noted, ms. */
const TOUCH_EVERY_MS = 60_000;

export interface NewMachineToken extends Pick<MachineToken, 'name' | 'permissions' | 'app' | 'expiresAt'> {
  /** A user's id. */
  readonly createdBy: string;
}

/** Makes a token; the text of it is in this answer and nowhere else. */
export async function createMachineToken(
  db: Store,
  given: NewMachineToken,
  now: number,
): Promise<{ id: string; token: string; ending: string }> {
  const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
  const id = randomUUID();
  const ending = token.slice(-4);
  const { app, permissions, ...rest } = given;
  await db.prisma.machineToken.create({
    data: {
      ...rest,
      id,
      ending,
      hash: hashOf(token),
      permissions: JSON.stringify(permissions),
      accountId: app?.accountId ?? null,
      appId: app?.appId ?? null,
      createdAt: now,
    },
  });
  return { id, token, ending };
}

/** Every token that was ever made, the newest first. */
export async function listMachineTokens(db: Store): Promise<MachineToken[]> {
  const rows = await db.prisma.machineToken.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'asc' }] });
  return rows.map(({ hash: _, accountId, appId, permissions, ...row }) => ({
    ...row,
    permissions: permissionsIn(permissions),
    app: accountId !== null && appId !== null ? { accountId, appId } : null,
  }));
}

const revoked = shape((build, given: { id: string; by: string; now: number }) =>
  build
    .updateTable('machineTokens')
    .set({ revokedAt: given.now, revokedBy: given.by })
    .where('id', '=', given.id)
    .where('revokedAt', 'is', null),
);

/** Ends a token; whether it was alive. */
export async function revokeMachineToken(db: Store, id: string, by: string, now: number): Promise<boolean> {
  const [changed] = await db.write([revoked({ id, by, now })]);
  return changed === 1;
}

const alive = shape((build, given: { hash: string; now: number }) =>
  build
    .selectFrom('machineTokens')
    .select(['id', 'name', 'permissions', 'accountId', 'appId', 'lastUsedAt'])
    .where('hash', '=', given.hash)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', given.now),
);
const used = shape((build, given: { id: string; now: number }) =>
  build.updateTable('machineTokens').set({ lastUsedAt: given.now }).where('id', '=', given.id),
);

/** Who holds this token, proven at this instant; null when it is unknown, revoked or over. */
export async function actorOfToken(db: Store, token: string, now: number): Promise<MachineActor | null> {
  if (!token.startsWith(PREFIX)) return null;
  const [row] = await db.read(alive({ hash: hashOf(token), now }));
  if (!row) return null;
  const { id, name, accountId, appId } = row;
  // Without patience: a full disk must not keep a build machine out.
  if (now - (row.lastUsedAt ?? 0) >= TOUCH_EVERY_MS)
    await db.write([used({ id, now })], { patienceMs: 0 }).catch(() => undefined);
  const app = accountId !== null && appId !== null ? { accountId, appId } : null;
  return { kind: 'machine', id, name, permissions: permissionsIn(row.permissions), app };
}

function permissionsIn(json: string): MachinePermission[] {
  const given: unknown = JSON.parse(json);
  return MACHINE_PERMISSIONS.filter((each) => Array.isArray(given) && given.includes(each));
}

// 256 random bits cannot be guessed, so a fast hash is enough.
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
