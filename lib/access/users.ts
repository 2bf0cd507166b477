import { randomUUID } from 'node:crypto';
import { type Database, DuplicateError, StaleWriteError, type Statement } from '@/lib/store/database';
import { isRole, type Role } from './policy';

/** A person who may sign in; instants in ms since 1970. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly tokenVersion: number;
  readonly disabledAt: number | null;
  readonly createdAt: number;
  readonly lastSignInAt: number | null;
}

/** The change would leave nobody who may administer this installation. */
export class LastAdminError extends Error {
  override readonly name = 'LastAdminError';
  override readonly message = 'This is the last admin. Make somebody else an admin first.';
}

/** Somebody with this address exists already. */
export class EmailTakenError extends Error {
  override readonly name = 'EmailTakenError';
  override readonly message = 'Somebody with this e-mail address is here already.';
}

interface Row extends Omit<User, 'role'> {
  role: string;
  passwordHash: string;
}

const COLUMNS = 'id, email, name, role, tokenVersion, disabledAt, createdAt, lastSignInAt';

/** E-mail addresses are compared without regard to case and outer blanks. */
export function normaliseEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/** Everybody, by e-mail. */
export async function listUsers(db: Database): Promise<User[]> {
  return (await db.query<Row>(`SELECT ${COLUMNS} FROM users ORDER BY email`)).map(toUser);
}

export async function getUser(db: Database, id: string): Promise<User | null> {
  const row = (await db.query<Row>(`SELECT ${COLUMNS} FROM users WHERE id = ?`, [id]))[0];
  return row ? toUser(row) : null;
}

export async function countUsers(db: Database): Promise<number> {
  return (await db.query<{ n: number }>('SELECT count(*) AS n FROM users'))[0]?.n ?? 0;
}

/** A user with the password's hash, for sign-in only. */
export async function findCredentials(
  db: Database,
  email: string,
): Promise<{ user: User; passwordHash: string } | null> {
  const row = (
    await db.query<Row>(`SELECT ${COLUMNS}, passwordHash FROM users WHERE email = ?`, [normaliseEmail(email)])
  )[0];
  return row ? { user: toUser(row), passwordHash: row.passwordHash } : null;
}

export interface NewUser {
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly passwordHash: string;
  /** Whether somebody else made the password, so that it must be changed at the first sign-in. */
  readonly hasTemporaryPassword?: boolean;
}

/** The statement that adds a user; with `onlyFirst` it changes nothing when anybody is there. */
export function insertUserStatement(
  user: NewUser,
  now: number,
  options: { id?: string; onlyFirst?: boolean } = {},
): Statement {
  const guard = options.onlyFirst ? 'WHERE NOT EXISTS (SELECT 1 FROM users)' : 'WHERE true';
  return {
    sql: `INSERT INTO users (id, email, name, passwordHash, role, hasTemporaryPassword, tokenVersion, createdAt, updatedAt)
          SELECT ?, ?, ?, ?, ?, ?, 1, ?, ? ${guard}`,
    params: [
      options.id ?? randomUUID(),
      normaliseEmail(user.email),
      user.name,
      user.passwordHash,
      user.role,
      user.hasTemporaryPassword ? 1 : 0,
      now,
      now,
    ],
    expectChanges: 1,
  };
}

/** @throws EmailTakenError */
export async function createUser(db: Database, user: NewUser, now: number): Promise<User> {
  const id = randomUUID();
  try {
    await db.write([insertUserStatement(user, now, { id })]);
  } catch (error) {
    if (error instanceof DuplicateError) throw new EmailTakenError();
    throw error;
  }
  return existing(db, id);
}

export interface UserChange {
  readonly name?: string | null;
  readonly role?: Role;
  readonly isDisabled?: boolean;
}

/**
 * Changes a user; a new role or state ends the user's sessions.
 * @throws LastAdminError when nobody would be left who may administer
 */
export async function changeUser(db: Database, id: string, change: UserChange, now: number): Promise<User> {
  const user = await existing(db, id);
  const role = change.role ?? user.role;
  const disabledAt =
    change.isDisabled === undefined ? user.disabledAt : change.isDisabled ? (user.disabledAt ?? now) : null;
  const endsSessions = role !== user.role || (disabledAt === null) !== (user.disabledAt === null);
  const staysAdmin = role === 'admin' && disabledAt === null;
  try {
    await db.write([
      {
        sql: `UPDATE users SET name = ?, role = ?, disabledAt = ?, tokenVersion = tokenVersion + ?, updatedAt = ?
              WHERE id = ? AND (? OR role <> 'admin' OR disabledAt IS NOT NULL OR EXISTS
                (SELECT 1 FROM users AS other WHERE other.id <> ? AND other.role = 'admin' AND other.disabledAt IS NULL))`,
        params: [
          change.name === undefined ? user.name : change.name,
          role,
          disabledAt,
          endsSessions ? 1 : 0,
          now,
          id,
          staysAdmin ? 1 : 0,
          id,
        ],
        expectChanges: 1,
      },
    ]);
  } catch (error) {
    if (error instanceof StaleWriteError) throw new LastAdminError();
    throw error;
  }
  return existing(db, id);
}

/** Sets the password and ends every session of the user; a temporary one must be changed at the next sign-in. */
export async function setPasswordHash(
  db: Database,
  id: string,
  { passwordHash, isTemporary }: { readonly passwordHash: string; readonly isTemporary: boolean },
  now: number,
): Promise<void> {
  await db.write([
    {
      sql: `UPDATE users SET passwordHash = ?, hasTemporaryPassword = ?, tokenVersion = tokenVersion + 1, updatedAt = ?
            WHERE id = ?`,
      params: [passwordHash, isTemporary ? 1 : 0, now, id],
      expectChanges: 1,
    },
  ]);
}

async function existing(db: Database, id: string): Promise<User> {
  const user = await getUser(db, id);
  if (!user) throw new Error(`There is no user ${id}.`);
  return user;
}

function toUser({ passwordHash: _, ...row }: Row): User {
  // A role this version does not know gives the least rights.
  return { ...row, role: isRole(row.role) ? row.role : 'viewer' };
}
