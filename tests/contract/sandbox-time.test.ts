import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Resource } from '@/lib/sandbox/engine/resource';
import { type Answer, openSandbox, type TestSandbox } from './sandbox-client';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Delivery {
  signature: string;
  body: string;
}

let sandbox: TestSandbox;
let app: Resource;
let receiver: Server;
let received: Delivery[] = [];

beforeAll(async () => {
  sandbox = await openSandbox();
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ signature: String(request.headers['x-apple-signature']), body });
      response.writeHead(request.url === '/broken' ? 500 : 202).end('noted');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => {
  sandbox.reset();
  received = [];
  const [first] = sandbox.parts().world.store.all('apps').values();
  if (!first) throw new Error('no app');
  app = first;
});

afterAll(async () => {
  receiver.close();
  await sandbox.close();
});

const step = (ms: number) => sandbox.control('POST', 'clock/step', { ms });
const store = () => sandbox.parts().world.store;

async function addWebhook(path = '/', enabled = true): Promise<string> {
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}${path}`;
  const eventTypes = [
    'BETA_FEEDBACK_CRASH_SUBMISSION_CREATED',
    'BUILD_BETA_DETAIL_EXTERNAL_BUILD_STATE_UPDATED',
  ];
  const answer = await sandbox.call('POST', '/v1/webhooks', {
    data: {
      type: 'webhooks',
      attributes: { name: 'Hook', url, secret: 'This is my secret', enabled, eventTypes },
      relationships: { app: { data: { type: 'apps', id: app.id } } },
    },
  });
  expect(answer.body.data.attributes).not.toHaveProperty('secret');
  return answer.body.data.id;
}

function crash(fields: Record<string, unknown> = {}): Promise<Answer> {
  return sandbox.control('POST', 'events', { kind: 'feedback', appId: app.id, type: 'crash', ...fields });
}

describe('time', () => {
  test('brings feedback, joins and builds, the same each time it is stepped', async () => {
    const twoDaysOn = async () => {
      sandbox.reset();
      await step(2 * DAY_MS);
      return (await sandbox.control('GET', 'counts')).body;
    };
    const before = (await sandbox.control('GET', 'counts')).body;
    const first = await twoDaysOn();
    for (const type of ['betaFeedbackCrashSubmissions', 'betaTesters', 'builds'])
      expect(first.types[type], type).toBeGreaterThan(before.types[type]);
    expect(await twoDaysOn()).toEqual(first);
  });

  test('dates what it brings when it was due, not when somebody looked', async () => {
    const path = `/v1/apps/${app.id}/betaFeedbackCrashSubmissions?sort=-createdDate&limit=200`;
    const earlier = await sandbox.call('GET', path);
    await step(3 * DAY_MS);
    const now = Date.parse((await sandbox.control('GET', 'clock')).body.now);
    const { body } = await sandbox.call('GET', path);
    const dates: number[] = body.data.map((one: { attributes: { createdDate: string } }) =>
      Date.parse(one.attributes.createdDate),
    );
    expect(dates.length).toBeGreaterThan(earlier.body.data.length);
    expect(dates).toEqual([...dates].sort((a, b) => b - a));
    expect(now - (dates[0] ?? 0)).toBeLessThan(DAY_MS);
    expect(new Set(dates.slice(0, 4)).size).toBe(4);
  });

  test('makes an invited tester accept and install', async () => {
    const states = (): unknown[] =>
      store()
        .related(app, 'betaTesters')
        .map((tester) => tester.attributes.state);
    const group = store()
      .related(app, 'betaGroups')
      .find((one) => one.attributes.publicLinkEnabled === true);
    for (let n = 0; n < 6; n += 1)
      await sandbox.call('POST', '/v1/betaTesters', {
        data: {
          type: 'betaTesters',
          attributes: { email: `person${n}@example.com` },
          relationships: { betaGroups: { data: [{ type: 'betaGroups', id: group?.id }] } },
        },
      });
    const installed = () => states().filter((one) => one === 'INSTALLED').length;
    const before = installed();
    await step(6 * HOUR_MS);
    expect(installed()).toBeGreaterThan(before);
  });

  test('makes figures grow', async () => {
    const sessions = async () => {
      const path = `/v1/apps/${app.id}/metrics/betaTesterUsages?groupBy=betaTesters&period=P365D&limit=200`;
      const { body } = await sandbox.call('GET', path);
      expect(body.links.self).toContain('period=PT8760H');
      return body.data.reduce(
        (sum: number, row: { dataPoints: { values: { sessionCount: number } }[] }) =>
          sum + (row.dataPoints[0]?.values.sessionCount ?? 0),
        0,
      );
    };
    const before = await sessions();
    expect(before).toBeGreaterThan(0);
    await step(10 * DAY_MS);
    expect(await sessions()).toBeGreaterThan(before);
  });

  test('ends the life of screenshot addresses', async () => {
    const list = await sandbox.call('GET', `/v1/apps/${app.id}/betaFeedbackScreenshotSubmissions?limit=1`);
    const [picture] = list.body.data[0].attributes.screenshots;
    const fresh = await fetch(picture.url);
    expect([fresh.status, fresh.headers.get('content-type')]).toEqual([200, 'image/png']);
    const bytes = Buffer.from(await fresh.arrayBuffer());
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([picture.width, picture.height]);
    expect((await fetch(picture.url.replace(/signature=./, 'signature=_'))).status).toBe(403);
    await step(16 * DAY_MS);
    expect((await fetch(picture.url)).status).toBe(403);
  });
});

describe('metrics', () => {
  test('per tester want a grouping or a tester, and list only who did something', async () => {
    const base = `/v1/apps/${app.id}/metrics/betaTesterUsages`;
    const bare = await sandbox.call('GET', base);
    expect([bare.status, bare.body.errors[0].source]).toEqual([400, { parameter: 'groupBy' }]);
    const [tester] = store()
      .related(app, 'betaTesters')
      .filter((one) => one.attributes.state === 'INVITED');
    const quiet = await sandbox.call('GET', `${base}?filter%5BbetaTesters%5D=${tester?.id}`);
    expect(quiet.body.data).toEqual([]);
    await sandbox.control('POST', 'events', { kind: 'use', testerId: tester?.id, sessionCount: 3 });
    const busy = await sandbox.call('GET', `${base}?filter%5BbetaTesters%5D=${tester?.id}`);
    expect(busy.body.data[0]).toMatchObject({
      dimensions: { betaTesters: { data: { type: 'betaTesters', id: tester?.id } } },
      dataPoints: [{ values: { sessionCount: 3, crashCount: 0, feedbackCount: 0 } }],
    });
    expect(busy.body.data[0].dataPoints[0].start).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  describe('of builds', () => {
    const usageOf = async (id: string) => {
      const { body } = await sandbox.call('GET', `/v1/builds/${id}/metrics/betaBuildUsages`);
      return body.data[0].dataPoints[0].values as Record<string, number>;
    };
    const builds = () => store().related(app, 'builds');

    test('are together what the testers did, and differ', async () => {
      const each = await Promise.all(builds().map(({ id }) => usageOf(id)));
      const sum = (name: string) => each.reduce((total, values) => total + (values[name] ?? 0), 0);
      const path = `/v1/apps/${app.id}/metrics/betaTesterUsages?groupBy=betaTesters&period=P90D&limit=200`;
      const { body } = await sandbox.call('GET', path);
      expect(body.links.next).toBeUndefined();
      const all = (name: string) =>
        body.data.reduce(
          (total: number, row: { dataPoints: { values: Record<string, number> }[] }) =>
            total + (row.dataPoints[0]?.values[name] ?? 0),
          0,
        );
      expect(sum('sessionCount')).toBe(all('sessionCount'));
      expect(sum('crashCount')).toBe(all('crashCount'));
      expect(each.filter(({ sessionCount = 0 }) => sessionCount > 0).length).toBeGreaterThan(1);
    });

    test('count an installation on when its device is given another build', async () => {
      const [tester] = store()
        .related(app, 'betaTesters')
        .filter((one) => one.attributes.state === 'INSTALLED');
      const [device] = (tester?.attributes.appDevices ?? []) as { appBuildVersion: string }[];
      const [was] = builds().filter(({ attributes }) => attributes.version === device?.appBuildVersion);
      if (!tester || !was) throw new Error('Nobody has a build.');
      const before = await Promise.all(builds().map(async ({ id }) => (await usageOf(id)).installCount ?? 0));
      const fresh = await sandbox.control('POST', 'events', { kind: 'upload', appId: app.id });
      await sandbox.control('POST', 'events', { kind: 'finish-processing', buildId: fresh.body.id });
      const path = `/v1/builds/${fresh.body.id}/relationships/individualTesters`;
      await sandbox.call('POST', path, { data: [{ type: 'betaTesters', id: tester.id }] });
      await sandbox.control('POST', 'events', { kind: 'install', testerId: tester.id });
      expect((await usageOf(fresh.body.id)).installCount).toBe(1);
      const after = await Promise.all(
        builds()
          .filter(({ id }) => id !== fresh.body.id)
          .map(async ({ id }) => (await usageOf(id)).installCount ?? 0),
      );
      expect(after.toSorted()).toEqual(before.toSorted());
    });

    test('count what happened in them, as late as is set', async () => {
      const [one, other] = builds();
      const [tester] = store().related(app, 'betaTesters');
      if (!one || !other || !tester) throw new Error('The programme has too little.');
      const use = (buildId: string) =>
        sandbox.control('POST', 'events', {
          ...{ kind: 'use', testerId: tester.id, buildId, sessionCount: 3, crashCount: 2 },
        });
      const [before, others] = [await usageOf(one.id), await usageOf(other.id)];
      await use(one.id);
      const after = await usageOf(one.id);
      expect(after.sessionCount).toBe((before.sessionCount ?? 0) + 3);
      expect(after.crashCount).toBe((before.crashCount ?? 0) + 2);
      expect(await usageOf(other.id)).toEqual(others);
      await sandbox.control('POST', 'settings', { usageDelayMs: 2 * HOUR_MS });
      await use(other.id);
      const late = await usageOf(other.id);
      await step(3 * HOUR_MS);
      expect((await usageOf(other.id)).crashCount).toBeGreaterThanOrEqual((late.crashCount ?? 0) + 2);
    });
  });

  test('of a link count who looked, who came and why others did not', async () => {
    const group = store()
      .related(app, 'betaGroups')
      .find((one) => one.attributes.publicLinkEnabled === true);
    const read = async () =>
      (await sandbox.call('GET', `/v1/betaGroups/${group?.id}/metrics/publicLinkUsages`)).body.data[0]
        .dataPoints[0].values;
    const before = await read();
    await sandbox.control('POST', 'events', {
      kind: 'visit',
      groupId: group?.id,
      outcome: 'didNotAcceptCount',
      reason: 'notClear',
    });
    const after = await read();
    expect(after.viewCount).toBe(before.viewCount + 1);
    expect(after.didNotAcceptCount).toBe(before.didNotAcceptCount + 1);
    expect(after.notClearRatio).toBeGreaterThan(before.notClearRatio);
  });
});

describe('webhooks', () => {
  test('are signed over the raw body and leave a delivery that can be repeated', async () => {
    const id = await addWebhook();
    const made = await crash({ logText: 'Thread 0 crashed', attributes: { comment: 'It fell over' } });
    await sandbox.control('GET', 'webhooks');
    const [delivery] = received;
    const expected = createHmac('sha256', 'This is my secret')
      .update(delivery?.body ?? '')
      .digest('hex');
    expect(delivery?.signature).toBe(`hmacsha256=${expected}`);
    const { data } = JSON.parse(delivery?.body ?? '{}');
    expect(data).toMatchObject({
      type: 'betaFeedbackCrashSubmissionCreated',
      version: 1,
      relationships: { instance: { data: { type: 'betaFeedbackCrashSubmissions', id: made.body.id } } },
    });
    const log = await sandbox.call('GET', `/v1/betaFeedbackCrashSubmissions/${made.body.id}/crashLog`);
    expect(log.body.data.attributes.logText).toBe('Thread 0 crashed');
    const deliveries = await sandbox.call('GET', `/v1/webhooks/${id}/deliveries?include=event`);
    expect(deliveries.body.data[0].attributes).toMatchObject({
      deliveryState: 'SUCCEEDED',
      redelivery: false,
      response: { httpStatusCode: 202, body: 'noted' },
    });
    expect(deliveries.body.included[0].attributes.payload).toBe(delivery?.body);
    const template = { data: { type: 'webhookDeliveries', id: deliveries.body.data[0].id } };
    await sandbox.call('POST', '/v1/webhookDeliveries', {
      data: { type: 'webhookDeliveries', relationships: { template } },
    });
    await sandbox.control('GET', 'webhooks');
    expect(received.map((one) => one.body)).toEqual([delivery?.body, delivery?.body]);
  });

  test('that answer with an error, are off or listen to something else, get no success', async () => {
    const id = await addWebhook('/broken');
    await addWebhook('/', false);
    await sandbox.control('POST', 'events', { kind: 'feedback', appId: app.id, type: 'screenshot' });
    await crash();
    await sandbox.control('GET', 'webhooks');
    expect(received).toHaveLength(1);
    const failed = await sandbox.call(
      'GET',
      `/v1/webhooks/${id}/deliveries?filter%5BdeliveryState%5D=FAILED`,
    );
    expect(failed.body.data[0].attributes.errorMessage).toBe('The server answered 500');
  });

  test('are lost, repeated, put out of order and tried again on request, and never otherwise', async () => {
    const id = await addWebhook();
    const states = async () =>
      (await sandbox.call('GET', `/v1/webhooks/${id}/deliveries`)).body.data.map(
        ({ attributes }: { attributes: { deliveryState: string } }) => attributes.deliveryState,
      );
    const idsOf = () => received.map(({ body }) => JSON.parse(body).data.relationships.instance.data.id);
    const sent = async (manners: object, times = 2) => {
      const neutral = { loseEvery: 0, repeats: 0, holdMs: 0, retries: 0 };
      expect((await sandbox.control('POST', 'webhook-manners', { ...neutral, ...manners })).status).toBe(200);
      received = [];
      const made: string[] = [];
      for (let n = 0; n < times; n += 1) made.push((await crash()).body.id);
      await sandbox.control('GET', 'webhooks');
      return made;
    };
    expect(await sent({})).toEqual(idsOf());
    const [one] = await sent({ repeats: 2 }, 1);
    expect(idsOf()).toEqual([one, one, one]);
    const inTurn = await sent({ holdMs: 300 }, 3);
    expect(idsOf()).toEqual(inTurn.toReversed());
    await sent({ loseEvery: 1 });
    expect(received).toEqual([]);
    expect((await states()).filter((state: string) => state === 'FAILED')).toHaveLength(2);
    await sent({ loseEvery: 2, retries: 1 }, 2);
    expect(received).toHaveLength(2);
    expect((await states()).filter((state: string) => state === 'FAILED')).toHaveLength(2);
    expect((await sandbox.control('POST', 'webhook-manners', { repeats: -1 })).status).toBe(400);
  });

  test('are at most ten per app, and never leave this machine', async () => {
    for (let n = 0; n < 10; n += 1) await addWebhook();
    const answer = await sandbox.call('POST', '/v1/webhooks', {
      data: {
        type: 'webhooks',
        attributes: {
          name: 'x',
          url: 'https://example.com/',
          secret: 's',
          enabled: true,
          eventTypes: ['BUILD_UPLOAD_STATE_UPDATED'],
        },
        relationships: { app: { data: { type: 'apps', id: app.id } } },
      },
    });
    expect(answer.status).toBe(409);
    const [hook] = store().related(app, 'webhooks');
    if (hook) store().update(hook, { url: 'https://example.com/hook' });
    await sandbox.call('POST', '/v1/webhookPings', {
      data: {
        type: 'webhookPings',
        relationships: { webhook: { data: { type: 'webhooks', id: hook?.id } } },
      },
    });
    await sandbox.control('GET', 'webhooks');
    const log = await sandbox.call('GET', `/v1/webhooks/${hook?.id}/deliveries`);
    expect(log.body.data[0].attributes).toMatchObject({
      deliveryState: 'FAILED',
      errorMessage: 'The sandbox delivers to http addresses on this machine only',
    });
  });
});
