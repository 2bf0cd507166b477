import path from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { watchFirstSync } from './lib/first-sync.mjs';
import { sandboxEnv, startSandbox, startWeb, startWorker } from './lib/flightdeck.mjs';
import { ensureInstalled, ensureNode } from './lib/install.mjs';
import { keptSecrets } from './lib/kept-secrets.mjs';
import { readOptions } from './lib/options.mjs';
import { inRoot } from './lib/place.mjs';
import { demoPorts } from './lib/ports.mjs';
import { answers, supervise } from './lib/processes.mjs';
import { stopWithChildren } from './lib/run.mjs';
import { main, say } from './lib/say.mjs';

await main(async () => {
  const options = readOptions(
    'npm run demo --',
    {
      port: { type: 'string', default: '3000', help: 'port of Flightdeck (3000)' },
      'sandbox-port': {
        type: 'string',
        default: '4010',
        help: 'port of the simulated App Store Connect (4010)',
      },
      program: { type: 'string', default: 'small', help: 'size of its programme: small, medium or large' },
      'data-dir': { type: 'string', default: 'data/demo', help: 'where the data is kept (data/demo)' },
      'hour-limit': { type: 'string', default: '3500', help: 'requests an hour that it allows (3500)' },
      'database-url': {
        type: 'string',
        default: '',
        help: 'PostgreSQL in place of SQLite in that folder: postgresql://user:password@host/database',
      },
      json: { type: 'boolean', default: false, help: 'say where it is in one line of JSON' },
    },
    { about: 'Flightdeck with a simulated App Store Connect, nothing leaves this machine.' },
  );
  ensureNode();
  const { port, sandboxPort } = await demoPorts(options);
  const dataDir = path.resolve(inRoot(), options['data-dir']);

  const release = stopWithChildren();
  await ensureInstalled();
  await ensureBuilt();
  release();

  const group = supervise();
  const secrets = keptSecrets(dataDir);
  const sandbox = await startSandbox(group, {
    port: sandboxPort,
    program: options.program,
    stateDir: path.join(dataDir, `sandbox-${options.program}`),
    extra: ['--hour-limit', options['hour-limit']],
  });
  const env = sandboxEnv({
    sandbox: sandbox.told,
    dataDir: path.join(dataDir, options.program),
    databaseUrl: options['database-url'],
    port,
    secrets,
  });
  const logFile = path.join(env.DATA_DIR, 'flightdeck.log');
  const web = startWeb(group, env, { logFile });
  await web.until(answers(`${env.NEXTAUTH_URL}/api/health/live`));
  const sync = watchFirstSync();
  const worker = startWorker(group, { ...env, LOG_LEVEL: 'info' }, { logFile, onLine: sync.onLine });
  say('Fetching the programme from the sandbox …');
  const synced = await worker.until(sync.sentence);

  process.stdout.write(
    options.json
      ? `${JSON.stringify({
          url: env.NEXTAUTH_URL,
          email: secrets.email,
          password: secrets.password,
          sandbox: sandbox.told,
          dataDir: env.DATA_DIR,
          processes: { web: web.pid, worker: worker.pid, sandbox: sandbox.child.pid },
        })}\n`
      : welcome({ env, secrets, sandbox: sandbox.told, synced, program: options.program, dataDir }),
  );
  await group.stopped;
});

function welcome({ env, secrets, sandbox, synced, program, dataDir }) {
  return `
  Flightdeck   ${env.NEXTAUTH_URL}
  Sign in      ${secrets.email}
  Password     ${secrets.password}

  App Store Connect is a simulation on ${sandbox.baseUrl} (programme: ${program}).
  ${synced}
  Data and log stay in ${path.relative(process.cwd(), dataDir)}; delete that folder to begin anew.
  Stop with Ctrl-C.

`;
}
