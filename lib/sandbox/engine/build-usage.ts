import type { Resource } from './resource';
import { DAY_MS, type UsageBook, type Use } from './usage';
import type { World } from './world';

/** A build with what tells when it could be used, on what. */
interface Known {
  readonly id: string;
  readonly version: string;
  readonly platform: string;
  readonly uploadedAt: number;
}

/** The window of a build's figures, days. */
export const BUILD_DAYS = 90;

/**
 * What was done in each build of an app: a day's use counts for the build that a tester had then, a report for the build
 * that it names. Together they are what the testers did. Figures come as late as `usageDelayMs` says.
 */
export function usageByBuild(world: World, usage: UsageBook, app: Resource): Map<string, Use> {
  const builds = buildsOf(world, app);
  const reports = reportsOf(world, app);
  const sums = new Map<string, Use>();
  const count = (buildId: string, use: Partial<Use>) => {
    const sum = sums.get(buildId) ?? { sessionCount: 0, crashCount: 0, feedbackCount: 0 };
    sums.set(buildId, sum);
    sum.sessionCount += use.sessionCount ?? 0;
    sum.crashCount += use.crashCount ?? 0;
    sum.feedbackCount += use.feedbackCount ?? 0;
  };
  const delayMs = world.settings.usageDelayMs;
  for (const tester of world.store.related(app, 'betaTesters')) {
    const own = devicesOf(tester, builds);
    for (const use of usage.dated(tester, BUILD_DAYS, delayMs)) {
      const inUse = use.buildId ?? buildInUse(builds, own, use.at);
      if (inUse === null) continue;
      const rest = { sessionCount: use.sessionCount, crashCount: use.crashCount };
      for (const report of use.day === null ? [] : (reports.get(`${tester.id} ${use.day}`) ?? [])) {
        // Deleted reports, and more of them than there were sessions, leave the day as it is.
        if (rest.sessionCount < 1) break;
        const crashCount = Math.min(rest.crashCount, report.isCrash ? 1 : 0);
        count(report.buildId, { sessionCount: 1, crashCount });
        rest.sessionCount -= 1;
        rest.crashCount -= crashCount;
      }
      count(inUse, rest);
    }
  }
  return sums;
}

/** How many devices have a build, or had it before they were given another: what was installed stays counted. */
export function installsOf(world: World, app: Resource, build: Resource): number {
  const builds = buildsOf(world, app);
  return world.store
    .related(app, 'betaTesters')
    .reduce(
      (sum, tester) => sum + devicesOf(tester, builds).filter(({ id }) => id === build.id).length,
      Number(build.attributes.replaced ?? 0),
    );
}

/** Notes of the builds on a tester's devices that they are about to be replaced. */
export function countReplaced(world: World, tester: Resource, next: Resource): void {
  const app = tester.appId === null ? undefined : world.store.get('apps', tester.appId);
  for (const { id } of app ? devicesOf(tester, buildsOf(world, app)) : []) {
    const build = world.store.get('builds', id);
    if (build && id !== next.id)
      world.store.update(build, { replaced: Number(build.attributes.replaced ?? 0) + 1 });
  }
}

function buildsOf({ store }: World, app: Resource): Known[] {
  return store
    .related(app, 'builds')
    .map((build) => ({
      id: build.id,
      version: String(build.attributes.version),
      platform: String(store.relatedOne(build, 'preReleaseVersion')?.attributes.platform ?? 'IOS'),
      uploadedAt: Date.parse(String(build.attributes.uploadedDate)),
    }))
    .sort((a, b) => a.uploadedAt - b.uploadedAt);
}

/** The builds on a tester's devices: the same number may be of several platforms. */
function devicesOf(tester: Resource, builds: readonly Known[]): Known[] {
  const devices = (tester.attributes.appDevices ?? []) as { appBuildVersion?: string; platform?: string }[];
  return devices.flatMap(({ appBuildVersion, platform }) => {
    const same = builds.filter(({ version }) => version === appBuildVersion);
    return same.findLast((build) => build.platform === platform) ?? same.at(-1) ?? [];
  });
}

/** What is on the device, if it was there already; else what was the newest then. */
function buildInUse(builds: readonly Known[], own: readonly Known[], at: number): string | null {
  const there = ({ uploadedAt }: Known) => uploadedAt <= at;
  const platform = own[0]?.platform;
  const alike = platform === undefined ? builds : builds.filter((build) => build.platform === platform);
  return (own.findLast(there) ?? alike.findLast(there) ?? own[0] ?? alike[0] ?? builds[0])?.id ?? null;
}

interface Report {
  readonly buildId: string;
  readonly isCrash: boolean;
}

/** The reports of the time before the programme began, by tester and day, as its days count them. */
function reportsOf({ store, programme }: World, app: Resource): Map<string, Report[]> {
  const { epochMs } = programme.options;
  const byDay = new Map<string, Report[]>();
  for (const type of ['betaFeedbackCrashSubmissions', 'betaFeedbackScreenshotSubmissions'] as const) {
    for (const report of store.related(app, type)) {
      const at = Date.parse(String(report.attributes.createdDate));
      const { tester, build } = report.relationships;
      if (at >= epochMs || typeof tester !== 'string' || typeof build !== 'string') continue;
      const key = `${tester} ${Math.floor((epochMs - at) / DAY_MS)}`;
      byDay.set(key, [...(byDay.get(key) ?? []), { buildId: build, isCrash: type.includes('Crash') }]);
    }
  }
  return byDay;
}
