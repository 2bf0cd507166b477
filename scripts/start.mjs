import { setTimeout as delay } from 'node:timers/promises';
import { isBuilt } from './lib/build.mjs';
import { checkEnv, startWeb, startWorker } from './lib/flightdeck.mjs';
import { ensureNode } from './lib/install.mjs';
import { readOptions } from './lib/options.mjs';
import { loadEnvFile } from './lib/place.mjs';
import { needPort, toPort } from './lib/ports.mjs';
import { answers, supervise } from './lib/processes.mjs';
import { main, Stop, say } from './lib/say.mjs';

await main(async () => {
  const options = readOptions(
    'npm start --',
    {
      port: { type: 'string', help: 'port to listen on (PORT, or 3000)' },
      web: { type: 'boolean', default: false, help: 'only the web process' },
      worker: { type: 'boolean', default: false, help: 'only the worker, which syncs and runs jobs' },
    },
    { about: 'Flightdeck in production. Configured by environment variables or .env; see the README.' },
  );
  ensureNode();
  if (!isBuilt()) throw new Stop('There is no build here yet. Run: npm run build');
  process.env.NODE_ENV = 'production';
  loadEnvFile();
  if (options.port) process.env.PORT = String(toPort(options.port, '--port'));

  const both = options.web === options.worker;
  const role = both || options.web ? 'web' : 'worker';
  const checked = await checkEnv(process.env, role);
  // Defaults are settled here once, so that both processes and next-auth, which reads the environment, agree.
  const env = {
    HOST: checked.HOST,
    PORT: String(checked.PORT),
    DATA_DIR: checked.DATA_DIR,
    DATABASE_URL: checked.DATABASE_URL,
    ...(role === 'web' ? { NEXTAUTH_URL: checked.NEXTAUTH_URL } : {}),
  };
  if (role === 'web') {
    await needPort(checked.PORT, checked.HOST, {
      what: 'Flightdeck',
      option: 'npm start -- --port 3001, or PORT',
    });
  }

  const group = supervise();
  if (role === 'web') {
    const web = startWeb(group, env);
    const bracketed = checked.HOST.includes(':') ? `[${checked.HOST}]` : checked.HOST;
    const local = bracketed === '0.0.0.0' ? '127.0.0.1' : bracketed === '[::]' ? '[::1]' : bracketed;
    await web.until(answers(`http://${local}:${checked.PORT}/api/health/live`));
    say(`Flightdeck answers on ${checked.NEXTAUTH_URL}`);
  }
  if (both || options.worker) {
    const worker = startWorker(group, env);
    // Alone it has nobody before it who would have named what is wrong: an early end is told, not repeated.
    if (!both) {
      const refused = worker.refused();
      await worker.until(delay(3000, undefined, { ref: false }));
      await Promise.race([group.stopped, refused]);
    }
  }
  await group.stopped;
});
