import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { rememberingReads } from '@/lib/store/postgres-memory';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A server `lineMs` away that needs `workMs` for an answer, whose data change when it is told so. */
function server(lineMs: number, workMs: number) {
  const state = { version: 1, asked: [] as string[] };
  const read = rememberingReads(async <Row>({ sql }: { sql: string }) => {
    const isVersion = sql.includes('pg_current_snapshot');
    state.asked.push(isVersion ? 'version' : 'rows');
    const given = { version: String(state.version) };
    await vi.advanceTimersByTimeAsync(lineMs + (isVersion ? 0 : workMs));
    return [given] as Row[];
  });
  return {
    state,
    /** What was asked of the server for one read. */
    async read() {
      state.asked = [];
      await read({ sql: 'select "id" from "apps"', params: [] });
      return state.asked.join(' ');
    },
  };
}

it('asks for a dear answer once, as long as nothing has changed', async () => {
  const { read, state } = server(0.2, 5);
  expect(await read()).toBe('rows');
  expect(await read()).toBe('version rows');
  expect([await read(), await read()]).toEqual(['version', 'version']);
  state.version += 1;
  expect([await read(), await read()]).toEqual(['version rows', 'version']);
});

it('does not take a long line for a dear answer', async () => {
  const { read } = server(6, 0.3);
  expect(await read()).toBe('rows');
  // The question for the version is as far away.
  expect(await read()).toBe('version rows');
  const more: string[] = [];
  for (let nth = 0; nth < 20; nth += 1) more.push(await read());
  expect(more.filter((asked) => asked === 'version')).toHaveLength(20);
});

it('gives up on what changes all the time, and finds it dear anew when it rests', async () => {
  const { read, state } = server(6, 0.3);
  const seen: string[] = [];
  for (let nth = 0; nth < 30; nth += 1) {
    state.version += 1;
    seen.push(await read());
  }
  expect(seen.filter((asked) => asked === 'version rows')).toHaveLength(8);
  expect(seen.slice(10)).toEqual(Array(20).fill('rows'));
});
