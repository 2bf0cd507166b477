import { authorise } from '@/lib/access/policy';
import type { Ctx } from '../ctx';
import { type MailServerView, mailServerView } from './mail-server';
import { troubles } from './trouble';

/** A channel that fails at present; instants as ISO text. */
export interface TroubleView {
  /** `mail` or `connector/<id>` */
  readonly channel: string;
  readonly since: string;
  readonly at: string;
  readonly trouble: string;
  /** How many messages wait for it. */
  readonly waiting: number;
}

export interface ChannelList {
  readonly mail: MailServerView | null;
  readonly troubles: readonly TroubleView[];
  /** How many rules of how many people use each channel. */
  readonly uses: Readonly<Record<string, number>>;
}

/** How messages go out, and what of it fails at present; messengers stand among the connectors. */
export async function listChannels(ctx: Ctx): Promise<ChannelList> {
  authorise(ctx.actor, 'settings:write');
  const { db } = ctx;
  const waiting = await db.read(
    db.build
      .selectFrom('alertSendings')
      .select(({ fn }) => ['channel', fn.countAll<number>().as('count')])
      .where('state', 'in', ['pending', 'sending'])
      .groupBy('channel'),
  );
  const rules = await db.read(
    db.build.selectFrom('alertRules').select('channels').where('isEnabled', '=', 1),
  );
  const uses: Record<string, number> = {};
  for (const { channels } of rules)
    for (const channel of JSON.parse(channels) as string[]) uses[channel] = (uses[channel] ?? 0) + 1;
  return {
    mail: await mailServerView(ctx),
    troubles: (await troubles(db))
      // Somebody's own mailbox is theirs to look at.
      .filter(({ channel }) => !channel.startsWith('mail/'))
      .map(({ channel, since, at, trouble }) => ({
        ...{ channel, trouble, since: new Date(since).toISOString(), at: new Date(at).toISOString() },
        waiting: waiting.find((one) => one.channel === channel)?.count ?? 0,
      })),
    uses,
  };
}
