import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAttempts } from '@/tests/factories/sandbox-attempts';
import { codesOf, openSandbox, type TestSandbox } from './sandbox-client';
import { complaints, operations } from './sandbox-judge';

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await openSandbox();
});

beforeEach(() => sandbox.reset());

afterAll(() => sandbox.close());

function store() {
  return sandbox.parts().world.store;
}

const attempts = createAttempts({ parts: () => sandbox.parts() });

const writes = operations
  .filter(({ method }) => method !== 'GET')
  .map((row) => ({ ...row, name: `${row.method} ${row.path}` }));

describe('every published write', () => {
  test('has an attempt in the table', () => {
    expect(Object.keys(attempts).sort()).toEqual(writes.map(({ name }) => name).sort());
  });

  test.each(writes)(
    '$name is carried out and answers as published',
    async ({ name, method, path, operation }) => {
      const attempt = attempts[name]?.() ?? {};
      const before = store().changes;
      const answer = await sandbox.call(
        method,
        path.replace('{id}', encodeURIComponent(attempt.id ?? '')),
        attempt.body,
      );
      expect(complaints(operation, answer.status, answer.body)).toEqual([]);
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      const leavesNoTrace = ['POST /v1/buildBetaNotifications'].includes(name);
      if (!leavesNoTrace) expect(store().changes).toBeGreaterThan(before);
      if (method === 'DELETE' && !path.includes('relationships')) {
        const again = await sandbox.call(
          'DELETE',
          path.replace('{id}', encodeURIComponent(attempt.id ?? '')),
        );
        expect(again.status).toBe(404);
      }
    },
  );

  test.each(writes.filter(({ operation }) => operation.body !== null))(
    '$name refuses a body of the wrong form and changes nothing',
    async ({ name, method, path, operation }) => {
      const { id } = attempts[name]?.() ?? {};
      const url = path.replace('{id}', encodeURIComponent(id ?? ''));
      const before = store().changes;
      const empty = await sandbox.call(method, url, {});
      expect(empty.status).toBe(422);
      expect(complaints(operation, 422, empty.body)).toEqual([]);
      expect(empty.body.errors[0]).toMatchObject({
        code: 'ENTITY_UNPROCESSABLE',
        source: { pointer: '/data' },
      });
      const broken = await sandbox.call(method, url, '{"data":');
      expect([broken.status, codesOf(broken)]).toEqual([400, ['ENTITY_INVALID']]);
      expect(store().changes).toBe(before);
    },
  );
});
