import { parseArgs } from 'node:util';
import { Stop } from './say.mjs';

/**
 * Reads a command's options; anything unknown stops with the usage.
 * What stands behind them comes as `rest` where `rest` names it.
 * @param {Record<string, {type: 'string' | 'boolean', default?: unknown, help: string}>} options
 */
export function readOptions(command, options, { about, rest }) {
  const usage = () =>
    [
      `${command}${rest ? ` ${rest}` : ''}: ${about}`,
      '',
      ...Object.entries(options).map(([name, { type, help }]) => {
        const left = `  --${name}${type === 'string' ? ' …' : ''}`;
        return `${left.padEnd(22)}${help}`;
      }),
    ].join('\n');
  try {
    const spec = Object.fromEntries(
      Object.entries({ ...options, help: { type: 'boolean', help: '' } }).map(([name, { help, ...kind }]) => [
        name,
        kind,
      ]),
    );
    const { values, positionals } = parseArgs({
      options: spec,
      strict: true,
      allowPositionals: Boolean(rest),
    });
    if (!values.help) return rest ? { ...values, rest: positionals } : values;
  } catch (error) {
    throw new Stop(`${error.message}\n\n${usage()}`);
  }
  throw new Stop(usage(), 0);
}
