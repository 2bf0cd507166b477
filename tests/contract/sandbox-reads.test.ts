import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codesOf, openSandbox, type TestSandbox } from './sandbox-client';
import { complaints, operations } from './sandbox-judge';

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await openSandbox();
  const [app] = sandbox.parts().shelves.apps;
  const attributes = {
    name: 'Hook',
    url: 'http://127.0.0.1:9/hook',
    secret: 's',
    enabled: true,
    eventTypes: ['BUILD_UPLOAD_STATE_UPDATED'],
  };
  const relationships = { app: { data: { type: 'apps', id: app } } };
  const hook = await sandbox.call('POST', '/v1/webhooks', {
    data: { type: 'webhooks', attributes, relationships },
  });
  const webhook = { data: { type: 'webhooks', id: hook.body.data.id } };
  await sandbox.call('POST', '/v1/webhookPings', {
    data: { type: 'webhookPings', relationships: { webhook } },
  });
  await sandbox.control('GET', 'webhooks');
});

afterAll(() => sandbox.close());

const reads = operations.filter(({ method }) => method === 'GET');

/** Values for parameters that an operation insists on. */
const REQUIRED: Readonly<Record<string, (id: string) => string>> = {
  'filter[app]': () => sandbox.parts().shelves.apps[0] ?? '',
  'filter[build]': () => submitted(),
  'filter[apps]': (testerId) => sandbox.parts().world.store.get('betaTesters', testerId)?.appId ?? '',
};

function submitted(): string {
  const [submission] = sandbox.parts().world.store.all('betaAppReviewSubmissions').values();
  return String(submission?.relationships.build);
}

/** A query that asks for everything the operation offers to show. */
function fullQuery(operation: (typeof reads)[number]['operation'], id: string): string {
  const params = new URLSearchParams();
  for (const [name, fact] of Object.entries(operation.query)) {
    const required = REQUIRED[name];
    if (fact.required && required) params.set(name, required(id));
    else if (name === 'include') params.set(name, (fact.enum ?? []).join(','));
    else if (name === 'groupBy') params.set(name, 'betaTesters');
    else if (name === 'sort') params.set(name, fact.enum?.at(-1) ?? '');
    else if (name.startsWith('limit')) params.set(name, String(fact.maximum));
  }
  return params.toString();
}

function idsFor(path: string): string[] {
  const type = path.split('/')[2] ?? '';
  if (!path.includes('{id}')) return [''];
  const known = type === 'betaCrashLogs' ? 'betaFeedbackCrashSubmissions' : type;
  return [...sandbox.parts().world.store.all(known).keys()].slice(0, 80);
}

function isFilled(body: { data?: unknown; productData?: unknown[] }): boolean {
  const { data, productData } = body;
  return Array.isArray(data) ? data.length > 0 : data !== undefined || (productData?.length ?? 0) > 0;
}

describe('every published read', () => {
  test.each(reads)('GET $path answers with real data that validates', async ({ path, operation }) => {
    const seen: string[] = [];
    let filled = false;
    for (const id of idsFor(path)) {
      const url = `${path.replace('{id}', encodeURIComponent(id))}?${fullQuery(operation, id)}`;
      const answer = await sandbox.call('GET', url);
      seen.push(`${answer.status} ${codesOf(answer).join()}`);
      expect(complaints(operation, answer.status, answer.body), url).toEqual([]);
      expect([200, 404]).toContain(answer.status);
      filled = answer.status === 200 && isFilled(answer.body);
      if (filled) break;
    }
    expect(filled, `nothing but ${[...new Set(seen)].join('; ')}`).toBe(true);
  });

  test.each(reads)(
    'GET $path refuses a parameter that Apple does not publish',
    async ({ path, operation }) => {
      const [id = ''] = idsFor(path);
      const answer = await sandbox.call(
        'GET',
        `${path.replace('{id}', encodeURIComponent(id))}?filter%5Bshoe%5D=1`,
      );
      expect(answer.status).toBe(400);
      expect(complaints(operation, 400, answer.body)).toEqual([]);
      expect(answer.body.errors[0]).toMatchObject({
        code: 'PARAMETER_ERROR.ILLEGAL',
        detail: "'shoe' is not a valid filter type",
        source: { parameter: 'filter[shoe]' },
      });
    },
  );

  test.each(reads.filter(({ path }) => path.includes('{id}')))(
    'GET $path says 404 for an id that does not exist',
    async ({ path, operation }) => {
      const required = operation.query['filter[apps]'] ? '?filter%5Bapps%5D=1' : '';
      const answer = await sandbox.call('GET', path.replace('{id}', 'no-such-id') + required);
      expect(answer.status).toBe(404);
      expect(complaints(operation, 404, answer.body)).toEqual([]);
    },
  );
});
