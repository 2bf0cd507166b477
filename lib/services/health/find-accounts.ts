import type { Found } from '@/lib/format/lights';
import { type Ask, isoAt } from './ask';

/** Refused until a person does something: another key, an agreement, the right time. */
const REFUSED = ['unauthorized', 'agreement_missing', 'clock_skew'];
/** What passes by itself, or lets most things work. */
const IN_TROUBLE = ['forbidden', 'unreachable', 'server', 'incomplete'];

const ofAccount = (id: string, name: string) => ({ accountId: id, appId: null, id, name });

/** Accounts whose key App Store Connect does not accept. */
export const findRefusedKeys = (ask: Ask): Promise<Found<'key_refused'>[]> => inState(ask, REFUSED);

/** Accounts that App Store Connect does not answer as it should, though not because the key is refused. */
export const findKeysInTrouble = (ask: Ask): Promise<Found<'key_trouble'>[]> => inState(ask, IN_TROUBLE);

async function inState(ask: Ask, states: readonly string[]) {
  const rows = await ask.rows(`accounts in ${states.join()}`, { states }, (build, at, isOne) =>
    build
      .selectFrom('Account as t')
      .select(['t.id', 't.name', 't.status', 't.statusAt'])
      .where('t.removedAt', 'is', null)
      .where('t.status', 'in', at.states)
      .$if(isOne, (of) => of.where('t.id', '=', at.accountId))
      .orderBy('t.id'),
  );
  return rows.map(({ id, name, status, statusAt }) => ({
    ...ofAccount(id, name),
    ...{ since: isoAt(statusAt), facts: { state: status } },
  }));
}

/** Accounts whose last sync failed. */
export async function findFailedSyncs(ask: Ask): Promise<Found<'sync_failed'>[]> {
  return (await ask.syncs()).flatMap(({ accountId, name, status, finishedAt, error }) =>
    status === 'failed'
      ? [{ ...ofAccount(accountId, name), since: isoAt(finishedAt), facts: { error } }]
      : [],
  );
}

const HOUR_MS = 3_600_000;

/** Where accounts are synced seldom on purpose, three times of that are not long yet. */
export const longWithout = ({ syncEveryMs }: Pick<Ask, 'syncEveryMs'>, hours: number): number =>
  Math.max(hours * HOUR_MS, 3 * syncEveryMs);

/** Accounts that were last synced to the end so many hours ago. */
export async function findOldSyncs(
  ask: Ask,
  { hours }: { readonly hours: number },
): Promise<Found<'sync_old'>[]> {
  const before = ask.machineNow - longWithout(ask, hours);
  return (await ask.syncs()).flatMap(({ accountId, name, lastSucceededAt }) => {
    const at = isoAt(lastSucceededAt);
    return at !== null && (lastSucceededAt ?? 0) <= before
      ? [{ ...ofAccount(accountId, name), since: at, facts: { at } }]
      : [];
  });
}
