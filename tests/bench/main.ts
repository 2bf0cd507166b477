import { parseArgs } from 'node:util';
import { adoptionMetrics } from './adoption';
import { browserMetrics } from './browser';
import { buildMetrics } from './builds';
import { type Engine, postgresEngine, sqliteEngine } from './engine';
import { feedbackMetrics } from './feedback';
import { loadMetrics } from './load';
import { dailyMetrics } from './metrics';
import { pageMetrics } from './pages';
import { type BenchOptions, isReached, type Metric, surroundings } from './result';
import { searchMetrics } from './search';
import { syncMetrics } from './sync';
import { webhookMetrics } from './webhooks';

const SCENARIOS: Readonly<Record<string, (options: BenchOptions) => Promise<Metric[]>>> = {
  sync: syncMetrics,
  search: searchMetrics,
  adoption: adoptionMetrics,
  builds: buildMetrics,
  metrics: dailyMetrics,
  pages: pageMetrics,
  feedback: feedbackMetrics,
  browser: browserMetrics,
  webhooks: webhookMetrics,
  load: loadMetrics,
};

const ENGINES: Readonly<Record<string, () => Engine>> = {
  sqlite: sqliteEngine,
  postgres: () => {
    const { BENCH_DATABASE_URL: url = '', BENCH_DATABASE_PID: pid } = process.env;
    return postgresEngine(url, pid ? Number(pid) : undefined);
  },
};

type Measured = Metric & { readonly engine: Engine['name']; readonly isReached: boolean };

interface Report {
  readonly program: string;
  readonly seed: number;
  readonly machine: Record<string, unknown>;
  readonly metrics: readonly Measured[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      engine: { type: 'string', default: 'sqlite' },
      program: { type: 'string', default: 'medium' },
      only: { type: 'string' },
      seed: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '3' },
      against: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const program = values.program === 'large' ? 'large' : 'medium';
  const seed = Number(values.seed);
  const engines = values.engine.split(',').flatMap((name) => ENGINES[name]?.() ?? []);
  const metrics: Measured[] = [];
  try {
    for (const name of values.only?.split(',') ?? Object.keys(SCENARIOS)) {
      // Engines take turns, so that both meet the same weather.
      for (const engine of engines) {
        process.stderr.write(`${name}, ${engine.name} …\n`);
        const { rounds, against } = values;
        const options: BenchOptions = { engine, program, seed, rounds: Number(rounds), against };
        for (const metric of (await SCENARIOS[name]?.(options)) ?? [])
          metrics.push({ ...metric, engine: engine.name, isReached: isReached(metric) });
      }
    }
  } finally {
    for (const engine of engines) await engine.stop();
  }
  const report: Report = {
    program,
    seed,
    machine: surroundings(),
    metrics,
  };
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : table(report));
  process.exitCode = report.metrics.every((metric) => metric.isReached) ? 0 : 1;
}

function table({ program, seed, machine, metrics }: Report): string {
  const engines = [...new Set(metrics.map(({ engine }) => engine))];
  const rows = [...new Set(metrics.map(({ name }) => name))].flatMap((name) => {
    const each = engines.map((engine) => metrics.find((one) => one.name === name && one.engine === engine));
    const known = each.filter((metric) => metric !== undefined);
    const [first] = known;
    if (!first) return [];
    return [
      [
        known.every((metric) => metric.isReached) ? 'ok' : 'NOT REACHED',
        name,
        ...each.map((metric) =>
          metric ? `${figure(metric.value)}${metric.unit ? ` ${metric.unit}` : ''}` : '–',
        ),
        aim(first),
        known.map(({ engine, how }) => (engines.length > 1 ? `${engine}: ${how}` : how)).join('; '),
      ],
    ];
  });
  const all = [['', 'metric', ...engines, 'aim', 'measured'], ...rows];
  const widths = Array.from({ length: engines.length + 3 }, (_, column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  );
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
