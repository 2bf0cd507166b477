import type { BodyChecker } from './checks/body-check';
import type { Facts } from './checks/facts';
import type { SpecDocument } from './checks/spec';
import { Cursors } from './engine/cursor';
import { IdSource } from './engine/ids';
import { Journal } from './engine/journal';
import { MailLog } from './engine/mail';
import { Reads } from './engine/reads';
import { type Presenters, Renderer } from './engine/render';
import { Screenshots } from './engine/screenshots';
import { Selector } from './engine/select';
import { Shelves } from './engine/shelves';
import { Store } from './engine/store';
import { UsageBook } from './engine/usage';
import { Webhooks } from './engine/webhooks';
import type { World } from './engine/world';
import { Writes } from './engine/writes';
import { Api } from './http/api';
import { Faults, seededRandom } from './http/faults';
import type { KeyRing } from './http/keys';
import { RateLimiter } from './http/rate-limit';
import { RequestLog } from './http/request-log';
import { TokenVerifier } from './http/token';
import { Life } from './life/life';
import type { Programme, ProgrammeOptions, ProgrammeSize } from './programme/types';
import { Clock } from './time/clock';
import { Timers } from './time/timers';

export interface AssemblyOptions {
  spec: SpecDocument;
  facts: Facts;
  bodies: BodyChecker;
  keys: KeyRing;
  size: ProgrammeSize;
  seed: number;
  speed: number;
  latencyMs: number;
  hourLimit: number | null;
  minuteLimit: number | null;
  epochMs: number | null;
  stateFolder: string | null;
  /** Whether things happen by themselves as time moves. */
  alive: boolean;
  createProgramme: (options: ProgrammeOptions) => Programme;
  baseUrl: () => string;
}

/** Everything one sandbox consists of. */
export interface Assembly {
  options: AssemblyOptions;
  world: World;
  clock: Clock;
  api: Api;
  keys: KeyRing;
  limiter: RateLimiter;
  cursors: Cursors;
  faults: Faults;
  requests: RequestLog;
  shelves: Shelves;
  screenshots: Screenshots;
  life: Life;
  journal: Journal;
}

const SCREENSHOT_LIFE_MS = 15 * 86_400_000;

/** Wires a sandbox together; nothing listens yet. With `fresh`, what an earlier run left is forgotten. */
export function assemble(options: AssemblyOptions, fresh = false): Assembly {
  const journal = new Journal(options.stateFolder);
  const standing = fresh ? null : journal.standing(options.size, options.seed);
  if (fresh) journal.clear();
  const epochMs = standing?.epochMs ?? options.epochMs ?? Date.now();
  const programme = options.createProgramme({ size: options.size, seed: options.seed, epochMs });
  const clock = new Clock({ epochMs, speed: options.speed, ...(standing ? { nowMs: standing.nowMs } : {}) });
  const store = new Store();
  const shelves = new Shelves(store, programme, journal);
  const timers = new Timers();
  const world = makeWorld(options, { journal, programme, clock, store, timers, life: () => life });
  const life: Life = new Life(world, clock, timers, journal.counts, (key, n) => journal.noteCount(key, n));
  store.onChange((change) => journal.note(change));
  if (options.alive) life.begin(shelves.apps);
  journal.saveStanding({ size: options.size, seed: options.seed, epochMs, nowMs: clock.running() });
  const screenshots = new Screenshots(
    store,
    clock,
    programme,
    options.baseUrl,
    `screenshots ${options.seed}`,
  );
  const limiter = new RateLimiter({ hour: options.hourLimit, minute: options.minuteLimit }, () =>
    clock.quota(),
  );
  const cursors = new Cursors(String(options.seed));
  return {
    options,
    world,
    clock,
    api: makeApi(options, world, limiter, cursors, presentersOf(world, screenshots)),
    keys: options.keys,
    limiter,
    cursors,
    faults: new Faults(seededRandom(options.seed)),
    requests: new RequestLog(),
    shelves,
    screenshots,
    life,
    journal,
  };
}

interface Ground {
  journal: Journal;
  programme: Programme;
  clock: Clock;
  store: Store;
  timers: Timers;
  life: () => Life;
}

function makeWorld(options: AssemblyOptions, ground: Ground): World {
  const { clock, store } = ground;
  const ids = new IdSource(options.seed);
  return {
    store,
    clock,
    ids,
    programme: ground.programme,
    mail: new MailLog(ground.journal.mails, (mail) => ground.journal.noteMail(mail)),
    webhooks: new Webhooks(store, clock, ids, options.baseUrl),
    settings: {
      latencyMs: options.latencyMs,
      removalDelayMs: 0,
      screenshotLifeMs: SCREENSHOT_LIFE_MS,
      usageDelayMs: 0,
      reviewDelayMs: 0,
      reviewDecision: null,
    },
    baseUrl: options.baseUrl,
    later: (delayMs, task) => (delayMs <= 0 ? task() : ground.timers.add(clock.now() + delayMs, task)),
    wake: (resource, delayMs) => ground.life().wake(resource, delayMs),
  };
}

function presentersOf(world: World, screenshots: Screenshots): Presenters {
  // The programme knows the path of a picture; where the sandbox listens is known only now.
  const picture = (asset: unknown) => {
    const { templateUrl, ...rest } = (asset ?? {}) as { templateUrl?: string };
    return templateUrl === undefined ? null : { templateUrl: `${world.baseUrl()}${templateUrl}`, ...rest };
  };
  return {
    builds: ({ attributes }) => ({ ...attributes, iconAssetToken: picture(attributes.iconAssetToken) }),
    buildIcons: ({ attributes }) => ({ ...attributes, iconAsset: picture(attributes.iconAsset) }),
    betaTesters: ({ attributes }, view) =>
      view?.scoped ? attributes : { ...attributes, state: null, appDevices: null },
    betaFeedbackScreenshotSubmissions: (submission) => ({
      ...submission.attributes,
      screenshots: screenshots.addresses(submission, world.settings.screenshotLifeMs),
    }),
  };
}

function makeApi(
  { spec, facts, bodies, keys, baseUrl }: AssemblyOptions,
  world: World,
  limiter: RateLimiter,
  cursors: Cursors,
  presenters: Presenters,
): Api {
  const renderer = new Renderer(world.store, facts, baseUrl, presenters);
  const reads = new Reads(spec, world.store, new Selector(world.store, facts), renderer, cursors);
  return new Api({
    spec,
    tokens: new TokenVerifier(keys, () => world.clock.server()),
    limiter,
    bodies,
    reads,
    writes: new Writes(world),
    special: { world, reads, renderer, usage: new UsageBook(world) },
  });
}
