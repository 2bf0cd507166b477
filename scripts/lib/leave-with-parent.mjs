/**
 * Loaded into each process that a script starts (node --import): when the one that started it is gone, even by
 * kill -9, this one stops too, as if it had been asked to.
 */
import { isMainThread } from 'node:worker_threads';

const GRACE_MS = 9500;

if (isMainThread) {
  // Nor does a log that cannot be written end anything.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  // Told by the one that starts us, which may be gone before we get here; what we start has us for a parent.
  const parent = Number(process.env.FLIGHTDECK_PARENT ?? process.ppid);
  delete process.env.FLIGHTDECK_PARENT;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS).unref();
  }, 500);
  watch.unref();
}
