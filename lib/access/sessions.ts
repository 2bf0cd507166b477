import { randomBytes } from 'node:crypto';
import type { Database, Statement } from '@/prisma/database';
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
}

/** The statements that start a session for a user who has just proved who they are. */
export function newSession(
  user: User,
  now: number,
  userAgent: string | null,
): { claims: SessionClaims; statements: Statement[] } {
  const sessionId = randomBytes(32).toString('base64url');
  return {
    claims: { sessionId, userId: user.id, tokenVersion: user.tokenVersion },
    statements: [
      {
        sql: `INSERT INTO sessions (id, userId, tokenVersion, createdAt, lastSeenAt, expiresAt, userAgent)
              VALUES (?, ?, ?, ?, ?, ?, ?)`,
        params: [
          sessionId,
          user.id,
          user.tokenVersion,
          now,
          now,
          now + SESSION_MAX_MS,
          userAgent?.slice(0, 200) ?? null,
        ],
      },
      { sql: 'UPDATE users SET lastSignInAt = ? WHERE id = ?', params: [now, user.id] },
      { sql: 'DELETE FROM sessions WHERE expiresAt < ?', params: [now - 30 * 24 * 60 * 60_000] },
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

/** The actor of a session that is alive at this instant, else null. */
export function actorOfSession(db: Database, claims: SessionClaims, now: number): UserActor | null {
  const row = db.query<Row>(
    `SELECT u.email, u.name, u.role, u.hasTemporaryPassword, s.lastSeenAt
     FROM sessions AS s JOIN users AS u ON u.id = s.userId
     WHERE s.id = ? AND s.userId = ? AND s.revokedAt IS NULL AND u.disabledAt IS NULL
       AND s.tokenVersion = ? AND u.tokenVersion = s.tokenVersion AND s.expiresAt > ? AND s.lastSeenAt > ?`,
    [claims.sessionId, claims.userId, claims.tokenVersion, now, now - SESSION_IDLE_MS],
  )[0];
  if (!row) return null;
  touch(db, claims.sessionId, row.lastSeenAt, now);
  const role = isRole(row.role) ? row.role : 'viewer';
  return {
    kind: 'user',
    id: claims.userId,
    email: row.email,
    name: row.name,
    role,
    sessionId: claims.sessionId,
    mustChangePassword: row.hasTemporaryPassword === 1,
  };
}

/** Ends one session; a token of it is worth nothing afterwards. */
export function revokeStatement(sessionId: string, now: number): Statement {
  return {
    sql: 'UPDATE sessions SET revokedAt = ? WHERE id = ? AND revokedAt IS NULL',
    params: [now, sessionId],
  };
}

// Noted in the background and without patience: a page must not wait for the write lock, nor fail on a full disk.
function touch(db: Database, sessionId: string, lastSeenAt: number, now: number): void {
  if (now - Math.max(lastSeenAt, touched.get(sessionId) ?? 0) < TOUCH_EVERY_MS) return;
  if (touched.size > 10_000) touched.clear();
  touched.set(sessionId, now);
  db.write(
    [{ sql: 'UPDATE sessions SET lastSeenAt = max(lastSeenAt, ?) WHERE id = ?', params: [now, sessionId] }],
    {
      patienceMs: 0,
    },
  ).catch(() => touched.delete(sessionId));
}
const touched = new Map<string, number>();
