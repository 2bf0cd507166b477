import { parseArgs } from 'node:util';
import { startSandbox } from './server';

// A full disk or a reader that has gone must not end the simulation.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const SIZES = ['small', 'medium', 'large'] as const;

function refuse(message: string): never {
  process.stderr.write(`sandbox: ${message}\n`);
  process.exit(1);
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) refuse(`--${name} takes a number from 0 up, not '${text}'`);
  return value;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      program: { type: 'string', default: 'small' },
      seed: { type: 'string' },
      speed: { type: 'string' },
      latency: { type: 'string' },
      'hour-limit': { type: 'string' },
      'minute-limit': { type: 'string' },
      'key-dir': { type: 'string' },
      state: { type: 'string' },
      epoch: { type: 'string' },
    },
  });
  const size =
    SIZES.find((one) => one === values.program) ?? refuse(`--program is one of ${SIZES.join(', ')}`);
  const epochMs = values.epoch === undefined ? undefined : Date.parse(values.epoch);
  if (Number.isNaN(epochMs))
    refuse(`--epoch takes a date such as 2026-01-31T12:00:00Z, not '${values.epoch}'`);
  const port = numberOf('port', values.port);
  const seed = numberOf('seed', values.seed);
  const speed = numberOf('speed', values.speed);
  const latencyMs = numberOf('latency', values.latency);
  const hourLimit = numberOf('hour-limit', values['hour-limit']);
  const minuteLimit = numberOf('minute-limit', values['minute-limit']);
  const sandbox = await startSandbox({
    size,
    ...(port === undefined ? {} : { port }),
    ...(seed === undefined ? {} : { seed }),
    ...(speed === undefined ? {} : { speed }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(hourLimit === undefined ? {} : { hourLimit }),
    ...(minuteLimit === undefined ? {} : { minuteLimit }),
    ...(values['key-dir'] === undefined ? {} : { keyFolder: values['key-dir'] }),
    ...(values.state === undefined ? {} : { stateFolder: values.state }),
    ...(epochMs === undefined ? {} : { epochMs }),
  });
  const { baseUrl, issuerId, keyId, privateKeyPath } = sandbox;
  process.stdout.write(`${JSON.stringify({ baseUrl, issuerId, keyId, privateKeyPath })}\n`);
  const stop = (): void => {
    sandbox.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => refuse(error instanceof Error ? error.message : String(error)));
