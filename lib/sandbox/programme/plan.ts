import type { ProgrammeSize } from './types';

/** How many of everything one app has. */
export interface AppPlan {
  groups: number;
  builds: number;
  /** Days between the oldest build's upload and the epoch. */
  buildSpanDays: number;
  testers: number;
  internalTesters: number;
  /** Testers who are in no group: assigned to single builds, or left over. */
  looseTesters: number;
  screenshots: number;
  crashes: number;
}

export interface ProgrammePlan {
  apps: number;
  users: number;
  app(index: number): AppPlan;
}

const SMALL: ProgrammePlan = {
  apps: 2,
  users: 9,
  app: (index) => ({
    groups: index === 0 ? 5 : 4,
    builds: 6,
    buildSpanDays: 131,
    testers: index === 0 ? 34 : 26,
    internalTesters: 6,
    looseTesters: index,
    screenshots: 11 - index,
    crashes: 9 + index,
  }),
};

const MEDIUM: ProgrammePlan = {
  apps: 10,
  users: 36,
  // The swing around 100 cancels out over the ten apps: 2,000 items in all.
  app: (index) => ({
    groups: 6 + (index % 7),
    builds: 48,
    buildSpanDays: 220,
    testers: 2_000,
    internalTesters: 24,
    looseTesters: 30,
    screenshots: 100 + (index * 2 - 9) * 5,
    crashes: 100 - (index * 2 - 9) * 4,
  }),
};

const LARGE: ProgrammePlan = {
  apps: 50,
  users: 96,
  app: (index) => ({
    groups: 3 + (index % 3),
    builds: 100,
    buildSpanDays: 400,
    testers: 10_000,
    internalTesters: 60,
    looseTesters: 150,
    screenshots: 200,
    crashes: 200,
  }),
};

const PLANS: Record<ProgrammeSize, ProgrammePlan> = { small: SMALL, medium: MEDIUM, large: LARGE };

export function planOf(size: ProgrammeSize): ProgrammePlan {
  return PLANS[size];
}
