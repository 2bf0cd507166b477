import { receiverSubject } from '@/lib/access/key-store';
import { shape } from '@/lib/store/shape';
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

/** The secrets that are good now, opened: the present one, and the one before while it is still taken. */
export async function secretsOf(
  { keys, clock }: Pick<Ctx, 'keys' | 'clock'>,
  { id, keyVersion, sealedSecret, formerSecret, formerUntil }: ReceiverRow,
): Promise<string[]> {
  const sealed = [{ keyVersion, sealedKey: sealedSecret }];
  if (formerSecret !== null && (formerUntil ?? 0) > clock.now())
    sealed.push({ keyVersion: keyVersion - 1, sealedKey: formerSecret });
  return Promise.all(sealed.map((one) => keys.open({ id: receiverSubject(id), ...one })));
}
