import type { Brand } from '../brands';
import { DAY_MS, HOUR_MS } from '../dates';
import { uuidSeries } from '../ids';
import type { Platform } from '../people/devices';
import type { AppPlan } from '../plan';
import { cycle, Random } from '../prng';
import { type BuildStates, NEWEST, OLDER, type Outcome, STATES } from './build-states';
import { marketingVersions, type TrainModel } from './versions';

/** One build as the rest of the programme sees it. */
export interface BuildModel extends BuildStates {
  id: string;
  index: number;
  outcome: Outcome;
  train: TrainModel;
  /** CFBundleVersion. */
  number: string;
  uploadedMs: number;
  expiresMs: number;
  expired: boolean;
  submittedMs: number | null;
  autoNotify: boolean;
  minimumOs: string;
  /** Whether its dSYMs were uploaded, so that its crash logs carry names. */
  hasSymbols: boolean;
}

/** Days a build can be tested, counted from its upload. */
export const BUILD_LIFE_DAYS = 90;

interface Setting {
  key: string;
  index: number;
  brand: Brand;
  plan: AppPlan;
  epochMs: number;
}

const MINIMUM_OS: Record<Platform, string> = { IOS: '17.0', MAC_OS: '14.0', TV_OS: '18.0', VISION_OS: '2.0' };

/** Days before the epoch, oldest build first: denser towards today, one near its ninetieth day. */
function agesInDays(random: Random, { plan }: Setting): number[] {
  const last = plan.builds - 1;
  return Array.from({ length: plan.builds }, (_, i) => {
    if (i === last) return 0.02;
    if (plan.builds < 10) return plan.buildSpanDays * (1 - i / last) ** 1.85 + (i === 1 ? 0.2 : 0.4);
    return plan.buildSpanDays * (1 - i / last) ** 1.25 + random.next() * 0.4 + 0.1;
  }).sort((a, b) => b - a);
}

function outcomeOf(random: Random, setting: Setting, rank: number, ageDays: number): Outcome {
  const newest = cycle(NEWEST, setting.index);
  const told = newest[rank];
  const drawn = told ?? (setting.plan.builds < 10 ? 'TESTING' : random.weighted(OLDER));
  if (ageDays < BUILD_LIFE_DAYS) return drawn;
  return drawn === 'FAILED' || drawn === 'INVALID'
    ? drawn
    : drawn === 'TESTING'
      ? 'EXPIRED'
      : 'EXPIRED_BY_HAND';
}

/** How an app numbers its builds: counting, by date, or by train. */
function buildNumber(
  style: number,
  count: number,
  version: string,
  inTrain: number,
  uploadedMs: number,
): string {
  if (style === 1) {
    const date = new Date(uploadedMs).toISOString().slice(0, 10).replaceAll('-', '');
    return `${date}.${(count % 9) + 1}`;
  }
  return style === 2 ? `${version}.${inTrain + 1}` : String(118 + count * 3);
}

interface Slot {
  version: string;
  inTrain: number;
}

/** Which version each build belongs to, oldest first: trains of growing length. */
function slots(random: Random, builds: number): Slot[] {
  const perTrain = builds < 10 ? 2 : builds < 60 ? 6 : 8;
  const versions = marketingVersions(random, Math.ceil(builds / perTrain));
  return Array.from({ length: builds }, (_, i) => ({
    version: cycle(versions, Math.floor(i / perTrain)),
    inTrain: i % perTrain,
  }));
}

function platformOf(random: Random, platforms: readonly Platform[], index: number): Platform {
  if (index < platforms.length) return cycle(platforms, index);
  return random.chance(0.68) ? cycle(platforms, 0) : random.pick(platforms);
}

/** How many builds are newer than the one of the first app whose symbols lie in `lib/sandbox/symbols`. */
export const UNNAMED_RANK = 3;

/** Whether the app's team group gets every build by itself; one app in five assigns by hand. */
export function hasAutomaticTeam(appIndex: number): boolean {
  return appIndex % 5 !== 3;
}

/** Draws an app's version trains and builds, oldest first. */
export function drawBuilds(setting: Setting): { trains: TrainModel[]; builds: BuildModel[] } {
  const random = new Random(`${setting.key}/builds`);
  const buildId = uuidSeries(`${setting.key}/build-ids`);
  const trainId = uuidSeries(`${setting.key}/train-ids`);
  const trains = new Map<string, TrainModel>();
  const ages = agesInDays(random, setting);
  const builds = slots(random, setting.plan.builds).map(({ version, inTrain }, index): BuildModel => {
    const platform = platformOf(random, setting.brand.platforms, index);
    const trainKey = `${platform} ${version}`;
    const train = trains.get(trainKey) ?? { id: trainId(trains.size), version, platform };
    trains.set(trainKey, train);
    const ageDays = ages[index] ?? 0;
    const rank = setting.plan.builds - 1 - index;
    const outcome = outcomeOf(random, setting, rank, ageDays);
    const uploadedMs = Math.round((setting.epochMs - ageDays * DAY_MS) / 1000) * 1000;
    const states = STATES[outcome];
    // Where the team picks builds by hand, one in four has not been given to anybody yet.
    const isUngiven =
      states.internal === 'IN_BETA_TESTING' && !hasAutomaticTeam(setting.index) && index % 4 === 1;
    return {
      ...states,
      internal:
        isUngiven && states.external !== 'IN_BETA_TESTING' ? 'READY_FOR_BETA_TESTING' : states.internal,
      usesNonExemptEncryption: isDeclared(setting, outcome, rank) || states.usesNonExemptEncryption,
      id: buildId(index),
      index,
      outcome,
      train,
      number: buildNumber(setting.index % 3, index, version, inTrain, uploadedMs),
      uploadedMs,
      expiresMs: uploadedMs + BUILD_LIFE_DAYS * DAY_MS,
      expired: states.external === 'EXPIRED',
      submittedMs: states.review
        ? Math.min(uploadedMs + random.between(1, 30) * HOUR_MS, setting.epochMs - HOUR_MS / 4)
        : null,
      autoNotify: random.chance(0.8) && outcome !== 'APPROVED',
      minimumOs: MINIMUM_OS[platform],
      // Of the first app there is always one that most crashes come from.
      hasSymbols: random.chance(0.75) && !(setting.index === 0 && rank === UNNAMED_RANK),
    };
  });
  return { trains: [...trains.values()], builds };
}

/** One tested build of every fourth app uses encryption that has been declared. */
function isDeclared(setting: Setting, outcome: Outcome, rank: number): boolean {
  return setting.index % 4 === 0 && outcome === 'TESTING' && rank === 3;
}

/** Whether people outside the team can install it now. */
export function isOutside(build: BuildModel): boolean {
  return build.external === 'IN_BETA_TESTING';
}

/** Whether the team can install it now. */
export function isInside(build: BuildModel): boolean {
  return build.internal === 'IN_BETA_TESTING';
}
