import type { AppModel } from '../app-model';
import type { BuildModel } from '../builds/builds';
import { cycle, Random } from '../prng';
import type { Seed } from '../types';
import { ipsText } from './crash-ips';
import { reportFor } from './crash-report';
import { crashText } from './crash-text';

function buildOf(model: AppModel, submission: Seed): BuildModel {
  const found = model.builds.find((build) => build.id === submission.relationships.build);
  // A build that came to be while the sandbox ran crashes like the newest one it grew from.
  return found ?? cycle(model.builds, -1);
}

/**
 * The crash log of a submission: `.ips` for three in five, else the older text; one in forty is cut off in the
 * middle, and one in forty is empty because the device sent none.
 */
export function crashLogFor(model: AppModel, submission: Seed): string {
  const random = new Random(`${submission.id}/log`);
  if (random.chance(0.025)) return '';
  const report = reportFor(model, buildOf(model, submission), submission);
  const text = random.chance(0.6) ? ipsText(report) : crashText(report);
  return random.chance(0.025) ? text.slice(0, Math.floor(text.length * (0.2 + random.next() * 0.6))) : text;
}
