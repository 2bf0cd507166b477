import { afterEach, beforeEach, expect, it } from 'vitest';
import { announced } from '@/lib/store/feed';
import { type ApiBench, apiBench, ORIGIN } from '@/tests/factories/context';
import { dispatch } from '@/tests/factories/routes';

let bench: ApiBench;
let going: AbortController;
beforeEach(async () => {
  bench = await apiBench({ isMirrored: false });
  going = new AbortController();
});
afterEach(async () => {
  going.abort();
  await bench.close();
});

/** Opens the stream as a browser does; reads on until a text has come, or to its end. */
async function opened(role: 'viewer' | 'triager', query = '') {
  const response = await dispatch(
    new Request(`${ORIGIN}/api/stream${query}`, {
      headers: { cookie: bench.cookies[role], host: new URL(ORIGIN).host },
      signal: going.signal,
    }),
  );
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  const until = async (text: string | null) => {
    while (text === null || !heard.includes(text)) {
      const piece = await reader?.read();
      if (!piece || piece.done) return text === null;
      heard += piece.value;
    }
    return true;
  };
  return { response, until, heard: () => heard };
}

it('tells whoever may know what was changed, by kinds and ids, whoever wrote it', async () => {
  const { response, until, heard } = await opened('viewer');
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  expect(await until('event: ready')).toBe(true);
  // The store is listened to from its first look on; what was written before is nobody's news.
  const told = until('"topic":"feedback"');
  let isTold = false;
  void told.then(() => {
    isTold = true;
  });
  for (let nth = 0; !isTold; nth += 1) {
    await bench.db.write(announced('feedback', [`issue-${nth}`], Date.now()));
    await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 100))]);
  }
  expect(heard()).toMatch(/event: change\ndata: \{"topic":"feedback","ids":\["issue-\d+"/);
  expect(heard()).not.toContain('event: gap');
}, 60_000);

it('tells what changed since the page was made, and that anything may have where it was long ago', async () => {
  const now = Date.now();
  await bench.db.write([
    ...announced('mirror', ['builds'], now - 60_000),
    ...announced('mirror', ['betaGroups'], now - 1_000),
    ...announced('webhooks', ['r1'], now - 1_000),
  ]);
  const { until, heard } = await opened('viewer', `?since=${now - 2_000}`);
  expect(await until('event: change')).toBe(true);
  expect(heard()).toContain('data: {"topic":"mirror","ids":["betaGroups"]}');
  expect(heard()).toMatch(/event: ready\ndata: \{"at":\d+\}/);
  const longAway = await opened('viewer', `?since=${now - 3_600_000}`);
  expect(await longAway.until('event: gap')).toBe(true);
  expect((await opened('viewer', '?since=yesterday')).response.status).toBe(400);
}, 60_000);

it('ends when the session does', async () => {
  const { until } = await opened('triager');
  expect(await until('event: ready')).toBe(true);
  await bench.db.write([
    bench.db.build.updateTable('sessions').set({ revokedAt: 1 }).where('userId', '=', bench.users.triager.id),
  ]);
  expect(await until('event: over')).toBe(true);
  expect(await until(null)).toBe(true);
}, 60_000);

it('is refused without a session, and to a browser too many', async () => {
  expect((await bench.call('GET', '/api/stream', { as: null })).status).toBe(401);
  const open: Awaited<ReturnType<typeof opened>>[] = [];
  for (let nth = 0; nth < 12; nth += 1) open.push(await opened('triager'));
  expect(open.every(({ response }) => response.status === 200)).toBe(true);
  const { response } = await opened('triager');
  expect([response.status, Number(response.headers.get('retry-after')) > 0]).toEqual([429, true]);
  going.abort();
  for (const { until } of open) await until(null);
  going = new AbortController();
  expect((await opened('triager')).response.status).toBe(200);
}, 60_000);

it('knows who looks at an issue, and no more after they have left', async () => {
  const be = (as: 'viewer' | 'triager' | 'admin', place: string, isHere: boolean) =>
    bench.call('POST', '/api/presence', { as, body: { issueId: 'i1', place, isHere } });
  const ids = async (as: 'viewer' | 'triager' | 'admin', place: string) =>
    (await be(as, place, true)).body.data.map(({ id }: { id: string }) => id);
  expect(await ids('triager', 'tab-1')).toEqual([]);
  expect(await ids('triager', 'tab-2')).toEqual([]);
  expect(await ids('viewer', 'tab-3')).toEqual([bench.users.triager.id]);
  expect((await be('viewer', 'tab-3', true)).text).not.toContain(bench.users.triager.email);
  await be('triager', 'tab-1', false);
  expect(await ids('viewer', 'tab-3')).toEqual([bench.users.triager.id]);
  await be('triager', 'tab-2', false);
  expect(await ids('viewer', 'tab-3')).toEqual([]);
  const news = await bench.db.read(
    bench.db.build.selectFrom('announcements').select('subject').where('topic', '=', 'presence'),
  );
  // Coming and going; signs of life are no news.
  expect(news).toHaveLength(5);
  // Whoever gives no sign of life is not there any more.
  await be('triager', 'tab-1', true);
  await bench.db.write([bench.db.build.updateTable('presence').set({ seenAt: Date.now() - 60_000 })]);
  expect(await ids('viewer', 'tab-3')).toEqual([]);
}, 60_000);
