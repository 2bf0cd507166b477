import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';
import { isRole, type UserActor } from './policy';
import type { User } from './users';

/** A session ends 12 hours after sign-in, whatever happens, ms. */
export const SESSION_MAX_MS = 12 * 60 * 60_000;
/** A session ends after an hour without a request, ms. */
export const SESSION_IDLE_MS = 60 * 60_000;
/** How often a request is noted, ms: a write per minute rather than per request. */
const TOUCH_EVERY_MS = 60_000;

/** What the cookie's token carries; everything else is looked up at each request. */
export interface SessionClaims {
  readonly sessionId: string;
  readonly userId: string;
  readonly tokenVersion: number;
  /** When it began (ms), where the store had no room for the session itself. */
  readonly unkeptSince?: number;
}

/** A session that could not be kept lasts this long at most, ms; it is kept as soon as there is room. */
const UNKEPT_MAX_MS = SESSION_IDLE_MS;

const signedIn = shape((build, given: { id: string; now: number }) =>
  build.updateTable('users').set({ lastSignInAt: given.now }).where('id', '=', given.id),
);
const longOver = shape((build, given: { before: number }) =>
  build.deleteFrom('sessions').where('expiresAt', '<', given.before),
);

/** The writes that start a session for a user who has just proved who they are. */
export function newSession(
  user: User,
  now: number,
  userAgent: string | null,
): { claims: SessionClaims; statements: Write[] } {
  const sessionId = randomBytes(32).toString('base64url');
  const claims = { sessionId, userId: user.id, tokenVersion: user.tokenVersion };
  return {
    claims,
    statements: [
      insertSession(claims, now, now, userAgent),
      signedIn({ id: user.id, now }),
      longOver({ before: now - 30 * 24 * 60 * 60_000 }),
    ],
  };
}

interface Row {
  email: string;
  name: string | null;
  role: string;
  hasTemporaryPassword: number;
  lastSeenAt: number;
}

/** Asked at every request; without the time in it, so that the store may know the answer. */
const standing = shape((build, given: { sessionId: string; userId: string; tokenVersion: number }) =>
  build
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.userId')
    .select(['email', 'name', 'role', 'hasTemporaryPassword', 'lastSeenAt', 'expiresAt'])
    .where('sessions.id', '=', given.sessionId)
    .where('sessions.userId', '=', given.userId)
    .where('sessions.revokedAt', 'is', null)
    .where('users.disabledAt', 'is', null)
    .where('sessions.tokenVersion', '=', given.tokenVersion)
    .whereRef('users.tokenVersion', '=', 'sessions.tokenVersion'),
);

/** The actor of a session that is alive at this instant, else null; being asked is a use, unless it is said that not. */
export async function actorOfSession(
  db: Store,
  claims: SessionClaims,
  now: number,
  { isUse = true }: { readonly isUse?: boolean } = {},
): Promise<UserActor | null> {
  const { sessionId, userId, tokenVersion } = claims;
  const [row] = await db.read(standing({ sessionId, userId, tokenVersion }));
  if (isRevokedHere(claims.sessionId)) return null;
  if (!row || row.expiresAt <= now || row.lastSeenAt <= now - SESSION_IDLE_MS)
    return unkeptActor(db, claims, now);
  if (isUse) touch(db, claims.sessionId, row.lastSeenAt, now);
  return toActor(row, claims);
}

const unkept = shape((build, given: { sessionId: string; userId: string; tokenVersion: number }) =>
  build
    .selectFrom('users')
    .select(['email', 'name', 'role', 'hasTemporaryPassword'])
    .where('id', '=', given.userId)
    .where('tokenVersion', '=', given.tokenVersion)
    .where('disabledAt', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('sessions').select('sessions.id').where('sessions.id', '=', given.sessionId))),
    ),
);

/** The person of a session the store had no room for; as soon as there is, it becomes one like any other. */
async function unkeptActor(db: Store, claims: SessionClaims, now: number): Promise<UserActor | null> {
  const { unkeptSince: since, sessionId, userId, tokenVersion } = claims;
  if (since === undefined || since > now || now - since > UNKEPT_MAX_MS) return null;
  const [row] = await db.read(unkept({ sessionId, userId, tokenVersion }));
  if (!row) return null;
  const keep = insertSession(claims, since, now, null);
  if (now - (touched.get(sessionId) ?? 0) >= TOUCH_EVERY_MS / 4) {
    touched.set(sessionId, now);
    db.write([keep], { patienceMs: 0 }).catch(() => undefined);
  }
  return toActor(row, claims);
}

function toActor(row: Omit<Row, 'lastSeenAt'>, claims: SessionClaims): UserActor {
  return {
    kind: 'user',
    id: claims.userId,
    email: row.email,
    name: row.name,
    role: isRole(row.role) ? row.role : 'viewer',
    sessionId: claims.sessionId,
    mustChangePassword: row.hasTemporaryPassword === 1,
  };
}

/** Ends one session in this process at once, for the time the store cannot be told; it is told when it can. */
export function revokeHere(db: Store, claims: SessionClaims, now: number): void {
  revokedHere.add(claims.sessionId);
  void tellStore(db, claims, now);
}

function isRevokedHere(sessionId: string): boolean {
  return revokedHere.has(sessionId);
}

/** A session the store never had is put there as ended, so that its token is worth nothing in other processes too. */
async function tellStore(db: Store, claims: SessionClaims, now: number): Promise<void> {
  for (;;) {
    try {
      await db.write([
        insertSession(claims, claims.unkeptSince ?? now, now, null),
        revokeStatement(claims.sessionId, now),
      ]);
      return;
    } catch {
      await delay(RETRY_MS, undefined, { ref: false });
      if (Date.now() - now > SESSION_MAX_MS) return;
    }
  }
}

function insertSession(
  { sessionId, userId, tokenVersion }: SessionClaims,
  since: number,
  now: number,
  userAgent: string | null,
): Write {
  return inserted({
    ...{ sessionId, userId, tokenVersion, since, now },
    expiresAt: since + SESSION_MAX_MS,
    userAgent: userAgent?.slice(0, 200) ?? null,
  });
}

type NewSession = Omit<SessionClaims, 'unkeptSince'> & {
  readonly since: number;
  readonly now: number;
  readonly expiresAt: number;
  readonly userAgent: string | null;
};
const inserted = shape((build, given: NewSession) =>
  build
    .insertInto('sessions')
    .values({
      id: given.sessionId,
      userId: given.userId,
      tokenVersion: given.tokenVersion,
      createdAt: given.since,
      lastSeenAt: given.now,
      expiresAt: given.expiresAt,
      userAgent: given.userAgent,
    })
    .onConflict((conflict) => conflict.column('id').doNothing()),
);

/** Ends one session; a token of it is worth nothing afterwards. */
export function revokeStatement(sessionId: string, now: number): Write {
  return revoked({ sessionId, now });
}

const revoked = shape((build, given: { sessionId: string; now: number }) =>
  build
    .updateTable('sessions')
    .set({ revokedAt: given.now })
    .where('id', '=', given.sessionId)
    .where('revokedAt', 'is', null),
);

const seen = shape((build, given: { sessionId: string; now: number }) =>
  build
    .updateTable('sessions')
    .set({ lastSeenAt: given.now })
    .where('id', '=', given.sessionId)
    .where('lastSeenAt', '<', given.now),
);

// Noted in the background and without patience: a page must not wait for the write lock, nor fail on a full disk.
function touch(db: Store, sessionId: string, lastSeenAt: number, now: number): void {
  if (now - Math.max(lastSeenAt, touched.get(sessionId) ?? 0) < TOUCH_EVERY_MS) return;
  if (touched.size > 10_000) touched.clear();
  touched.set(sessionId, now);
  db.write([seen({ sessionId, now })], { patienceMs: 0 }).catch(() => touched.delete(sessionId));
}
const touched = new Map<string, number>();

/** Between two tries to tell the store, ms. */
const RETRY_MS = 5_000;

// Next loads route files in several bundles; what was ended in this process is ended in all of them.
const inProcess = globalThis as typeof globalThis & { flightdeckRevoked?: Set<string> };
inProcess.flightdeckRevoked ??= new Set();
const revokedHere = inProcess.flightdeckRevoked;
