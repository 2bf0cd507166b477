import { parseArgs } from 'node:util';
import { browserMetrics } from './browser';
import { pageMetrics } from './pages';
import { type BenchOptions, isReached, type Metric, surroundings } from './result';
import { searchMetrics } from './search';
import { syncMetrics } from './sync';

const SCENARIOS: Readonly<Record<string, (options: BenchOptions) => Promise<Metric[]>>> = {
  sync: syncMetrics,
  search: searchMetrics,
  pages: pageMetrics,
  browser: browserMetrics,
};

interface Report {
  readonly program: string;
  readonly seed: number;
  readonly machine: Record<string, unknown>;
  readonly metrics: readonly (Metric & { readonly isReached: boolean })[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      program: { type: 'string', default: 'medium' },
      only: { type: 'string' },
      seed: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
    },
  });
  const options: BenchOptions = {
    program: values.program === 'large' ? 'large' : 'medium',
    seed: Number(values.seed),
    rounds: Number(values.rounds),
  };
  const metrics: Metric[] = [];
  for (const name of values.only?.split(',') ?? Object.keys(SCENARIOS)) {
    process.stderr.write(`${name} …\n`);
    metrics.push(...((await SCENARIOS[name]?.(options)) ?? []));
  }
  const report: Report = {
    program: options.program,
    seed: options.seed,
    machine: surroundings(),
    metrics: metrics.map((metric) => ({ ...metric, isReached: isReached(metric) })),
  };
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : table(report));
  process.exitCode = report.metrics.every((metric) => metric.isReached) ? 0 : 1;
}

function table({ program, seed, machine, metrics }: Report): string {
  const rows = metrics.map((metric) => [
    metric.isReached ? 'ok' : 'NOT REACHED',
    metric.name,
    `${figure(metric.value)}${metric.unit ? ` ${metric.unit}` : ''}`,
    aim(metric),
    metric.how,
  ]);
  const all = [['', 'metric', 'value', 'aim', 'measured'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `\n${lines.join('\n')}\n\nprogramme ${program}, seed ${seed}, ${JSON.stringify(machine)}\n`;
}

function aim({ max, min }: Metric): string {
  if (max !== undefined) return `≤ ${figure(max)}`;
  return min === undefined ? '–' : `≥ ${figure(min)}`;
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  // Not by exitCode: a process that was started and is still there would keep this one alive.
  process.exit(1);
});
