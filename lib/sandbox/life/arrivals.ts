import { Refusal } from '../checks/refusal';
import type { Resource } from '../engine/resource';
import { insertNew, type World } from '../engine/world';
import type { Seed } from '../programme/types';
import { countVisit, joinByLink } from './links';
import { BUILD_LIFE_MS, PACE } from './pace';
import { diceOf, someDevice } from './steps';

const EVENT_TYPES: Readonly<Record<string, string>> = {
  betaFeedbackCrashSubmissions: 'BETA_FEEDBACK_CRASH_SUBMISSION_CREATED',
  betaFeedbackScreenshotSubmissions: 'BETA_FEEDBACK_SCREENSHOT_SUBMISSION_CREATED',
};

/** Adds to what a tester has done since the epoch, for the metrics. */
export function countUse(
  world: World,
  tester: Resource,
  use: { sessionCount?: number; crashCount?: number; feedbackCount?: number; buildId?: string },
): void {
  const live = (tester.attributes.live ?? []) as unknown[];
  world.store.update(tester, { live: [...live, { at: world.clock.now(), ...use }] });
}

/** A tester sends feedback; given fields replace the generated ones. */
export function submitFeedback(
  world: World,
  appId: string,
  n: number,
  given: {
    type?: string;
    attributes?: Record<string, unknown>;
    relationships?: Record<string, string | null>;
  },
): Resource {
  const seed = drawFeedback(world, appId, n, given.type);
  const { type } = seed;
  const app = world.store.get('apps', appId);
  // Brings in the app's own feedback, and no other's, before an id is judged free.
  if (app) world.store.relatedCount(app, type);
  const isTaken = (id: string): boolean => world.store.peek(type, id) !== undefined;
  const made = world.store.insert({
    type,
    id: isTaken(seed.id) ? world.ids.fresh(type, isTaken) : seed.id,
    appId,
    attributes: { ...seed.attributes, createdDate: world.clock.iso(), ...given.attributes },
    relationships: { ...oneToOne(seed.relationships), app: appId, ...given.relationships },
  });
  const tester = world.store.relatedOne(made, 'tester');
  const isCrash = type === 'betaFeedbackCrashSubmissions';
  if (tester) {
    const buildId = world.store.relatedId(made, 'build');
    const use = { sessionCount: 1, feedbackCount: 1, crashCount: isCrash ? 1 : 0 };
    countUse(world, tester, { ...use, ...(buildId ? { buildId } : {}) });
  }
  world.webhooks.emit({
    appId,
    eventType: EVENT_TYPES[type] ?? '',
    attributes: {},
    instance: { type, id: made.id },
  });
  return made;
}

/** The n-th item of feedback, or the next one after it that is of the wanted kind. */
function drawFeedback(world: World, appId: string, n: number, type: string | undefined): Seed {
  for (let at = n; ; at += 1_000_003) {
    const seed = world.programme.nextFeedback(appId, at);
    if (type === undefined || seed.type === type) return seed;
  }
}

function oneToOne(relationships: Readonly<Record<string, unknown>>): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(relationships).map(([name, value]) => [name, typeof value === 'string' ? value : null]),
  );
}

/** Somebody looks at one of the app's links: most join, some leave with a reason. */
export function visitLink(world: World, appId: string, n: number): void {
  const app = world.store.get('apps', appId);
  const open = app
    ? world.store.related(app, 'betaGroups').filter((group) => group.attributes.publicLinkEnabled === true)
    : [];
  const group = open[n % open.length];
  if (!group) return;
  const dice = diceOf(`${group.id}/${n}`);
  if (dice % 4 === 0) {
    const reasons = ['notRelevant', 'notClear', 'notInteresting'] as const;
    countVisit(world, group, 'viewCount', 'didNotAcceptCount', reasons[dice % 3] ?? 'notClear');
    return;
  }
  try {
    joinByLink(world, group, n, someDevice(world, appId, dice));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

/** A new build of the newest train is uploaded and starts being processed. */
export function uploadBuild(world: World, appId: string, given: Record<string, unknown> = {}): Resource {
  const app = world.store.get('apps', appId);
  const builds = app ? world.store.related(app, 'builds') : [];
  const at = (build: Resource): number => Date.parse(String(build.attributes.uploadedDate));
  const latest = builds.reduce<Resource | null>(
    (best, one) => (best === null || at(one) > at(best) ? one : best),
    null,
  );
  if (!latest) throw new RangeError(`app ${appId} has no build to follow`);
  const trainId = world.store.relatedId(latest, 'preReleaseVersion');
  const version = String(
    Math.max(...builds.map((build) => Number.parseInt(String(build.attributes.version), 10) || 0)) + 1,
  );
  const build = insertNew(
    world,
    'builds',
    appId,
    {
      ...latest.attributes,
      version,
      uploadedDate: world.clock.iso(),
      expirationDate: world.clock.iso(world.clock.now() + BUILD_LIFE_MS),
      expired: false,
      processingState: 'PROCESSING',
      buildAudienceType: 'APP_STORE_ELIGIBLE',
      usesNonExemptEncryption: false,
      ...given,
    },
    { app: appId, preReleaseVersion: trainId },
  );
  insertNew(
    world,
    'buildBetaDetails',
    appId,
    { autoNotifyEnabled: true, internalBuildState: 'PROCESSING', externalBuildState: 'PROCESSING' },
    { build: build.id },
  );
  addUpload(world, build);
  world.wake(build, PACE.buildProcessing);
  return build;
}

/** The upload keeps the id that its build has, as the service does. */
function addUpload(world: World, build: Resource): void {
  const train = world.store.relatedOne(build, 'preReleaseVersion');
  world.store.insert({
    type: 'buildUploads',
    id: build.id,
    appId: build.appId,
    attributes: {
      cfBundleShortVersionString: train?.attributes.version ?? null,
      cfBundleVersion: build.attributes.version,
      platform: train?.attributes.platform ?? 'IOS',
      createdDate: world.clock.iso(),
      uploadedDate: null,
      state: { state: 'PROCESSING', errors: [], warnings: [], infos: [] },
    },
    relationships: { app: build.appId, build: build.id },
  });
}
