import { isoPacific, pacificOffsetHours } from '../dates';
import type { Platform } from '../people/devices';
import { cycle } from '../prng';
import type { BinaryImage } from './crash-images';
import type { CrashFrame, CrashReport, CrashThread, ThreadState } from './crash-report';

const TRAINS: Record<Platform, string> = {
  IOS: 'iPhone OS',
  MAC_OS: 'macOS',
  TV_OS: 'Apple TVOS',
  VISION_OS: 'xrOS',
};
const PLATFORM_NUMBERS: Record<Platform, number> = { MAC_OS: 1, IOS: 2, TV_OS: 3, VISION_OS: 11 };

/** The system as crash logs call it, such as `iPhone OS 26.1`. */
export function osTrain(report: CrashReport): string {
  return `${TRAINS[report.platform]} ${report.osVersion}`;
}

/** `2026-03-17 22:50:41.6409 -0700`, with as many decimals as asked for. */
export function logTime(ms: number, decimals: 2 | 4): string {
  const local = isoPacific(ms);
  const fraction = String(ms % 1000)
    .padStart(3, '0')
    .padEnd(4, '7')
    .slice(0, decimals);
  return `${local.slice(0, 10)} ${local.slice(11, 19)}.${fraction} -0${pacificOffsetHours(ms)}00`;
}

/** A 64-bit number on its way through JSON.stringify, which would round it; unquoted by `jsonOf`. */
function u64(value: bigint): string {
  return `#u64:${value}`;
}

/** JSON as Apple writes it: slashes escaped, whole numbers beyond 2^53 kept exact. */
function jsonOf(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replaceAll(/"#u64:(\d+)"/g, '$1');
}

function frameJson(frame: CrashFrame): Record<string, unknown> {
  const place = frame.file ? { sourceLine: frame.line ?? 0, sourceFile: frame.file } : {};
  const name = frame.symbol ? { symbol: frame.symbol, symbolLocation: frame.symbolLocation } : {};
  return { imageOffset: frame.imageOffset, ...place, ...name, imageIndex: frame.imageIndex };
}

function stateJson(state: ThreadState): Record<string, unknown> {
  const value = (number: bigint) => ({ value: u64(number) });
  return {
    x: state.x.map(value),
    flavor: 'ARM_THREAD_STATE64',
    lr: value(state.lr),
    cpsr: value(state.cpsr),
    fp: value(state.fp),
    sp: value(state.sp),
    esr: { value: u64(state.esr), description: state.esrText },
    pc: value(state.pc),
    far: value(state.far),
  };
}

function threadJson(thread: CrashThread): Record<string, unknown> {
  return {
    ...(thread.isTriggered ? { triggered: true } : {}),
    id: thread.id,
    ...(thread.name ? { name: thread.name } : {}),
    threadState: stateJson(thread.state),
    ...(thread.queue ? { queue: thread.queue } : {}),
    frames: thread.frames.map(frameJson),
  };
}

function imageJson(image: BinaryImage): Record<string, unknown> {
  const bundle = image.bundleId ? { CFBundleIdentifier: image.bundleId } : {};
  return {
    source: image.source,
    arch: image.arch,
    base: image.base,
    ...bundle,
    size: image.size,
    uuid: image.uuid,
    path: image.path,
    name: image.name,
  };
}

function headerOf(report: CrashReport): Record<string, unknown> {
  return {
    app_name: report.process,
    timestamp: logTime(report.capturedMs + 600, 2),
    app_version: report.version,
    slice_uuid: cycle(report.images, 0).uuid,
    adam_id: report.appId,
    build_version: report.buildNumber,
    platform: PLATFORM_NUMBERS[report.platform],
    bundleID: report.bundleId,
    share_with_app_devs: 1,
    is_first_party: 0,
    bug_type: '309',
    os_version: `${osTrain(report)} (${report.osBuild})`,
    roots_installed: 0,
    name: report.process,
    incident_id: report.incident,
  };
}

function hex16(value: number): string {
  return `0x${value.toString(16).padStart(16, '0')}`;
}

function processFacts(report: CrashReport): Record<string, unknown> {
  return {
    uptime: 10_000 * (1 + (report.pid % 40)),
    procRole: report.cause.id === 'locked-file' ? 'Background' : 'Foreground',
    version: 2,
    userID: 501,
    deployVersion: 210,
    modelCode: report.deviceModel,
    coalitionID: 400 + (report.pid % 900),
    osVersion: {
      isEmbedded: report.platform !== 'MAC_OS',
      train: osTrain(report),
      releaseType: 'User',
      build: report.osBuild,
    },
    captureTime: logTime(report.capturedMs, 4),
    codeSigningMonitor: 2,
    incident: report.incident,
    pid: report.pid,
    translated: false,
    cpuType: 'ARM-64',
    procLaunch: logTime(report.launchedMs, 4),
    procName: report.process,
    procPath: cycle(report.images, 0).path,
    bundleInfo: {
      CFBundleShortVersionString: report.version,
      CFBundleVersion: report.buildNumber,
      CFBundleIdentifier: report.bundleId,
    },
    storeInfo: { itemID: report.appId, thirdParty: true, entitledBeta: true },
    parentProc: 'launchd',
    parentPid: 1,
    coalitionName: report.bundleId,
    crashReporterKey: report.reporterKey,
    wasUnlockedSinceBoot: 1,
    isLocked: 0,
    codeSigningID: report.bundleId,
    codeSigningTeamID: 'EXAMPLE0ID',
  };
}

function deathFacts(report: CrashReport): Record<string, unknown> {
  const { cause, reasons } = report;
  const [code, subcode] = cause.codes;
  const { namespace, indicator } = cause.termination;
  return {
    exception: {
      codes: `${hex16(code)}, ${hex16(subcode)}`,
      rawCodes: [code, subcode],
      type: cause.type,
      signal: cause.signal,
      ...(cause.subtype ? { subtype: cause.subtype } : {}),
    },
    termination: {
      flags: reasons.length > 0 ? 6 : 0,
      code: cause.termination.code,
      namespace,
      ...(reasons.length > 0
        ? { reasons }
        : {
            indicator,
            byProc: cause.signal === 'SIGABRT' ? report.process : 'exc handler',
            byPid: report.pid,
          }),
    },
    ...(report.asi.length > 0
      ? { asi: Object.fromEntries(report.asi.map(([image, text]) => [image, [text]])) }
      : {}),
    ...(report.lastException ? { lastExceptionBacktrace: report.lastException.map(frameJson) } : {}),
  };
}

/** Writes a report in the `.ips` form: one line of JSON that names the incident, then the body as JSON. */
export function ipsText(report: CrashReport): string {
  const shared = report.images.filter((image) => image.source === 'S').map((image) => image.base);
  const body: Record<string, unknown> = {
    ...processFacts(report),
    ...deathFacts(report),
    faultingThread: report.faultingThread,
    threads: report.threads.map(threadJson),
    usedImages: report.images.map(imageJson),
    sharedCache: {
      base: Math.floor(Math.min(...shared) / 0x4000) * 0x4000,
      size: 4_360_962_048,
      uuid: cycle(report.images, 1).uuid,
    },
    vmSummary:
      'ReadOnly portion of Libraries: Total=1.6G resident=0K(0%) swapped_out_or_unallocated=1.6G(100%)',
    legacyInfo: { threadTriggered: { queue: report.cause.queue } },
    trialInfo: { rollouts: [], experiments: [] },
  };
  const lines = Object.entries(body).map(([key, value]) => `  ${jsonOf(key)} : ${jsonOf(value)}`);
  return `${jsonOf(headerOf(report)).replaceAll('\\/', '/')}\n{\n${lines.join(',\n')}\n}\n`;
}
