import { fileNameOf, placer, uuidOf } from './images';
import { addressOf, fieldsOf, type Json, listOf, textOf, wholeOf } from './json';
import { crashKindOf } from './kinds';
import { signalIn, systemIn } from './names';
import type { BinaryImage, CrashReport, Frame, Termination, Thread, ThrownException } from './report';
import { frameAt, framesIn } from './text-frames';
import { namedIn, thrownIn } from './thrown';

type Fields = ReturnType<typeof fieldsOf>;

/** Reads the JSON of an `.ips` file: the line before it, if there is one, and the body. */
export function readIps(header: Json | null, body: Json, isCut: boolean): CrashReport {
  const head = fieldsOf(header ?? {});
  const all = fieldsOf(body);
  const images = listOf(all.usedImages).map(imageOf);
  const threads = threadsOf(all, images);
  const bugType = textOf(all.bug_type) ?? textOf(head.bug_type);
  const { kind, what } = crashKindOf(bugType, all, threads.length > 0);
  const crashed = threads.find((thread) => thread.isCrashed);
  return {
    kind,
    format: 'ips',
    what,
    bugType,
    exception: exceptionOf(fieldsOf(all.exception)),
    termination: terminationOf(fieldsOf(all.termination)),
    thrown: thrownOf(all, images),
    crashedThread: crashed?.number ?? wholeOf(all.faultingThread),
    threads,
    images,
    registers: registersOf(all, crashed?.number ?? null),
    applicationInfo: Object.entries(fieldsOf(all.asi)).map(([source, lines]) => ({
      source,
      lines: linesOf(lines),
    })),
    process: processOf(all, head),
    device: deviceOf(all, head),
    incident: textOf(all.incident) ?? textOf(head.incident_id),
    crashedAt: textOf(all.captureTime) ?? textOf(head.timestamp),
    launchedAt: textOf(all.procLaunch),
    uptime: wholeOf(all.uptime),
    isCut,
  };
}

function imageOf(value: Json): BinaryImage {
  const image = fieldsOf(value);
  const path = textOf(image.path);
  return {
    name: textOf(image.name) ?? fileNameOf(path) ?? '???',
    path,
    uuid: uuidOf(textOf(image.uuid)),
    arch: textOf(image.arch),
    base: addressOf(image.base),
    size: wholeOf(image.size),
    bundleId: textOf(image.CFBundleIdentifier),
    version: textOf(image.CFBundleShortVersionString) ?? textOf(image.CFBundleVersion),
  };
}

function threadsOf(all: Fields, images: readonly BinaryImage[]): Thread[] {
  const list = listOf(all.threads);
  const triggered = list.findIndex((thread) => fieldsOf(thread).triggered === true);
  const faulting = wholeOf(all.faultingThread);
  const crashed = faulting !== null && faulting >= 0 && faulting < list.length ? faulting : triggered;
  return list.map((value, number) => {
    const thread = fieldsOf(value);
    return {
      number,
      name: textOf(thread.name),
      queue: textOf(thread.queue),
      isCrashed: number === crashed,
      frames: framesOf(thread.frames, images),
    };
  });
}

function framesOf(value: Json | undefined, images: readonly BinaryImage[]): Frame[] {
  return listOf(value).map((one, index) => {
    const frame = fieldsOf(one);
    const image = wholeOf(frame.imageIndex);
    const of = image === null ? undefined : images[image];
    const offset = wholeOf(frame.imageOffset);
    const base = of?.base;
    return {
      index,
      binary: of === undefined || of.name === '???' ? null : of.name,
      image: of === undefined ? null : image,
      symbol: textOf(frame.symbol),
      symbolOffset: wholeOf(frame.symbolLocation),
      address:
        offset === null || offset < 0 || base === null || base === undefined
          ? null
          : `0x${(BigInt(base) + BigInt(offset)).toString(16)}`,
      offset,
      file: textOf(frame.sourceFile),
      line: wholeOf(frame.sourceLine),
      isInlined: frame.inline === true,
    };
  });
}

function exceptionOf(exception: Fields): CrashReport['exception'] {
  if (Object.keys(exception).length === 0) return null;
  const signal = textOf(exception.signal);
  return {
    type: textOf(exception.type) ?? signalIn(signal ?? ''),
    signal: signalIn(signal ?? '') ?? signal,
    codes: textOf(exception.codes),
    subtype: textOf(exception.subtype),
    message: textOf(exception.message),
  };
}

function terminationOf(termination: Fields): Termination | null {
  if (Object.keys(termination).length === 0) return null;
  return {
    namespace: textOf(termination.namespace),
    code: wholeOf(termination.code),
    reasons: [termination.indicator, termination.reasons, termination.details].flatMap(linesOf),
    byProcess: textOf(termination.byProc),
  };
}

const linesOf = (value: Json | undefined): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((one) => textOf(one) ?? []);

/** What was thrown: told in fields of their own by newer systems, by older ones in a binary's words. */
function thrownOf(all: Fields, images: readonly BinaryImage[]): ThrownException | null {
  const told = fieldsOf(all.exceptionReason);
  const said = thrownIn(Object.values(fieldsOf(all.asi)).flatMap(linesOf));
  const last = raisedIn(listOf(all.lastExceptionBacktrace), images);
  const frames = last.length > 0 ? last : backtraceOf(all, images);
  const own = namedIn(textOf(told.name) ?? '');
  const name = own.name || (said?.name ?? null);
  if (name === null && frames.length === 0) return null;
  const reason = textOf(told.composed_message) ?? said?.reason ?? own.rest;
  return { name, reason, frames };
}

/** Where it was thrown: as calls, or as bare addresses. What tells nothing stands in the way of the crashed thread. */
function raisedIn(list: readonly Json[], images: readonly BinaryImage[]): Frame[] {
  const bare = list.flatMap((one, index) => {
    const address = addressOf(one);
    return address === null ? [] : [frameAt(index, address)];
  });
  const frames = bare.length > 0 ? placer(images)(bare) : framesOf([...list], images);
  return frames.filter(({ image, symbol, address }) => image !== null || symbol !== null || address !== null);
}

/** The backtrace that an exception itself carried, which is told as text. */
function backtraceOf(all: Fields, images: readonly BinaryImage[]): Frame[] {
  const lines = listOf(all.asiBacktraces).flatMap((one) => textOf(one)?.split('\n') ?? []);
  return placer(images)(framesIn(lines));
}

/** The registers of the crashed thread in the order in which they are told. */
function registersOf(all: Fields, crashed: number | null): [string, string][] {
  if (crashed === null) return [];
  const state = fieldsOf(fieldsOf(listOf(all.threads)[crashed]).threadState);
  return Object.entries(state).flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.flatMap((one, index) => registerOf(`${name}${index}`, one))
      : registerOf(name, value ?? null),
  );
}

function registerOf(name: string, value: Json): [string, string][] {
  const address = addressOf(fieldsOf(value).value);
  return address === null ? [] : [[name, address]];
}

function processOf(all: Fields, head: Fields): CrashReport['process'] {
  const bundle = fieldsOf(all.bundleInfo);
  return {
    name: textOf(all.procName) ?? textOf(head.app_name) ?? textOf(head.name),
    path: textOf(all.procPath),
    bundleId: textOf(bundle.CFBundleIdentifier) ?? textOf(head.bundleID),
    version: textOf(bundle.CFBundleShortVersionString) ?? textOf(head.app_version),
    build: textOf(bundle.CFBundleVersion) ?? textOf(head.build_version),
    pid: wholeOf(all.pid),
    role: textOf(all.procRole),
    parent: textOf(all.parentProc),
  };
}

function deviceOf(all: Fields, head: Fields): CrashReport['device'] {
  const os = fieldsOf(all.osVersion);
  const told = systemIn(textOf(os.train) ?? textOf(head.os_version));
  return {
    model: textOf(all.modelCode) ?? textOf(all.product),
    os: told.os,
    osVersion: told.version,
    osBuild: textOf(os.build) ?? told.build,
    arch: textOf(all.cpuType),
    isTranslated: all.translated === true,
  };
}
