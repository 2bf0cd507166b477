import { ConnectorError } from '@/lib/connectors/types';
import { connectorRows, using } from '../connectors/rows';
import type { Ctx } from '../ctx';
import { sendMail } from './mail-server';

/** Where a message goes: somebody's mailbox, or a messenger of the team. */
export type Channel =
  | { readonly kind: 'mail'; readonly to: string }
  | { readonly kind: 'connector'; readonly id: string };

export interface Message {
  /** The same however often it is sent. */
  readonly id: string;
  readonly title: string;
  /** Plain, as mail has it. */
  readonly text: string;
  /** As mail has it, where it has one. */
  readonly html?: string;
  /** As messengers have it. */
  readonly markdown: string;
  /** What a machine may want to know besides; of a webhook alone. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Sends a message, once. @throws ConnectorError with what the other side said */
export async function deliver(
  ctx: Pick<Ctx, 'db' | 'keys' | 'env' | 'clock'>,
  channel: Channel,
  { id, title, text, html, markdown, facts }: Message,
): Promise<void> {
  if (channel.kind === 'mail') {
    await sendMail(ctx, {
      id,
      to: channel.to,
      subject: title,
      text,
      ...(html === undefined ? {} : { html }),
    });
    return;
  }
  const row = (await connectorRows(ctx.db)).find((one) => one.id === channel.id);
  if (!row || row.removedAt !== null || row.takesAlerts !== 1)
    throw new ConnectorError('refused', 'The channel was removed, or takes no alerts any more.');
  await using(ctx, row, (connector) =>
    connector.make({ id, title, body: markdown, ...(facts === undefined ? {} : { facts }) }),
  );
}
