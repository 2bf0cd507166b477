import path from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { sandboxEnv, startSandbox, startWeb, startWorker } from './lib/flightdeck.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { keptSecrets } from './lib/kept-secrets.mjs';
import { readOptions } from './lib/options.mjs';
import { inRoot } from './lib/place.mjs';
import { demoPorts } from './lib/ports.mjs';
import { answers, supervise } from './lib/processes.mjs';
import { main, say } from './lib/say.mjs';

await main(async () => {
  const options = readOptions(
    'npm run dev --',
    {
      port: { type: 'string', default: '3000', help: 'port of Flightdeck (3000)' },
      'sandbox-port': { type: 'string', default: '4010', help: 'port of the sandbox (4010)' },
      program: { type: 'string', default: 'small', help: 'size of its programme: small, medium or large' },
      'data-dir': { type: 'string', default: 'data/dev', help: 'where the data is kept (data/dev)' },
    },
    {
      about: 'Flightdeck for developers: pages reload as you edit; start again after a change to lib/worker.',
    },
  );
  await ensureInstalled();
  await ensureBuilt({ only: ['bundles'] });
  const { port, sandboxPort } = await demoPorts(options);
  const dataDir = path.resolve(inRoot(), options['data-dir']);

  const group = supervise();
  const secrets = keptSecrets(dataDir);
  const sandbox = await startSandbox(group, {
    port: sandboxPort,
    program: options.program,
    stateDir: path.join(dataDir, `sandbox-${options.program}`),
  });
  const env = sandboxEnv({
    sandbox: sandbox.told,
    dataDir: path.join(dataDir, options.program),
    port,
    secrets,
  });
  const web = startWeb(group, env, { mode: 'dev' });
  await web.until(answers(`${env.NEXTAUTH_URL}/api/health/live`, { timeoutMs: 120_000 }));
  startWorker(group, env, { mode: 'dev' });
  say(`\n  ${env.NEXTAUTH_URL}   ${secrets.email}   ${secrets.password}\n`);
  await group.stopped;
});
