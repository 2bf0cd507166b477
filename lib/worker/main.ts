import { setMaxListeners } from 'node:events';
import { openContext, reasonNotToStart, START_MS } from '@/lib/context';
import { runWorker } from './worker';

/** How long what is under way may take to stop, ms; the supervisor waits for ten seconds. */
const PATIENCE_MS = 9_000;

/** The second process: syncs, runs jobs, and keeps the signs of life that the web process shows. */
async function main(): Promise<void> {
  const context = await openContext('worker', process.env, { startMs: START_MS });
  const { log } = context;
  const stop = new AbortController();
  // Each picture on its way waits for it, and each pause.
  setMaxListeners(0, stop.signal);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) return;
      log.info({ signal }, 'Stopping.');
      stop.abort(new Error(`Stopped by ${signal}.`));
      setTimeout(() => {
        log.error('Not everything stopped in time; what was under way is resumed at the next start.');
        process.exit(1);
      }, PATIENCE_MS).unref();
    });
  }
  log.info('The worker is at work.');
  await runWorker(context, stop.signal);
  await context.close();
  log.info('The worker has stopped.');
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const reason = reasonNotToStart(error);
    process.stderr.write(`${reason ?? (error instanceof Error ? error.stack : error)}\n`);
    // By the code the supervisor knows that starting again changes nothing (EX_CONFIG of sysexits).
    process.exit(reason === null ? 1 : 78);
  },
);
