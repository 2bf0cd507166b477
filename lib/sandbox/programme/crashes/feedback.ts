import type { AppModel } from '../app-model';
import type { BuildModel } from '../builds/builds';
import { DAY_MS, HOUR_MS, isoUtc } from '../dates';
import { feedbackIdSeries, type IdSeries } from '../ids';
import { drawDevice } from '../people/devices';
import { type InstalledDevice, type TesterModel, testerAt } from '../people/testers';
import { cycle, Random } from '../prng';
import type { Seed } from '../types';
import { commentFor, type FeedbackKind } from './comments';

/** One report, before it takes Apple's shape. */
export interface FeedbackItem {
  kind: FeedbackKind;
  id: string;
  createdMs: number;
  tester: TesterModel;
  device: InstalledDevice;
}

const PLACES = [
  ['en-US', 'America/New_York'],
  ['en-US', 'America/Los_Angeles'],
  ['en-GB', 'Europe/London'],
  ['de-DE', 'Europe/Berlin'],
  ['fr-FR', 'Europe/Paris'],
  ['es-ES', 'Europe/Madrid'],
  ['es-MX', 'America/Mexico_City'],
  ['pt-BR', 'America/Sao_Paulo'],
  ['it-IT', 'Europe/Rome'],
  ['nl-NL', 'Europe/Amsterdam'],
  ['ja-JP', 'Asia/Tokyo'],
  ['ko-KR', 'Asia/Seoul'],
  ['zh-Hans-CN', 'Asia/Shanghai'],
  ['zh-Hant-TW', 'Asia/Taipei'],
  ['ru-RU', 'Europe/Moscow'],
  ['uk-UA', 'Europe/Kyiv'],
  ['el-GR', 'Europe/Athens'],
  ['ar-EG', 'Africa/Cairo'],
  ['he-IL', 'Asia/Jerusalem'],
  ['hi-IN', 'Asia/Kolkata'],
  ['th-TH', 'Asia/Bangkok'],
  ['tr-TR', 'Europe/Istanbul'],
  ['sv-SE', 'Europe/Stockholm'],
  ['en-AU', 'Australia/Sydney'],
] as const;
const CONNECTIONS = [
  ['WIFI', 62],
  ['MOBILE_DATA', 31],
  ['NONE', 3],
  ['UNKNOWN', 2],
  ['WIRE', 2],
] as const;
const WATCHES = ['Watch6,14', 'Watch7,2', 'Watch7,5', 'Watch7,9', 'Watch7,12'];

/** Finds somebody who has the app installed; null where an app has no such tester. */
function drawReporter(model: AppModel, random: Random): TesterModel | null {
  const outsiders = model.plan.testers - model.plan.internalTesters;
  for (let attempt = 0; attempt < 400; attempt++) {
    // The team reports more than its share; a few outsiders report again and again.
    const isInside = random.chance(0.25);
    const place = random.chance(0.5) ? random.next() ** 3 : random.next();
    const n = isInside
      ? random.between(0, model.plan.internalTesters - 1)
      : model.plan.internalTesters + Math.floor(place * outsiders);
    const tester = testerAt(model, n);
    if (tester.state === 'INSTALLED' && tester.devices.length > 0) return tester;
  }
  return null;
}

function drawMoment(random: Random, build: BuildModel, epochMs: number): number {
  const until = Math.min(epochMs - 60_000, build.expiresMs);
  const from = Math.min(build.uploadedMs + HOUR_MS / 2, until - 1);
  // Most reports come in the days after a build arrives.
  return Math.round(from + Math.max(0, until - from) * random.next() ** 1.6);
}

/** The reports an app has at the epoch, newest first. */
export function drawFeedback(model: AppModel): FeedbackItem[] {
  const items: FeedbackItem[] = [];
  for (const [kind, count] of [
    ['screenshot', model.plan.screenshots],
    ['crash', model.plan.crashes],
  ] as const) {
    const idAt = feedbackIdSeries(`${model.key}/feedback/${kind}`);
    for (let n = 0; n < count; n++) {
      const random = new Random(`${model.key}/feedback/${kind}/${n}`);
      const tester = drawReporter(model, random);
      if (!tester) continue;
      const device = random.pick(tester.devices);
      items.push({
        kind,
        id: idAt(n),
        createdMs: drawMoment(random, device.build, model.options.epochMs),
        tester,
        device,
      });
    }
  }
  return items.sort((a, b) => b.createdMs - a.createdMs);
}

/** Screen sizes in pixels: as held, or on its side for one in nine where the device can be turned. */
function pictures(random: Random, item: FeedbackItem, expiresMs: number): Record<string, unknown>[] {
  const { model } = item.device;
  const isTurned = (model.family === 'IPHONE' || model.family === 'IPAD') && random.chance(0.11);
  const [across, down] = [model.widthPoints * model.scale, model.heightPoints * model.scale];
  const count = random.weighted([
    [1, 82],
    [2, 13],
    [3, 5],
  ] as const);
  return Array.from({ length: count }, (_, index) => ({
    url: `https://tf-feedback.itunes.apple.com/eimg/${item.id}/${index}.png`,
    width: isTurned ? down : across,
    height: isTurned ? across : down,
    expirationDate: isoUtc(expiresMs),
  }));
}

/** A report as Apple shows it, plus the pseudo-relationship `app` that Apple's schema has none for. */
export function feedbackSeed(model: AppModel, item: FeedbackItem): Seed {
  const random = new Random(`${item.id}/attributes`);
  const { device, tester } = item;
  const { model: hardware } = device;
  const [locale, timeZone] = random.pick(PLACES);
  const isPhone = hardware.family === 'IPHONE';
  const spelling = random.chance(0.04) ? hardware.identifier.replace(',', '_') : hardware.identifier;
  const isSigned = !tester.isAnonymous || random.chance(0.2);
  const attributes: Record<string, unknown> = {
    createdDate: isoUtc(item.createdMs),
    comment: commentFor(item.kind, model.brand.topic, locale, random),
    email: isSigned ? tester.person.email : null,
    deviceModel: spelling,
    osVersion: device.osVersion,
    locale,
    timeZone,
    architecture: hardware.architecture,
    connectionType: hardware.family === 'MAC' && random.chance(0.2) ? 'WIRE' : random.weighted(CONNECTIONS),
    pairedAppleWatch: isPhone && random.chance(0.35) ? random.pick(WATCHES) : null,
    appUptimeInMilliseconds: Math.round(1_500 + random.next() ** 4 * 40 * HOUR_MS),
    diskBytesAvailable: Math.round(hardware.diskBytes * (0.02 + random.next() * 0.6)),
    diskBytesTotal: hardware.diskBytes,
    batteryPercentage: hardware.family === 'APPLE_TV' ? null : random.between(3, 100),
    screenWidthInPoints: hardware.widthPoints,
    screenHeightInPoints: hardware.heightPoints,
    appPlatform: device.build.train.platform,
    devicePlatform: hardware.platform,
    deviceFamily: hardware.family,
    buildBundleId: model.bundleId,
  };
  const expiresMs = model.options.epochMs + 14 * DAY_MS;
  if (item.kind === 'screenshot') attributes.screenshots = pictures(random, item, expiresMs);
  return {
    type: item.kind === 'crash' ? 'betaFeedbackCrashSubmissions' : 'betaFeedbackScreenshotSubmissions',
    id: item.id,
    attributes,
    relationships: {
      app: model.id,
      build: device.build.id,
      tester: isSigned || random.chance(0.5) ? tester.id : null,
    },
  };
}

function newestDevice(model: AppModel, random: Random): InstalledDevice {
  const build = cycle(model.builds, -1);
  return { ...drawDevice(random, build.train.platform, build.minimumOs), build };
}

/** The n-th report that comes in after the epoch, dated n minutes after it. */
export function drawNextFeedback(model: AppModel, n: number): Seed {
  const random = new Random(`${model.key}/next-feedback/${n}`);
  const kind: FeedbackKind = random.chance(0.45) ? 'crash' : 'screenshot';
  const ids: IdSeries = feedbackIdSeries(`${model.key}/next-feedback`);
  const tester = drawReporter(model, random) ?? testerAt(model, 0);
  return feedbackSeed(model, {
    kind,
    id: ids(n),
    createdMs: model.options.epochMs + (n + 1) * 60_000,
    tester,
    device: tester.devices.length > 0 ? random.pick(tester.devices) : newestDevice(model, random),
  });
}
