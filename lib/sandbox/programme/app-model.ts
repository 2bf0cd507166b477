import { BRANDS, type Brand } from './brands';
import { type BuildModel, drawBuilds } from './builds/builds';
import type { TrainModel } from './builds/versions';
import { uuidSeries } from './ids';
import { type GroupModel, layOutGroups } from './people/groups';
import { type AppPlan, planOf } from './plan';
import { cycle, hashWords, mix } from './prng';
import type { ProgrammeOptions } from './types';

/** Everything about one app that other parts have to agree on, without testers and feedback. */
export interface AppModel {
  options: ProgrammeOptions;
  index: number;
  id: string;
  /** Prefix of all random keys of this app. */
  key: string;
  brand: Brand;
  bundleId: string;
  plan: AppPlan;
  trains: readonly TrainModel[];
  /** Oldest first. */
  builds: readonly BuildModel[];
  groups: readonly GroupModel[];
  testerId: (n: number) => string;
  /** Builds that testers of given groups can install, kept by `testers.ts`. */
  installable: Map<string, readonly BuildModel[]>;
}

/** Ids of the programme's apps: ten digits, rising with the app's position. */
export function appIdAt(options: ProgrammeOptions, index: number): string {
  const [word] = hashWords(`${options.seed}/apps`);
  return String(1_560_000_000 + index * 7_340_033 + (mix(word, index) % 7_000_000));
}

/** Works one app out: cheap (a hundred builds take about a millisecond). */
export function modelApp(options: ProgrammeOptions, index: number): AppModel {
  const brand = cycle(BRANDS, index);
  const id = appIdAt(options, index);
  const key = `${options.seed}/${options.size}/${id}`;
  const plan = planOf(options.size).app(index);
  const { trains, builds } = drawBuilds({ key, index, brand, plan, epochMs: options.epochMs });
  const groups = layOutGroups({ key, index, plan, builds, epochMs: options.epochMs });
  return {
    options,
    index,
    id,
    key,
    brand,
    bundleId: `com.example.${brand.slug}`,
    plan,
    trains,
    builds,
    groups,
    testerId: uuidSeries(`${key}/betaTesters`),
    installable: new Map(),
  };
}
