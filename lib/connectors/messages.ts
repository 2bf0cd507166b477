import { createHmac } from 'node:crypto';
import { refusalOf, saidBy } from './answers';
import type { Incoming, Send } from './outgoing';
import { asCard, asSlack, clipped } from './text';
import type { Connector, Item, Settings } from './types';
import { ConnectorError } from './types';

/** What of a message may be sent in a test. */
const TEST = {
  title: 'A test of Flightdeck',
  body: 'Somebody tries whether messages of Flightdeck arrive here.',
};
const TEST_ID = '00000000-0000-4000-8000-000000000000';

/** A message is sent and cannot be looked for; what went wrong behind the sending leaves it unsure. */
function messenger(who: string, post: (item: Item) => Promise<Incoming>): Connector {
  const make = async (item: Item) => {
    const answer = await post(item);
    if (answer.status >= 200 && answer.status < 300) {
      if (/<html|<!doctype/i.test(answer.text.slice(0, 2_000)))
        throw new ConnectorError(
          'unsure',
          `The answer is not one of ${who} but a page, maybe of a proxy between.`,
        );
      return null;
    }
    const said = typeof answer.json === 'object' && answer.json !== null ? null : saidBy([answer.text]);
    const reasons = (body: Readonly<Record<string, unknown>>) => [
      body.message,
      typeof body.error === 'string'
        ? body.error
        : (body.error as { message?: unknown } | undefined)?.message,
    ];
    const refusal = refusalOf(answer, { who, reasons, isWrite: true });
    const more = said && said.length < 120 && !said.includes('<') ? ` It says: ${said}` : '';
    const isGone = answer.status === 404 || answer.status === 410;
    const words = isGone
      ? `${who} knows no such address: it was removed, or is not written right. Enter a new one.`
      : refusal.message;
    throw new ConnectorError(refusal.kind, `${words}${more}`, refusal.afterMs);
  };
  return {
    make,
    async check() {
      await make({ id: TEST_ID, ...TEST });
      return 'A test message was sent. Look whether it arrived.';
    },
  };
}

/** A title holds no markup. */
const quotedTitle = (title: string) => title.slice(0, 300).replace(/[!-/:-@[-`{-~]/g, '\\$&');

const JSON_BODY = { 'content-type': 'application/json' };

/** Messages to a Slack channel by an incoming webhook: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks (from memory, 2026-11-29). */
export function slack({ secret }: Settings, send: Send): Connector {
  return messenger('Slack', ({ title, body }) =>
    send({
      ...{ method: 'POST', url: secret, headers: JSON_BODY },
      body: JSON.stringify({
        text: asSlack(quotedTitle(title)),
        blocks: [
          { type: 'header', text: { type: 'plain_text', text: title.slice(0, 150), emoji: false } },
          ...sections(body).map((text) => ({
            type: 'section',
            text: { type: 'mrkdwn', text, verbatim: true },
          })),
        ],
        unfurl_links: false,
        unfurl_media: false,
      }),
    }),
  );
}

/** A section has at most 3,000 characters; a message so many of them that people read it. */
const SECTION = 3_000;

function sections(body: string): string[] {
  const text = asSlack(clipped(body, 2_400));
  return text.trim() === '' ? [] : [text.length <= SECTION ? text : `${text.slice(0, SECTION - 1)}…`];
}

/** Messages to a channel of Teams by a workflow: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors (from memory, 2026-11-29). */
export function teams({ secret }: Settings, send: Send): Connector {
  return messenger('Teams', ({ title, body }) =>
    send({
      ...{ method: 'POST', url: secret, headers: JSON_BODY },
      body: JSON.stringify({
        type: 'message',
        attachments: [
          {
            contentType: 'application/vnd.microsoft.card.adaptive',
            contentUrl: null,
            content: {
              $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
              type: 'AdaptiveCard',
              version: '1.4',
              body: [
                {
                  type: 'TextBlock',
                  size: 'Medium',
                  weight: 'Bolder',
                  wrap: true,
                  text: asCard(quotedTitle(title)),
                },
                { type: 'TextBlock', wrap: true, text: asCard(clipped(body, 15_000)) },
              ],
            },
          },
        ],
      }),
    }),
  );
}

/**
 * Any address: the item as JSON, signed. `Flightdeck-Signature: t=<seconds>,v1=<HMAC-SHA256 of "t.body", hexadecimal>`;
 * `Flightdeck-Delivery` is the same for one item however often it comes.
 */
export function webhook({ baseUrl, secret }: Settings, send: Send, now: () => number): Connector {
  return messenger('The server', ({ id, title, body, facts }) => {
    const text = JSON.stringify({ id, title, body, ...facts });
    const seconds = Math.floor(now() / 1_000);
    return send({
      ...{ method: 'POST', url: baseUrl, body: text },
      headers: {
        ...JSON_BODY,
        'flightdeck-delivery': id,
        'flightdeck-signature': signatureOf(secret, seconds, text),
      },
    });
  });
}

/** What a receiver compares with what it reckons itself. */
export function signatureOf(secret: string, seconds: number, text: string): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${text}`).digest('hex')}`;
}
