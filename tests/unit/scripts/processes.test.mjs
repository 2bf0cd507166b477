import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const LIB = path.resolve('scripts/lib/processes.mjs');

let folder;
let parent;
const pidsSeen = new Set();

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-processes-'));
});

afterEach(async () => {
  for (const pid of [...pidsSeen, parent?.pid]) if (pid && isAlive(pid)) process.kill(pid, 'SIGKILL');
  pidsSeen.clear();
  rmSync(folder, { recursive: true, force: true });
});

/** A supervisor of one child whose code is `body`; both write their pids down. */
async function superviseChild(body, { waitFor = 1, output = 'pipe', over = 'group.stopped' } = {}) {
  const pids = path.join(folder, 'pids');
  const childFile = path.join(folder, 'child.mjs');
  writeFileSync(
    childFile,
    `import { appendFileSync } from 'node:fs'; import { spawn } from 'node:child_process';
     setInterval(() => {}, 1000); ${body}; appendFileSync(${JSON.stringify(pids)}, process.pid + '\\n');`,
  );
  const parentFile = path.join(folder, 'parent.mjs');
  writeFileSync(
    parentFile,
    `const { supervise } = await import(${JSON.stringify(LIB)});
     const group = supervise();
     const child = group.start({ name: 'child', args: [${JSON.stringify(childFile)}] });
     await ${over}; console.log('stopped');`,
  );
  const { npm_lifecycle_event, ...env } = process.env;
  parent = spawn(process.execPath, [parentFile], { stdio: ['ignore', output, output], env });
  const seen = () => (existsSync(pids) ? readFileSync(pids, 'utf8').trim().split('\n').map(Number) : []);
  await until(() => seen().length >= waitFor);
  for (const pid of seen()) pidsSeen.add(pid);
  return seen();
}

/** The processes it has started, by Linux' own list. */
function childrenOf(pid) {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return list === '' ? [] : list.split(' ').map(Number);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    // A killed orphan may wait as a zombie for whoever adopted it.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(condition, timeoutMs = 30_000) {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('It did not happen in time.');
    await delay(25);
  }
}

describe('supervise', () => {
  it('lives on and starts a crashed child again when nothing can be written', async () => {
    const full = openSync('/dev/full', 'w');
    const body = `console.log('x'.repeat(100000)); console.error('y'); setTimeout(() => process.exit(3), 300)`;
    const children = await superviseChild(body, { waitFor: 2, output: full });
    closeSync(full);
    expect([new Set(children).size >= 2, parent.exitCode]).toEqual([true, null]);
  });

  it('starts a child no second time that has said why it cannot start, however late', async () => {
    const over =
      "child.refused().catch(({ message }) => { console.log('told ' + message); process.exit(1); })";
    const body = `setTimeout(() => { console.error('The key is another.'); process.exitCode = 78; process.exit(); }, 700)`;
    const [child] = await superviseChild(body, { over });
    let said = '';
    parent.stdout.on('data', (text) => {
      said += text;
    });
    await once(parent, 'close');
    expect([parent.exitCode, said.includes('told The key is another.'), isAlive(child)]).toEqual([
      1,
      true,
      false,
    ]);
    expect(readFileSync(path.join(folder, 'pids'), 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'])(
    'lets the child end in its own way on %s and ends too',
    async (signal) => {
      const said = path.join(folder, 'said');
      const [child] = await superviseChild(
        `process.on('SIGTERM', () => { appendFileSync(${JSON.stringify(said)}, 'goodbye'); process.exit(0); });`,
      );
      await delay(100);
      parent.kill(signal);
      const [code] = await once(parent, 'exit');
      expect(code).toBe(0);
      expect(readFileSync(said, 'utf8')).toBe('goodbye');
      expect(isAlive(child)).toBe(false);
    },
  );

  it('takes the child along when it is killed without a chance to say so', async () => {
    const [child] = await superviseChild('');
    parent.kill('SIGKILL');
    await until(() => !isAlive(child));
  });

  it('takes a child along that was not even up when it was killed', async () => {
    await superviseChild('', { waitFor: 0 });
    await until(() => childrenOf(parent.pid).length === 1);
    const [child] = childrenOf(parent.pid);
    pidsSeen.add(child);
    parent.kill('SIGKILL');
    await until(() => !isAlive(child), 15_000);
  });

  it('takes what the child has started along', async () => {
    const grandchild = `spawn(process.execPath, ['-e', "require('fs').appendFileSync('${folder}/pids', process.pid + '\\\\n'); setInterval(() => {}, 1000)"], { stdio: 'ignore' });`;
    const pids = await superviseChild(grandchild, { waitFor: 2 });
    parent.kill('SIGTERM');
    await once(parent, 'exit');
    await until(() => pids.every((pid) => !isAlive(pid)));
  });

  it('starts a child again that was killed', async () => {
    const [first] = await superviseChild('');
    process.kill(first, 'SIGKILL');
    const pids = path.join(folder, 'pids');
    await until(() => readFileSync(pids, 'utf8').trim().split('\n').length === 2);
    const second = Number(readFileSync(pids, 'utf8').trim().split('\n')[1]);
    pidsSeen.add(second);
    expect(isAlive(second)).toBe(true);
    expect(parent.exitCode).toBeNull();
  });
});
