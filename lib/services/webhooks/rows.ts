import { receiverSubject } from '@/lib/access/key-store';
import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';
import type { Ctx } from '../ctx';

/** Where an app's events come to, as it is kept. */
export interface ReceiverRow {
  readonly id: string;
  readonly accountId: string;
  readonly appId: string;
  readonly path: string;
  readonly webhookId: string | null;
  readonly url: string;
  readonly sealedSecret: string;
  readonly keyVersion: number;
  readonly formerSecret: string | null;
  /** Until when the secret before is taken; null with one while it is not known that App Store Connect uses the present one. */
  readonly formerUntil: number | null;
  readonly receivedAt: number | null;
  readonly pingedAt: number | null;
  readonly readTo: string | null;
  readonly checkedAt: number | null;
  readonly trouble: string | null;
  readonly createdAt: number;
}

const all = shape((build) =>
  build
    .selectFrom('receivers as r')
    .innerJoin('Account as a', 'a.id', 'r.accountId')
    .selectAll('r')
    .where('a.removedAt', 'is', null)
    .orderBy('r.accountId')
    .orderBy('r.appId')
    .$castTo<ReceiverRow>(),
);

/** The receivers of all accounts that are in use. */
export function receiverRows(db: Ctx['db']): Promise<readonly ReceiverRow[]> {
  return db.read(all({}));
}

const byPath = shape((build, given: { path: string }) =>
  build
    .selectFrom('receivers as r')
    .innerJoin('Account as a', 'a.id', 'r.accountId')
    .selectAll('r')
    .where('a.removedAt', 'is', null)
    .where('r.path', '=', given.path)
    .$castTo<ReceiverRow>(),
);

/** The receiver of an address, or null. */
export async function receiverAt(db: Ctx['db'], path: string): Promise<ReceiverRow | null> {
  return (await db.read(byPath({ path })))[0] ?? null;
}

/** Whether it is not known that App Store Connect uses the present secret, so that the one before may be the one in use. */
export const isInDoubt = ({ formerSecret, formerUntil }: ReceiverRow): boolean =>
  formerSecret !== null && formerUntil === null;

/** Whether what is signed with the secret before is taken. */
export const isFormerGood = (row: ReceiverRow, now: number): boolean =>
  isInDoubt(row) || (row.formerSecret !== null && (row.formerUntil ?? 0) > now);

/** How long the secret before is taken as well: deliveries that are under way, and those sent again, ms. */
const FORMER_MS = 24 * 60 * 60_000;

/** App Store Connect uses the present secret, as is known since now. */
const sure = shape((build, given: { id: string; keyVersion: number; until: number }) =>
  build
    .updateTable('receivers')
    .set({ formerUntil: given.until })
    .where('id', '=', given.id)
    .where('keyVersion', '=', given.keyVersion)
    .where('formerSecret', 'is not', null)
    .where('formerUntil', 'is', null),
);

export const sureStatement = ({ id, keyVersion }: ReceiverRow, now: number): Write =>
  sure({ id, keyVersion, until: now + FORMER_MS });

/** Secrets that were opened lately, by what they are sealed as: to open one takes longer than to check a signature. */
const opened = new WeakMap<Ctx['keys'], Map<string, Promise<string>>>();
const MOST_OPENED = 1_000;

/** The secrets that are good now, opened: the present one first, then the one before while it is still taken. */
export async function secretsOf(
  { keys, clock }: Pick<Ctx, 'keys' | 'clock'>,
  receiver: ReceiverRow,
): Promise<string[]> {
  const { id, keyVersion, sealedSecret, formerSecret } = receiver;
  const known = opened.get(keys) ?? new Map<string, Promise<string>>();
  opened.set(keys, known);
  const open = (version: number, sealedKey: string) => {
    const name = `${id}/${version}/${sealedKey}`;
    const secret = known.get(name) ?? keys.open({ id: receiverSubject(id), keyVersion: version, sealedKey });
    if (known.size >= MOST_OPENED) known.clear();
    known.set(name, secret);
    secret.catch(() => known.delete(name));
    return secret;
  };
  const former = isFormerGood(receiver, clock.now()) ? formerSecret : null;
  return Promise.all([
    open(keyVersion, sealedSecret),
    ...(former === null ? [] : [open(keyVersion - 1, former)]),
  ]);
}
