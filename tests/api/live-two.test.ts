import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeInFeedback } from '@/lib/services/feedback/collect';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';
import { dispatch } from '@/tests/factories/routes';
import { type Served, served } from '@/tests/factories/served';
import { bundleEntry, startJobWorker, type WorkerProcess } from '@/tests/factories/worker-process';

let bench: ApiBench;
/** The web process of the tests, and one of its own, on one store. */
let here: Served;
let there: string;
let going: AbortController;
const programs: string[] = [];
const processes: WorkerProcess[] = [];

async function started(entry: string, name: string, more = {}): Promise<string> {
  const program = await bundleEntry(entry, name);
  const child = startJobWorker(program, bench, more);
  programs.push(program);
  processes.push(child);
  return child.ready;
}

beforeEach(async () => {
  going = new AbortController();
  bench = await apiBench({ seed: 5 });
  await takeInFeedback(bench.app.ctx({ kind: 'system', name: 'worker' }, 'test'), ACCOUNT);
  here = await served(dispatch);
  const { NEXTAUTH_SECRET = '', NEXTAUTH_URL = '' } = bench.app.env;
  there = await started('tests/factories/second-web.ts', 'second-web', { NEXTAUTH_SECRET, NEXTAUTH_URL });
});
afterEach(async () => {
  going.abort();
  for (const child of processes.splice(0)) await child.end('SIGKILL');
  for (const program of programs.splice(0)) rmSync(program, { force: true });
  await here.close();
  await bench.close();
});

/** Opens the stream of a web process as a browser does; gives what reads on until one of these words has come. */
async function listening(url: string) {
  const { status, body } = await fetch(`${url}/api/stream`, {
    headers: { cookie: bench.cookies.viewer },
    signal: going.signal,
  });
  expect(status).toBe(200);
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  const until = async (...words: readonly string[]) => {
    while (!words.some((word) => heard.includes(word))) {
      const piece = await reader?.read();
      if (!piece || piece.done) throw new Error(`The stream ended: ${heard}`);
      heard += piece.value;
    }
  };
  await until('event: ready');
  return until;
}

const act = async (url: string, issueId: string, priority: number) => {
  const { status } = await fetch(`${url}/api/feedback/triage`, {
    method: 'POST',
    headers: {
      ...{ cookie: bench.cookies.triager, 'content-type': 'application/json' },
      ...{ origin: bench.app.env.NEXTAUTH_URL, 'sec-fetch-site': 'same-origin' },
    },
    body: JSON.stringify({ target: { issues: [issueId] }, change: { priority } }),
  });
  expect(status).toBe(200);
};

it('what is decided in one web process is told by the other, both ways', async () => {
  const issues = await bench.db.query<{ id: string }>('SELECT id FROM issues ORDER BY id LIMIT 2');
  for (const [at, [acts, tells]] of [
    [here.url, there],
    [there, here.url],
  ].entries()) {
    const id = issues[at]?.id ?? '';
    const until = await listening(tells ?? '');
    let isTold = false;
    const told = until(id).then(() => {
      isTold = true;
    });
    // Whoever listens hears what comes after its first look at the store.
    for (let nth = 0; !isTold; nth += 1) {
      await act(acts ?? '', id, (nth % 4) + 1);
      await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 1_000))]);
    }
    await told;
  }
});

it('a crash log that the worker has fetched is told to who looks at its report', async () => {
  const until = await listening(there);
  const wanted = await bench.db.query<{ id: string }>("SELECT id FROM feedback WHERE logState = 'wanted'");
  await started('tests/factories/collect-worker.ts', 'live-worker');
  await until(...wanted.map(({ id }) => `"${id}"`));
  const [stored] = await bench.db.query<{ n: number }>('SELECT COUNT(*) AS n FROM crashLogs');
  expect(Number(stored?.n)).toBeGreaterThan(0);
});
