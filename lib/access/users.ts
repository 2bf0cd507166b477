import { randomUUID } from 'node:crypto';
import { DuplicateError, StaleWriteError } from '@/lib/store/database';
import { exactly, type Store, type Write } from '@/lib/store/store';
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
}

const COLUMNS = {
  ...{ id: true, email: true, name: true, role: true, tokenVersion: true },
  ...{ disabledAt: true, createdAt: true, lastSignInAt: true },
} as const;

/** E-mail addresses are compared without regard to case and outer blanks. */
export function normaliseEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/** Everybody, by e-mail. */
export async function listUsers(db: Store): Promise<User[]> {
  return (await db.prisma.user.findMany({ select: COLUMNS, orderBy: { email: 'asc' } })).map(toUser);
}

export async function getUser(db: Store, id: string): Promise<User | null> {
  const row = await db.prisma.user.findUnique({ where: { id }, select: COLUMNS });
  return row && toUser(row);
}

/** Those of these people who are there, by id. */
export async function usersAmong(db: Store, ids: readonly string[]): Promise<Map<string, User>> {
  if (ids.length === 0) return new Map();
  const rows = await db.prisma.user.findMany({ select: COLUMNS, where: { id: { in: [...ids] } } });
  return new Map(rows.map((row) => [row.id, toUser(row)]));
}

/** Whether there is anybody. */
export async function hasUsers(db: Store): Promise<boolean> {
  return (await db.read(db.build.selectFrom('users').select('id').limit(1))).length > 0;
}

/** A user with the password's hash, for sign-in only. */
export async function findCredentials(
  db: Store,
  email: string,
): Promise<{ user: User; passwordHash: string } | null> {
  const select = { ...COLUMNS, passwordHash: true } as const;
  const row = await db.prisma.user.findUnique({ where: { email: normaliseEmail(email) }, select });
  if (!row) return null;
  const { passwordHash, ...user } = row;
  return { user: toUser(user), passwordHash };
}

export interface NewUser {
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly passwordHash: string;
  /** Whether somebody else made the password, so that it must be changed at the first sign-in. */
  readonly hasTemporaryPassword?: boolean;
}

/** The write that adds a user; with `onlyFirst` it fails when anybody is there. */
export function insertUserStatement(
  { build }: Store,
  user: NewUser,
  now: number,
  options: { id?: string; onlyFirst?: boolean } = {},
): Write {
  const row = {
    id: options.id ?? randomUUID(),
    email: normaliseEmail(user.email),
    name: user.name,
    passwordHash: user.passwordHash,
    role: user.role,
    hasTemporaryPassword: user.hasTemporaryPassword ? 1 : 0,
    tokenVersion: 1,
    createdAt: now,
    updatedAt: now,
  };
  if (!options.onlyFirst) return exactly(1, build.insertInto('users').values(row));
  const columns = Object.keys(row) as (keyof typeof row)[];
  const unlessSomebody = build
    .selectNoFrom(({ val }) => columns.map((column) => val(row[column]).as(column)))
    .where(({ not, exists, selectFrom }) => not(exists(selectFrom('users').select('users.id'))));
  return exactly(1, build.insertInto('users').columns(columns).expression(unlessSomebody));
}

/** @throws EmailTakenError */
export async function createUser(db: Store, user: NewUser, now: number): Promise<User> {
  const id = randomUUID();
  try {
    await db.write([insertUserStatement(db, user, now, { id })]);
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
export async function changeUser(db: Store, id: string, change: UserChange, now: number): Promise<User> {
  await existing(db, id);
  const { name, role, isDisabled } = change;
  const disables = isDisabled === true;
  // Only what is given is written, and what follows from it is told from the row as it is by then: somebody else may
  // change the same person at this moment.
  const changed = db.build
    .updateTable('users')
    .set(({ eb, fn, val, lit, or }) => ({
      ...(name === undefined ? {} : { name }),
      ...(role === undefined ? {} : { role }),
      ...(isDisabled === undefined
        ? {}
        : { disabledAt: disables ? fn.coalesce('disabledAt', val(now)) : null }),
      tokenVersion: eb
        .case()
        .when(
          or([
            ...(role === undefined ? [] : [eb('role', '<>', role)]),
            ...(isDisabled === undefined ? [] : [eb('disabledAt', disables ? 'is' : 'is not', null)]),
          ]),
        )
        .then(eb('tokenVersion', '+', lit(1)))
        .else(eb.ref('tokenVersion'))
        .end(),
      updatedAt: now,
    }))
    .where('id', '=', id);
  const unlessLast = changed.where(({ eb, or, exists, selectFrom }) =>
    or([
      eb('role', '<>', 'admin'),
      eb('disabledAt', 'is not', null),
      exists(
        selectFrom('users as other')
          .select('other.id')
          .where('other.id', '<>', id)
          .where('other.role', '=', 'admin')
          .where('other.disabledAt', 'is', null),
      ),
    ]),
  );
  const mayEndAdmin = disables || (role !== undefined && role !== 'admin');
  try {
    // Of two admins who take each other's role at the same moment, one is first.
    await db.write([...db.dialect.inTurn('admins'), exactly(1, mayEndAdmin ? unlessLast : changed)]);
  } catch (error) {
    if (error instanceof StaleWriteError) throw new LastAdminError();
    throw error;
  }
  return existing(db, id);
}

/** Sets the password and ends every session of the user; a temporary one must be changed at the next sign-in. */
export async function setPasswordHash(
  db: Store,
  id: string,
  { passwordHash, isTemporary }: { readonly passwordHash: string; readonly isTemporary: boolean },
  now: number,
): Promise<void> {
  await db.prisma.user.update({
    where: { id },
    data: {
      passwordHash,
      hasTemporaryPassword: isTemporary ? 1 : 0,
      tokenVersion: { increment: 1 },
      updatedAt: now,
    },
    select: { id: true },
  });
}

async function existing(db: Store, id: string): Promise<User> {
  const user = await getUser(db, id);
  if (!user) throw new Error(`There is no user ${id}.`);
  return user;
}

function toUser(row: Row): User {
  // A role this version does not know gives the least rights.
  return { ...row, role: isRole(row.role) ? row.role : 'viewer' };
}
