import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { Engine } from './engine';

/** One figure, always beside what it is compared with in the same run. */
export interface Metric {
  readonly name: string;
  readonly value: number;
  /** What it must not exceed (`max`) or fall below (`min`); absent for a figure that only informs. */
  readonly max?: number;
  readonly min?: number;
  readonly unit?: string;
  /** Both sides of the ratio, in words. */
  readonly how: string;
}

export interface BenchOptions {
  readonly engine: Engine;
  readonly program: 'medium' | 'large';
  readonly seed: number;
  /** Samples of each timed thing; more on a quiet machine. */
  readonly rounds: number;
  /** The folder of another built tree of this project, which `load` measures in turn with this one. */
  readonly against?: string | undefined;
}

/** Whether a metric reaches its aim; informative ones always do. */
export function isReached({ value, max, min }: Metric): boolean {
  return (max === undefined || value <= max) && (min === undefined || value >= min);
}

/** The value below which the share `p` (0 to 1) of the samples lies. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

/**
 * The milliseconds of processor time something takes, in this process and in the server of databases. What neither
 * waits nor sleeps takes the same time by the clock on a machine of its own; on a shared one only this can be compared.
 */
export async function worked(engine: Engine, work: () => Promise<unknown>): Promise<number> {
  const there = engine.workedMs();
  const from = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000 + engine.workedMs() - there;
}

/** The machine and the versions a figure belongs to. */
export function surroundings(): Record<string, unknown> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const [cpu] = os.cpus();
  return {
    at: new Date().toISOString(),
    flightdeck: version,
    node: process.version,
    platform: `${os.platform()} ${os.release()} ${os.arch()}`,
    cpu: cpu?.model ?? 'unknown',
    cores: os.cpus().length,
    memoryMb: Math.round(os.totalmem() / 1e6),
    load: os.loadavg().map((load) => Number(load.toFixed(2))),
  };
}
