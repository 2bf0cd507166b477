import { authorise } from '@/lib/access/policy';
import { announced } from '@/lib/store/feed';
import { sendMail } from '../channels/mail-server';
import { troubles, working } from '../channels/trouble';
import { asRefusal } from '../connectors/connectors';
import { BELL, type ChannelChoice, channelChoices, MAIL } from './channels';
import { asSeen, type Words } from './message';
import type { QuietHours } from './quiet';
import { type AlertRuleView, myRules } from './rules';
import { tryAgain } from './sending-rows';
import { type PersonCtx, quietHoursOf } from './settings';

/** A fact that was told, or is to be; instants as ISO text. */
export interface ToldView {
  readonly id: string;
  readonly channel: string;
  readonly title: string;
  readonly level: Words['level'];
  readonly path: string;
  readonly at: string;
  readonly state: 'pending' | 'sending' | 'sent' | 'failed';
  readonly trouble: string | null;
  readonly doneAt: string | null;
}

export interface MyAlerts {
  readonly rules: readonly AlertRuleView[];
  readonly quiet: QuietHours | null;
  readonly channels: readonly ChannelChoice[];
  /** Channels of one's own rules that fail, each with what the other side said. */
  readonly troubles: readonly {
    readonly channel: string;
    readonly trouble: string;
    readonly since: string;
  }[];
  /** What was told last, the newest first. */
  readonly told: readonly ToldView[];
}

const MOST = 50;

/** Everything about the alerts of whoever asks. */
export async function myAlerts(ctx: PersonCtx): Promise<MyAlerts> {
  authorise(ctx.actor, 'alerts:own');
  const { id: userId, role } = ctx.actor;
  const rules = await myRules(ctx);
  const own = new Set([...rules.flatMap(({ channels }) => channels), `${MAIL}/${userId}`]);
  const rows = await ctx.db.read(
    ctx.db.build
      .selectFrom('alertSendings')
      .select(['id', 'channel', 'words', 'at', 'state', 'trouble', 'doneAt'])
      .where('userId', '=', userId)
      .orderBy('createdAt', 'desc')
      .orderBy('at', 'desc')
      .orderBy('id')
      .limit(MOST),
  );
  return {
    rules,
    quiet: await quietHoursOf(ctx.db, userId),
    channels: await channelChoices(ctx.db, ctx.actor),
    troubles: (await troubles(ctx.db))
      .filter(({ channel }) => own.has(channel))
      .map(({ channel, trouble, since }) => ({ channel, trouble, since: new Date(since).toISOString() })),
    told: rows.map(({ words, at, doneAt, state, ...row }) => {
      const { title, level, path } = asSeen(JSON.parse(words) as Words, role);
      return {
        ...{ ...row, title, level, path, state: state as ToldView['state'] },
        at: new Date(at).toISOString(),
        doneAt: doneAt === null ? null : new Date(doneAt).toISOString(),
      };
    }),
  };
}

/** Tries the bell or the mailbox of whoever asks, and says what came of it. @throws RefusedError 422, 502 */
export async function testOwnChannel(
  ctx: PersonCtx,
  { channel }: { readonly channel: 'bell' | 'mail' },
): Promise<{ words: string }> {
  authorise(ctx.actor, 'alerts:own');
  const { id: userId, email } = ctx.actor;
  const now = ctx.clock.now();
  if (channel === BELL) {
    const notice = { id: `test/${ctx.requestId}`, userId, kind: 'alert', createdAt: now };
    await ctx.db.write([
      ctx.db.build
        .insertInto('notices')
        .values({ ...notice, words: 'A test of the bell', path: '/settings/alerts' }),
      ...announced('notices', [userId], now),
    ]);
    return { words: 'The bell has rung. Look at the top of the page.' };
  }
  try {
    const said = await sendMail(ctx, {
      ...{ id: `test-${ctx.requestId}`, to: email, subject: 'A test of Flightdeck' },
      text: 'You have tried whether alerts of Flightdeck arrive here. They do.',
    });
    await ctx.db.write([working(ctx.db, `${MAIL}/${userId}`)]);
    return {
      words: `The mail server took a message for ${email}${said ? ` and said: ${said}` : '.'} Look whether it arrived.`,
    };
  } catch (error) {
    throw asRefusal(error);
  }
}

/** Has what waits for a channel tried at once. */
export async function retryChannel(ctx: PersonCtx, { channel }: { readonly channel: string }): Promise<void> {
  authorise(ctx.actor, 'settings:write');
  await tryAgain(ctx, channel);
  await ctx.db.write(announced('alerts', [channel], ctx.clock.now()));
}
