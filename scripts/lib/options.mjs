import { parseArgs } from 'node:util';
import { Stop } from './say.mjs';

/**
 * Reads a command's options; anything unknown stops with the usage.
 * @param {Record<string, {type: 'string' | 'boolean', default?: unknown, help: string}>} options
 */
export function readOptions(command, options, { about }) {
  const usage = () =>
    [
      `${command}: ${about}`,
      '',
      ...Object.entries(options).map(([name, { type, help }]) => {
        const left = `  --${name}${type === 'string' ? ' …' : ''}`;
        return `${left.padEnd(22)}${help}`;
      }),
    ].join('\n');
  try {
    const spec = Object.fromEntries(
      Object.entries({ ...options, help: { type: 'boolean', help: '' } }).map(([name, { help, ...rest }]) => [
        name,
        rest,
      ]),
    );
    const { values } = parseArgs({ options: spec, strict: true, allowPositionals: false });
    if (!values.help) return values;
  } catch (error) {
    throw new Stop(`${error.message}\n\n${usage()}`);
  }
  throw new Stop(usage(), 0);
}
