import { stripVTControlCharacters } from 'node:util';
import { duration, say } from './say.mjs';

/**
 * Runs one part, tells what came of it, and shows its output when it failed. One that consists of others that run side
 * by side gives `parts`, of which each is told with the time its tests took in all, whoever ran beside them.
 */
export async function runPart(part) {
  const started = performance.now();
  const result = await part
    .run()
    .catch((error) => ({ passed: 0, failed: 1, why: error.message, output: error.stack }));
  const ms = performance.now() - started;
  const results = (result.parts ?? [result]).map((one) => ({
    name: part.name,
    title: part.title,
    ms,
    ...one,
  }));
  if (result.parts) say(`     ${part.title.padEnd(30)}${duration(ms).padStart(10)}`);
  for (const one of results) tell(one);
  const { output } = results.find((one) => one.failed > 0 && one.output) ?? {};
  if (output) say(`${indent(output)}\n`);
  return results;
}

function tell({ title, ms, passed, failed, why }) {
  const counts = passed + failed > 1 ? `  ${passed} passed, ${failed} failed` : '';
  say(
    `${failed === 0 ? 'ok  ' : 'FAIL'} ${title.padEnd(30)}${duration(ms).padStart(10)}${counts}${why ? `  (${why})` : ''}`,
  );
}

/** Runs the parts: one after another within a lane, the lanes beside each other. */
export async function runLanes(parts) {
  const lanes = Map.groupBy ? Map.groupBy(parts, (part) => part.lane) : byLane(parts);
  const results = await Promise.all(
    [...lanes.values()].map(async (lane) => {
      const done = [];
      for (const part of lane) done.push(...(await runPart(part)));
      return done;
    }),
  );
  return results.flat();
}

function byLane(parts) {
  const lanes = new Map();
  for (const part of parts) lanes.set(part.lane, [...(lanes.get(part.lane) ?? []), part]);
  return lanes;
}

export const sum = (results, key) => results.reduce((total, result) => total + result[key], 0);

function indent(text) {
  // A dot for each test that passed says nothing of those that failed.
  const lines = stripVTControlCharacters(text)
    .trim()
    .split('\n')
    .filter((line) => !/^[\s·.-]{40,}$/.test(line));
  const shown =
    lines.length > 400
      ? [...lines.slice(0, 80), `… ${lines.length - 400} lines …`, ...lines.slice(-320)]
      : lines;
  return shown.map((line) => `     ${line}`).join('\n');
}
