import { can, type Role } from '@/lib/access/policy';
import { isTracker } from '@/lib/connectors/connector';
import { hasMailServer } from '../channels/mail-server';
import { connectorRows } from '../connectors/rows';
import type { Ctx } from '../ctx';

export const BELL = 'bell';
export const MAIL = 'mail';
/** `connector/<id>`: a messenger of the team. */
export const connectorOf = (channel: string): string | null =>
  channel.startsWith('connector/') ? channel.slice('connector/'.length) : null;

/** A channel that a person may have their alerts sent to. */
export interface ChannelChoice {
  readonly channel: string;
  readonly name: string;
  readonly kind: 'bell' | 'mail' | 'slack' | 'teams' | 'webhook';
  /** The one app it is for; null for all. */
  readonly app: { readonly accountId: string; readonly appId: string } | null;
  /** Why it cannot be chosen, in words; null when it can. */
  readonly problem: string | null;
}

/** Where somebody may have their alerts sent to. */
export async function channelChoices(
  db: Ctx['db'],
  { email, role }: { readonly email: string; readonly role: Role },
): Promise<ChannelChoice[]> {
  const isMailed = await hasMailServer(db);
  const own: ChannelChoice[] = [
    { channel: BELL, name: 'The bell, in every page', kind: 'bell', app: null, problem: null },
    {
      ...{ channel: MAIL, name: `E-mail to ${email}`, kind: 'mail', app: null },
      problem: isMailed ? null : 'No mail server is set up. An admin does that under Settings, Channels.',
    },
  ];
  if (!can(role, 'alerts:share')) return own;
  const rows = (await connectorRows(db)).filter(
    ({ kind, removedAt, takesAlerts }) => !isTracker(kind) && removedAt === null && takesAlerts === 1,
  );
  return [
    ...own,
    ...rows.map(
      ({ id, name, kind, accountId, appId }): ChannelChoice => ({
        ...{ channel: `connector/${id}`, name, kind: kind as 'slack' | 'teams' | 'webhook', problem: null },
        app: accountId === null || appId === null ? null : { accountId, appId },
      }),
    ),
  ];
}
