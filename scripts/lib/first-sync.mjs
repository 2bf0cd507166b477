import { setTimeout as delay } from 'node:timers/promises';

/** A large programme takes minutes; nobody waits longer than this for the address. */
const PATIENCE_MS = 60_000;

/** Listens to the worker's log for its first sync, and tells how it went in a sentence. */
export function watchFirstSync() {
  let tell;
  const done = new Promise((resolve) => {
    tell = resolve;
  });
  const onLine = (line) => {
    const entry = line.startsWith('{') ? JSON.parse(line) : {};
    if (entry.requests === undefined || entry.status === undefined) return;
    if (entry.status !== 'succeeded') tell(`The first sync ${entry.status}; the log says why.`);
    else tell(`Its programme was read in ${entry.requests} requests (${entry.ms / 1000} s).`);
  };
  const late = delay(PATIENCE_MS, 'Its programme is still being read; the pages fill as it arrives.', {
    ref: false,
  });
  return { onLine, sentence: Promise.race([done, late]) };
}
