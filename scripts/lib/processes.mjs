import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inRoot, quietEnv, root } from './place.mjs';
import { killGroup } from './run.mjs';
import { put, Stop, say } from './say.mjs';

/** Asked to stop, a process has this long before it is killed; together it keeps the promise of 10 s. */
const GRACE_MS = 9300;
const LAST_GRACE_MS = 500;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;
/** With it a process ends that has said why it cannot start: nothing changes by starting it again. */
const NOT_TO_START = 78;
/** After running this long a process counts as healthy, and its next crash starts with the short pause. */
const HEALTHY_MS = 60_000;

/**
 * Supervises processes: restarts those that crash, and leaves none behind, whatever ends this one.
 * Each child leads its own process group, so the terminal's Ctrl-C reaches only us and the order of stopping is ours.
 */
export function supervise() {
  const children = [];
  let stopping = null;
  let release;
  const stopped = new Promise((resolve) => {
    release = resolve;
  });

  function stop(reason) {
    stopping ??= (async () => {
      if (reason) say(reason);
      // What others rely on goes last, when their last requests have been answered.
      await Promise.all(children.filter((child) => !child.last).map((child) => child.stop(GRACE_MS)));
      await Promise.all(children.filter((child) => child.last).map((child) => child.stop(LAST_GRACE_MS)));
      release();
    })();
    return stopping;
  }

  let signals = 0;
  const onSignal = (signal) => {
    signals += 1;
    if (signals > 1) for (const child of children) child.kill();
    else void stop(signal === 'SIGINT' ? '\nStopping …' : undefined);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);
  process.on('exit', () => {
    for (const child of children) child.kill();
  });
  leaveWithNpm(stop);

  return {
    stopped,
    stop,
    /** Starts a program under Node and keeps it running; `onLine` sees each line of standard output; `logFile` takes what it writes. */
    start(options) {
      const child = keep(options, () => stopping !== null);
      children.push(child);
      return child;
    },
  };
}

/** `npm run` may be killed without a chance to tell us. */
function leaveWithNpm(stop) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void stop();
  }, 1000).unref();
}

function keep({ name, args, env = {}, restart = true, last = false, onLine, logFile }, isStopping) {
  let child = null;
  let wanted = true;
  let pause = FIRST_PAUSE_MS;
  let lastWords = '';
  const hooks = { failed: null, refused: null };
  if (logFile) mkdirSync(path.dirname(logFile), { recursive: true, mode: 0o700 });
  const write = (fd, line) => {
    if (!logFile) return put(fd, line);
    try {
      appendFileSync(logFile, `${line}\n`, { mode: 0o600 });
    } catch {
      // A full disk costs the line, never the process.
    }
  };

  function launch() {
    const started = performance.now();
    child = spawn(process.execPath, ['--import', inRoot('scripts/lib/leave-with-parent.mjs'), ...args], {
      cwd: root,
      env: { ...process.env, ...quietEnv, ...env, FLIGHTDECK_PARENT: String(process.pid) },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    forward(child.stdout, (line) => {
      lastWords = `${lastWords}${line}\n`.slice(-4000);
      onLine?.(line);
      write(1, line);
    });
    forward(child.stderr, (line) => {
      lastWords = `${lastWords}${line}\n`.slice(-4000);
      write(2, line);
    });
    const me = child;
    child.once('close', async (code, signal) => {
      killGroup(me.pid, 'SIGKILL');
      if (!wanted || isStopping()) return;
      const how = signal ? `was killed by ${signal}` : `ended with code ${code}`;
      const isEarly = performance.now() - started < HEALTHY_MS;
      if (!isEarly) pause = FIRST_PAUSE_MS;
      if (hooks.failed && (!restart || isEarly))
        return hooks.failed(new Stop(`${lastWords}\nThe ${name} ${how}.`));
      if (hooks.refused && code === NOT_TO_START) return hooks.refused(new Stop(lastWords));
      if (!restart) return;
      say(`The ${name} ${how}; starting it again in ${pause / 1000} s.`);
      await delay(pause, undefined, { ref: true });
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      if (wanted && !isStopping()) launch();
    });
  }
  launch();

  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  return {
    name,
    last,
    get pid() {
      return child.pid;
    },
    kill: () => killGroup(child.pid, 'SIGKILL'),
    /** Waits for `ready`; when the process ends before, fails with its last words instead of restarting it. */
    async until(ready) {
      const failed = new Promise((_, reject) => {
        hooks.failed = reject;
      });
      try {
        return await Promise.race([ready, failed]);
      } finally {
        hooks.failed = null;
      }
    },
    /** Fails with its last words once it ends because it cannot start, however late that is. */
    refused() {
      return new Promise((_, reject) => {
        hooks.refused = reject;
      });
    },
    async stop(graceMs) {
      wanted = false;
      if (isOver()) return;
      const gone = once(child, 'close');
      killGroup(child.pid, 'SIGTERM');
      const patience = setTimeout(() => killGroup(child.pid, 'SIGKILL'), graceMs);
      await gone;
      clearTimeout(patience);
    },
  };
}

function forward(stream, take) {
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
  stream.on('end', () => rest && take(rest));
}

/** Waits until a server answers, at most `timeoutMs`. */
export async function answers(url, { timeoutMs = 60_000 } = {}) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000), redirect: 'manual' }).catch(
      () => null,
    );
    if (response && response.status < 500) return response;
    if (performance.now() > deadline) throw new Stop(`${url} did not answer within ${timeoutMs / 1000} s.`);
    await delay(150);
  }
}
