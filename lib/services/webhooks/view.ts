import { authorise } from '@/lib/access/policy';
import { namesOfApps } from '@/lib/mirror/query';
import { shape } from '@/lib/store/shape';
import type { Ctx } from '../ctx';
import { isoOf } from '../resources/shape';
import { eventAddress, publicAddress } from './address';
import { isFormerGood, isInDoubt, type ReceiverRow, receiverRows } from './rows';

/** How the events of one app come. */
export interface WebhookView {
  readonly accountId: string;
  readonly appId: string;
  readonly name: string | null;
  /** What the account is called, where another has the app too. */
  readonly accountName: string | null;
  readonly receiver: ReceiverView | null;
}

interface ReceiverView {
  readonly id: string;
  /** Apple's id; null while it is not registered there, or was deleted there. */
  readonly webhookId: string | null;
  /** Whether events go to another address than the one of now. */
  readonly isElsewhere: boolean;
  /** ISO text: when an event, a test last came, and when the deliveries were last looked at. */
  readonly receivedAt: string | null;
  readonly pingedAt: string | null;
  readonly checkedAt: string | null;
  readonly trouble: string | null;
  /** Until when the secret before is taken too, ISO text. */
  readonly formerUntil: string | null;
  /** Whether it is not known that App Store Connect uses the present secret: the one before is taken until it is. */
  readonly isSecretInDoubt: boolean;
  readonly counts: Counts;
}

/** Of the last thirty days. */
interface Counts {
  readonly received: number;
  /** Never came, and were found among the deliveries. */
  readonly found: number;
  /** Of a kind that nothing follows from. */
  readonly kept: number;
  readonly waiting: number;
  readonly failed: number;
}

export interface WebhookList {
  readonly apps: readonly WebhookView[];
  /** Where App Store Connect is told to send to, and why it could not. */
  readonly address: { readonly base: string; readonly problem: string | null };
}

const appsOfAll = shape((build) =>
  build
    .selectFrom('apps as p')
    .innerJoin('Account as a', 'a.id', 'p.accountId')
    .select(['p.accountId', 'p.id'])
    .where('a.removedAt', 'is', null)
    .orderBy('p.name')
    .orderBy('p.accountId')
    .orderBy('p.id'),
);
const counted = shape((build) =>
  build
    .selectFrom('receivedEvents')
    .select(['receiverId', 'origin', 'state'])
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .groupBy(['receiverId', 'origin', 'state']),
);

/** Every app, and how its events come. */
export async function listWebhooks(ctx: Ctx): Promise<WebhookList> {
  authorise(ctx.actor, 'settings:read');
  const [apps, receivers, rows] = await Promise.all([
    ctx.db.read(appsOfAll({})),
    receiverRows(ctx.db),
    ctx.db.read(counted({})),
  ]);
  const names = await namesOfApps(
    ctx.db,
    apps.map((app) => app.id),
  );
  const address = publicAddress(ctx.env);
  return {
    address,
    apps: apps.map(({ accountId, id: appId }) => {
      const row = receivers.find((one) => one.accountId === accountId && one.appId === appId);
      const named = names(appId, accountId);
      return {
        ...{ accountId, appId, name: named?.name ?? null, accountName: named?.accountName ?? null },
        receiver: row ? viewOf(ctx, row, address.base, countsOf(row.id, rows)) : null,
      };
    }),
  };
}

function viewOf({ clock }: Ctx, row: ReceiverRow, base: string, counts: Counts): ReceiverView {
  return {
    ...{ id: row.id, webhookId: row.webhookId, trouble: row.trouble, counts },
    isElsewhere: row.url !== eventAddress(base, row.path),
    ...{ receivedAt: isoOf(row.receivedAt), pingedAt: isoOf(row.pingedAt), checkedAt: isoOf(row.checkedAt) },
    formerUntil: isFormerGood(row, clock.now()) ? isoOf(row.formerUntil) : null,
    isSecretInDoubt: isInDoubt(row),
  };
}

function countsOf(
  receiverId: string,
  rows: readonly { receiverId: string; origin: string; state: string; count: number }[],
): Counts {
  const sum = (is: (row: { origin: string; state: string }) => boolean) =>
    rows.filter((row) => row.receiverId === receiverId && is(row)).reduce((all, { count }) => all + count, 0);
  return {
    received: sum(({ origin }) => origin === 'sent'),
    found: sum(({ origin }) => origin === 'found'),
    kept: sum(({ state }) => state === 'kept'),
    waiting: sum(({ state }) => state === 'waiting'),
    failed: sum(({ state }) => state === 'failed'),
  };
}
