import type { Role } from '@/lib/access/policy';
import { type AlertKind, isAlertKind } from '@/lib/format/alerts';
import { shape } from '@/lib/store/shape';
import type { Ctx } from '../ctx';

/** A rule as it is kept, its channels parsed. */
export interface AlertRuleRow {
  readonly id: string;
  readonly userId: string;
  readonly kind: AlertKind;
  readonly accountId: string | null;
  readonly appId: string | null;
  readonly threshold: number | null;
  readonly least: number | null;
  readonly channels: readonly string[];
  readonly isEnabled: boolean;
  readonly since: number;
  readonly version: number;
}

interface Stored extends Omit<AlertRuleRow, 'channels' | 'isEnabled' | 'kind'> {
  readonly kind: string;
  readonly channels: string;
  readonly isEnabled: number;
}

const parsed = (rows: readonly Stored[]): AlertRuleRow[] =>
  rows.flatMap(({ kind, channels, isEnabled, ...row }) =>
    // Of a version that knew other kinds.
    isAlertKind(kind) ? [{ ...row, kind, channels: JSON.parse(channels), isEnabled: isEnabled === 1 }] : [],
  );

const ofPerson = shape((build, given: { userId: string }) =>
  build
    .selectFrom('alertRules')
    .selectAll()
    .where('userId', '=', given.userId)
    .orderBy('createdAt')
    .orderBy('id')
    .$castTo<Stored>(),
);

/** Every rule of one person, in the order in which they were made. */
export async function rulesOf(db: Ctx['db'], userId: string): Promise<AlertRuleRow[]> {
  return parsed(await db.read(ofPerson({ userId })));
}

const inUse = shape((build) =>
  build
    .selectFrom('alertRules as r')
    .innerJoin('users as u', 'u.id', 'r.userId')
    .selectAll('r')
    .select('u.role')
    .where('r.isEnabled', '=', 1)
    .where('u.disabledAt', 'is', null)
    .orderBy('r.id')
    .$castTo<Stored & { role: Role }>(),
);

/** Every rule that is on, of everybody who may sign in, with what they may. */
export async function rulesInUse(db: Ctx['db']): Promise<(AlertRuleRow & { readonly role: Role })[]> {
  const rows = await db.read(inUse({}));
  const roles = new Map(rows.map(({ id, role }) => [id, role]));
  return parsed(rows).map((row) => ({ ...row, role: roles.get(row.id) ?? 'viewer' }));
}
