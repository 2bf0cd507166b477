import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { Clock } from '../time/clock';
import type { IdSource } from './ids';
import type { Resource } from './resource';
import type { Store } from './store';

const TIMEOUT_MS = 10_000;
const RETRY_MS = 1_000;
const KEPT_BODY = 2_000;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

export interface Event {
  appId: string;
  eventType: string;
  attributes: Record<string, unknown>;
  instance: { type: string; id: string };
}

interface Answer {
  status: number;
  body: string;
}

/** How deliveries go wrong; nothing does unless it is asked for. */
export interface Manners {
  /** Every so-manieth request is lost on the way; 0: none. */
  loseEvery: number;
  /** How often each request is sent once more. */
  repeats: number;
  /** What comes within so many ms of real time goes out together, the last first; 0: each at once. */
  holdMs: number;
  /** How often what failed is tried again, a second of real time apart. Apple documents no retries. */
  retries: number;
}

/** The value of `x-apple-signature` for a body: `hmacsha256=` and 64 hexadecimal digits. */
export function sign(secret: string, body: string): string {
  return `hmacsha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

function camel(eventType: string): string {
  return eventType.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Sends signed notifications and keeps the delivery log; never leaves the loopback interface. */
export class Webhooks {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #baseUrl: () => string;
  readonly #underway = new Set<Promise<void>>();
  readonly manners: Manners = { loseEvery: 0, repeats: 0, holdMs: 0, retries: 0 };
  #sent = 0;
  #held: (() => void)[] = [];

  constructor(store: Store, clock: Clock, ids: IdSource, baseUrl: () => string) {
    this.#store = store;
    this.#clock = clock;
    this.#ids = ids;
    this.#baseUrl = baseUrl;
  }

  /** Tells every enabled webhook of the app that listens to this kind of event. */
  emit(event: Event): void {
    const app = this.#store.get('apps', event.appId);
    if (!app) return;
    for (const webhook of this.#store.related(app, 'webhooks')) {
      const { enabled, eventTypes } = webhook.attributes;
      if (enabled !== true || !Array.isArray(eventTypes) || !eventTypes.includes(event.eventType)) continue;
      this.#send(webhook, event.eventType, this.#payload(event), false, false);
    }
  }

  /** Sends the test event; it goes out whether or not the webhook is enabled. */
  ping(webhook: Resource): void {
    const payload = (id: string): string =>
      JSON.stringify({
        data: { type: 'webhookPingCreated', id, version: 1, attributes: { timestamp: this.#clock.iso() } },
      });
    this.#send(webhook, null, payload, true, false);
  }

  /** Sends the stored payload of a delivery again, as a new delivery of the same event. */
  redeliver(delivery: Resource): Resource {
    const webhook = this.#store.relatedOne(delivery, 'webhook');
    const event = this.#store.relatedOne(delivery, 'event');
    if (!webhook || !event) throw new Error(`delivery ${delivery.id} has lost its webhook or event`);
    return this.#deliver(webhook, event, true);
  }

  /** Resolves when nothing is being delivered. */
  async idle(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway);
  }

  #payload(event: Event): (id: string) => string {
    const { type, id: instanceId } = event.instance;
    const links = { self: `${this.#baseUrl()}/v1/${type}/${instanceId}` };
    const instance = type.startsWith('backgroundAsset')
      ? { type, id: instanceId, links }
      : { data: { type, id: instanceId }, links };
    return (id) =>
      JSON.stringify({
        data: {
          type: camel(event.eventType),
          id,
          version: 1,
          attributes: { ...event.attributes, timestamp: this.#clock.iso() },
          relationships: { instance },
        },
      });
  }

  #send(
    webhook: Resource,
    eventType: string | null,
    payload: (id: string) => string,
    isPing: boolean,
    isAgain: boolean,
  ): Resource {
    const id = this.#fresh('webhookEvents');
    const event = this.#store.insert({
      type: 'webhookEvents',
      id,
      appId: webhook.appId,
      attributes: { eventType, payload: payload(id), ping: isPing, createdDate: this.#clock.iso() },
      relationships: {},
    });
    return this.#deliver(webhook, event, isAgain);
  }

  #fresh(type: string): string {
    return this.#ids.fresh(type, (id) => this.#store.peek(type, id) !== undefined);
  }

  #deliver(webhook: Resource, event: Resource, redelivery: boolean): Resource {
    const url = String(webhook.attributes.url);
    const now = this.#clock.iso();
    const delivery = this.#store.insert({
      type: 'webhookDeliveries',
      id: this.#fresh('webhookDeliveries'),
      appId: webhook.appId,
      attributes: { createdDate: now, sentDate: now, deliveryState: 'PENDING', redelivery, request: { url } },
      relationships: { webhook: webhook.id, event: event.id },
    });
    const secret = String(webhook.attributes.secret);
    const underway = this.#carry(url, secret, String(event.attributes.payload))
      .then(
        (answer) => this.#settle(delivery, answer, null),
        (error: Error) => this.#settle(delivery, null, error.message),
      )
      .finally(() => this.#underway.delete(underway));
    this.#underway.add(underway);
    return delivery;
  }

  #settle(delivery: Resource, answer: Answer | null, failure: string | null): void {
    if (!this.#store.peek(delivery.type, delivery.id)) return;
    const succeeded = answer !== null && answer.status >= 200 && answer.status < 300;
    const errorMessage = failure ?? (succeeded ? null : `The server answered ${answer?.status}`);
    this.#store.update(delivery, {
      deliveryState: succeeded ? 'SUCCEEDED' : 'FAILED',
      errorMessage,
      response: answer ? { httpStatusCode: answer.status, body: answer.body } : null,
    });
  }

  /** One delivery with whatever goes wrong on the way; the last answer counts. */
  async #carry(url: string, secret: string, body: string): Promise<Answer> {
    const { loseEvery, repeats, retries } = this.manners;
    await this.#turn();
    for (let tries = 0; ; tries += 1) {
      this.#sent += 1;
      const isLost = loseEvery > 0 && this.#sent % loseEvery === 0;
      try {
        if (isLost) throw new Error('The request was lost on the way');
        let answer = await this.#post(url, secret, body);
        for (let again = 0; again < repeats; again += 1) answer = await this.#post(url, secret, body);
        if (answer.status < 300 || tries >= retries) return answer;
      } catch (error) {
        if (tries >= retries) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** Waits for those that are sent together, of which the last goes first. */
  #turn(): Promise<void> {
    const { holdMs } = this.manners;
    if (holdMs === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#held.push(resolve);
      if (this.#held.length > 1) return;
      setTimeout(() => {
        const held = this.#held.reverse();
        this.#held = [];
        for (const go of held) go();
      }, holdMs);
    });
  }

  #post(url: string, secret: string, body: string): Promise<Answer> {
    const target = new URL(url);
    if (!LOOPBACK.has(target.hostname) || target.protocol !== 'http:')
      return Promise.reject(new Error('The sandbox delivers to http addresses on this machine only'));
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'AppStoreConnect-Webhooks',
      'x-apple-signature': sign(secret, body),
    };
    return new Promise((resolve, reject) => {
      const sent = request(target, { method: 'POST', headers, timeout: TIMEOUT_MS }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          if (text.length < KEPT_BODY) text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: text.slice(0, KEPT_BODY) }),
        );
        response.on('error', reject);
      });
      sent.on('timeout', () => sent.destroy(new Error(`No answer within ${TIMEOUT_MS / 1000} seconds`)));
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
