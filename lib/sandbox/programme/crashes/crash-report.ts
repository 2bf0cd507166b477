import type { AppModel } from '../app-model';
import type { BuildModel } from '../builds/builds';
import { modelOf, osBuild, type Platform } from '../people/devices';
import { cycle, Random } from '../prng';
import type { Seed } from '../types';
import { appBinary } from './app-binary';
import { type Cause, type CauseFrame, causesFor } from './crash-causes';
import { type BinaryImage, imageUuid, isSystemImage, systemImage, systemPlace } from './crash-images';
import { backgroundThreads, type ThreadPlan, tailOf } from './crash-threads';

export interface CrashFrame {
  imageIndex: number;
  imageOffset: number;
  /** Null where the log was not symbolicated. */
  symbol: string | null;
  symbolLocation: number;
  file: string | null;
  line: number | null;
}

/** Registers of a 64-bit ARM thread; they may hold any 64-bit number, hence no `number`. */
export interface ThreadState {
  x: readonly bigint[];
  fp: bigint;
  lr: bigint;
  sp: bigint;
  pc: bigint;
  cpsr: bigint;
  far: bigint;
  esr: bigint;
  esrText: string;
}

export interface CrashThread {
  id: number;
  name: string | null;
  queue: string | null;
  isTriggered: boolean;
  frames: readonly CrashFrame[];
  state: ThreadState;
}

/** Everything a crash log says, before it is written in one of Apple's two forms. */
export interface CrashReport {
  cause: Cause;
  process: string;
  bundleId: string;
  appId: string;
  version: string;
  buildNumber: string;
  platform: Platform;
  deviceModel: string;
  osVersion: string;
  osBuild: string;
  incident: string;
  reporterKey: string;
  containerId: string;
  pid: number;
  capturedMs: number;
  launchedMs: number;
  images: readonly BinaryImage[];
  threads: readonly CrashThread[];
  faultingThread: number;
  lastException: readonly CrashFrame[] | null;
  asi: readonly (readonly [image: string, text: string])[];
  reasons: readonly string[];
}

/** Bugs an app has at one build: each lives through a stretch of builds, the first through all. */
function livingCauses(model: AppModel, build: BuildModel): Cause[] {
  const all = causesFor(model.brand.topic);
  const last = model.builds.length - 1;
  const age = build.index / Math.max(1, last);
  const usable = (cause: Cause) => !(cause.isUikit && build.train.platform === 'MAC_OS');
  const own = [0, 3, 5, 7, 9, 10, 11].map((step) => cycle(all, model.index * 5 + step)).filter(usable);
  return own.filter((_, i) => i === 0 || (i % 2 === 0 ? age <= 1 - i * 0.05 : age >= i * 0.05));
}

/** The bug behind a submission; the commonest makes up nearly half of an app's crashes. */
export function causeOf(model: AppModel, build: BuildModel, submissionId: string): Cause {
  const random = new Random(`${submissionId}/cause`);
  const causes = livingCauses(model, build);
  return random.weighted(causes.map((cause, i) => [cause, 1 / (i + 1) ** 1.3] as const));
}

/** Loads binaries as they are named and places frames in them. */
class Loader {
  readonly images: BinaryImage[] = [];
  readonly #byName = new Map<string, number>();
  readonly #load: (name: string) => BinaryImage;
  readonly #isSymbolicated: (image: BinaryImage) => boolean;
  readonly #place: (image: BinaryImage, symbol: string) => { offset: number; location: number };

  constructor(
    load: (name: string) => BinaryImage,
    isSymbolicated: (image: BinaryImage) => boolean,
    place: (image: BinaryImage, symbol: string) => { offset: number; location: number },
  ) {
    this.#load = load;
    this.#place = place;
    this.#isSymbolicated = isSymbolicated;
  }

  #indexOf(name: string): number {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    this.images.push(this.#load(name));
    this.#byName.set(name, this.images.length - 1);
    return this.images.length - 1;
  }

  frame({ image: name, symbol, file, line }: CauseFrame): CrashFrame {
    const imageIndex = this.#indexOf(name);
    const image = cycle(this.images, imageIndex);
    const { offset: imageOffset, location: symbolLocation } = this.#place(image, symbol);
    const isNamed = this.#isSymbolicated(image);
    return {
      imageIndex,
      imageOffset,
      symbol: isNamed ? symbol : null,
      symbolLocation,
      file: isNamed && file ? file : null,
      line: isNamed && line ? line : null,
    };
  }
}

function pointer(random: Random): bigint {
  return (BigInt(random.between(1, 2)) << 32n) | BigInt((random.word() & ~0xf) >>> 0);
}

function drawState(random: Random, pc: number, lr: number, far: bigint | null): ThreadState {
  const register = () => {
    const kind = random.next();
    if (kind < 0.35) return BigInt(random.between(0, 16));
    return kind < 0.93 ? pointer(random) : BigInt.asUintN(64, -BigInt(random.between(1, 4096)));
  };
  const sp = 0x1_6b00_0000n + BigInt((random.word() & 0xffff) * 16);
  return {
    x: Array.from({ length: 29 }, register),
    fp: sp + 96n,
    lr: BigInt(lr),
    sp,
    pc: BigInt(pc),
    cpsr: 0x6000_0000n,
    far: far ?? 0n,
    esr: far === null ? 0x5600_0080n : 0x9200_0006n,
    esrText: far === null ? ' Address size fault' : '(Data Abort) byte read Translation fault',
  };
}

function addressOf(images: readonly BinaryImage[], frame: CrashFrame | undefined): number {
  return frame ? (images[frame.imageIndex]?.base ?? 0) + frame.imageOffset : 0;
}

/** Puts the dying thread among idle ones: the main thread first, whoever died. */
function planThreads(
  cause: Cause,
  platform: Platform,
  random: Random,
): { plans: ThreadPlan[]; faulting: number } {
  const isMain = cause.queue === 'com.apple.main-thread';
  const tail = tailOf(isMain ? 'main' : 'worker', platform);
  const dying: ThreadPlan = { name: null, queue: cause.queue, frames: [...cause.frames, ...tail] };
  const idle = backgroundThreads(random, platform);
  if (isMain) return { plans: [dying, ...idle], faulting: 0 };
  const at = random.between(1, idle.length);
  const main: ThreadPlan = { name: null, queue: 'com.apple.main-thread', frames: tailOf('idle', platform) };
  return { plans: [main, ...idle.slice(0, at - 1), dying, ...idle.slice(at - 1)], faulting: at };
}

function containerPath(platform: Platform, process: string, containerId: string): string {
  return platform === 'MAC_OS'
    ? `/Applications/${process}.app/Contents/MacOS/${process}`
    : `/private/var/containers/Bundle/Application/${containerId}/${process}.app/${process}`;
}

function loaderFor(
  model: AppModel,
  build: BuildModel,
  submission: Seed,
  random: Random,
  containerId: string,
): Loader {
  const platform = build.train.platform;
  const osVersion = String(submission.attributes.osVersion);
  const cacheBase = 0x1_8000_0000 + random.between(0, 0x1fff) * 0x4000;
  const appBase = 0x1_0000_0000 + random.between(1, 0x3fff) * 0x4000;
  const process = model.brand.executable;
  // System names are missing too in one log of twenty, as from a beta system.
  const isStripped = random.chance(0.05);
  const binary = appBinary(model, build);
  return new Loader(
    (name) =>
      isSystemImage(name)
        ? systemImage(name, platform, osVersion, cacheBase)
        : {
            name: process,
            path: containerPath(platform, process, containerId),
            uuid: binary.uuid,
            base: appBase,
            size: 0x4e8000,
            arch: 'arm64',
            source: 'P',
            bundleId: model.bundleId,
          },
    (image) => (image.source === 'P' ? build.hasSymbols : !isStripped),
    (image, symbol) =>
      image.source === 'P' ? binary.placeOf(symbol, image.size) : systemPlace(image, symbol),
  );
}

/** Works out the crash behind a submission; the same submission always gives the same report. */
export function reportFor(model: AppModel, build: BuildModel, submission: Seed): CrashReport {
  const random = new Random(`${submission.id}/report`);
  const cause = causeOf(model, build, submission.id);
  const platform = build.train.platform;
  const containerId = imageUuid(`${submission.id}/container`).toUpperCase();
  const loader = loaderFor(model, build, submission, random, containerId);
  const { plans, faulting } = planThreads(cause, platform, random);
  // The app's binary comes first, as in every real log.
  loader.frame({ image: '@', symbol: 'main' });
  const firstId = random.between(20_000, 900_000);
  const far = cause.type === 'EXC_BAD_ACCESS' ? BigInt(cause.codes[1]) : null;
  const threads = plans.map((plan, i): CrashThread => {
    const frames = plan.frames.map((frame) => loader.frame(frame));
    const [pc, lr] = [addressOf(loader.images, frames[0]), addressOf(loader.images, frames[1])];
    return {
      id: firstId + i * 7,
      name: plan.name,
      queue: plan.queue,
      isTriggered: i === faulting,
      frames,
      state: drawState(random, pc, lr, i === faulting ? far : null),
    };
  });
  const capturedMs = Date.parse(String(submission.attributes.createdDate)) - 45_000;
  const pid = random.between(310, 19_000);
  const filled = (text: string) =>
    text
      .replaceAll('{bundle}', model.bundleId)
      .replaceAll('{pid}', String(pid))
      .replaceAll('{process}', model.brand.executable);
  return {
    cause,
    process: model.brand.executable,
    bundleId: model.bundleId,
    appId: model.id,
    version: build.train.version,
    buildNumber: build.number,
    platform,
    deviceModel: modelOf(String(submission.attributes.deviceModel)).identifier,
    osVersion: String(submission.attributes.osVersion),
    osBuild: osBuild(platform, String(submission.attributes.osVersion)),
    incident: imageUuid(`${submission.id}/incident`).toUpperCase(),
    reporterKey: new Random(`${submission.attributes.deviceModel}/${submission.relationships.tester}`).hex(
      40,
    ),
    containerId,
    pid,
    capturedMs,
    launchedMs: capturedMs - Number(submission.attributes.appUptimeInMilliseconds ?? 60_000),
    threads,
    faultingThread: faulting,
    lastException: cause.lastException
      ? [...cause.lastException, ...tailOf('main', platform)].map((frame) => loader.frame(frame))
      : null,
    images: loader.images,
    asi: cause.asi.map(([image, text]) => [image, filled(text)] as const),
    reasons: (cause.termination.reasons ?? []).map(filled),
  };
}
