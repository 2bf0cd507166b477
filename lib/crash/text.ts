import { imageFinder, offsetIn } from './images';
import { fieldsOf, type Json, textOf, wholeOf } from './json';
import { textKindOf } from './kinds';
import { machExceptionIn, signalIn } from './names';
import type { BinaryImage, CrashReport, Frame, Termination, Thread } from './report';
import { type Sections, sectionsOf } from './text-sections';
import { thrownIn } from './thrown';

/**
 * Reads a report of the older text. Labels may be in another language: what a line holds (`EXC_…`, `SIG…`, a frame, an
 * image) tells then what it is.
 */
export function readText(text: string, header: Json | null): CrashReport {
  const sections = sectionsOf(text);
  const head = fieldsOf(header ?? {});
  const { images } = sections;
  const threads = threadsOf(sections, images);
  const thrownFrames = placed(sections.thrown, images);
  const exception = exceptionOf(sections);
  const termination = terminationOf(sections);
  const bugType = textOf(head.bug_type);
  // A report that was cut at either end is still one: by its first lines, or by stacks beside their images.
  const hasHead = ['incident identifier', 'process', 'hardware model', 'identifier', 'code type'].filter(
    (label) => sections.field(label) !== null,
  );
  const isCrashLike =
    exception !== null ||
    threads.some((thread) => thread.isCrashed) ||
    thrownFrames.length > 0 ||
    (threads.length > 0 && (images.length > 0 || hasHead.length > 0)) ||
    hasHead.length >= 3;
  const { kind, what } = textKindOf(text, bugType, isCrashLike);
  const said = thrownIn([...sections.information, sections.information.join('\n')]);
  const crashed = threads.find((thread) => thread.isCrashed);
  return {
    kind,
    format: header === null ? (kind === 'not-recognised' ? 'other' : 'text') : 'ips-109',
    what,
    bugType,
    exception,
    termination,
    thrown:
      said === null && thrownFrames.length === 0
        ? null
        : { name: said?.name ?? null, reason: said?.reason ?? null, frames: thrownFrames },
    crashedThread: crashed?.number ?? sections.crashedThread,
    threads,
    images,
    registers: sections.registers,
    applicationInfo: sections.information.length === 0 ? [] : [{ source: null, lines: sections.information }],
    process: processOf(sections, head),
    device: deviceOf(sections, head),
    incident: sections.field('incident identifier') ?? textOf(head.incident_id),
    crashedAt: sections.field('date/time') ?? textOf(head.timestamp),
    launchedAt: sections.field('launch time'),
    uptime: wholeOf(/\d+/.exec(sections.field('time awake since boot') ?? '')?.[0]),
    isCut: kind === 'crash' && images.length === 0,
  };
}

function threadsOf(sections: Sections, images: readonly BinaryImage[]): Thread[] {
  const marked = sections.threads.filter((thread) => thread.isMarked);
  // Where many headings say more than a number, a word of one of them or a field tells which crashed.
  const crashed =
    marked.length === 1
      ? marked[0]?.number
      : (marked.find(({ isCalledCrashed }) => isCalledCrashed)?.number ?? sections.crashedThread);
  return sections.threads.map((thread) => ({
    number: thread.number,
    name: thread.name,
    queue: thread.queue,
    isCrashed: thread.number === crashed,
    frames: placed(thread.frames, images),
  }));
}

/** Frames with the image they are in and how far: by address, else by name. */
function placed(frames: readonly Frame[], images: readonly BinaryImage[]): Frame[] {
  const find = imageFinder(images);
  const byName = new Map<string, number>();
  for (const [index, { name, bundleId }] of images.entries()) {
    if (bundleId !== null && !byName.has(bundleId)) byName.set(bundleId, index);
    if (!byName.has(name)) byName.set(name, index);
  }
  return frames.map((frame) => {
    const image =
      (frame.address === null ? null : find(frame.address)) ?? byName.get(frame.binary ?? '') ?? null;
    const of = image === null ? undefined : images[image];
    return {
      ...frame,
      binary: frame.binary ?? (of === undefined || of.name === '???' ? null : of.name),
      image,
      offset: frame.offset ?? offsetIn(of, frame.address),
    };
  });
}

function exceptionOf(sections: Sections): CrashReport['exception'] {
  const told = sections.field('exception type');
  const type = told ?? sections.head.find((line) => machExceptionIn(line) !== null) ?? null;
  const codes = sections.field('exception codes');
  if (type === null && codes === null) return null;
  const words = type ?? '';
  return {
    type: machExceptionIn(words) ?? signalIn(words) ?? told,
    signal: signalIn(words),
    codes,
    subtype: sections.field('exception subtype'),
    message: sections.field('exception message'),
  };
}

/** `Namespace SPRINGBOARD, Code 0x8badf00d`, `SIGNAL 6 Abort trap: 6`, `DYLD, [0x1] Library missing`. */
function terminationOf(sections: Sections): Termination | null {
  const told = sections.field('termination reason');
  const description = sections.field('termination description');
  if (told === null && description === null) return null;
  const parts =
    /^(?:Namespace[ \t]+)?([A-Za-z]\w*|<0x[0-9A-Fa-f]+>)[, \t]+(?:Code[ \t]+)?\[?(0x[0-9A-Fa-f]+|\d+)\]?[ \t]*(.*)$/s.exec(
      told ?? '',
    );
  const rest = parts === null ? told : parts[3];
  return {
    namespace: parts?.[1] ?? null,
    code: wholeOf(parts?.[2]),
    reasons: [rest, description].flatMap((one) => textOf(one ?? undefined) ?? []),
    byProcess: /^(.*?)[ \t]*\[\d+\]$/.exec(sections.field('terminating process') ?? '')?.[1] ?? null,
  };
}

function processOf(sections: Sections, head: ReturnType<typeof fieldsOf>): CrashReport['process'] {
  const told = /^(.*?)[ \t]*(?:\[(\d+)\])?$/.exec(sections.field('process') ?? '');
  const version = /^(.*?)[ \t]*(?:\(([^()]*)\))?$/.exec(sections.field('version') ?? '');
  return {
    name: told?.[1] || (textOf(head.app_name) ?? textOf(head.name)),
    path: sections.field('path'),
    bundleId: sections.field('identifier') ?? textOf(head.bundleID),
    version: /\((.+)\)/.test(sections.field('version') ?? '') ? (version?.[2] ?? null) : version?.[1] || null,
    build: /\((.+)\)/.test(sections.field('version') ?? '') ? version?.[1] || null : null,
    pid: wholeOf(told?.[2]),
    role: sections.field('role'),
    parent: /^(.*?)[ \t]*(?:\[\d+\])?$/.exec(sections.field('parent process') ?? '')?.[1] || null,
  };
}

function deviceOf(sections: Sections, head: ReturnType<typeof fieldsOf>): CrashReport['device'] {
  const os = /^(.*?)[ \t]*(\d[\d.]*)?[ \t]*(?:\(([^()]*)\))?$/.exec(
    sections.field('os version') ?? textOf(head.os_version) ?? '',
  );
  const type = sections.field('code type');
  return {
    model: sections.field('hardware model') ?? sections.field('model'),
    os: os?.[1] || null,
    osVersion: os?.[2] ?? null,
    osBuild: os?.[3]?.replace(/^Build[ \t]+/, '') ?? null,
    arch: type === null ? null : type.replace(/[ \t]*\((?:Native|Translated)\)/i, ''),
    isTranslated: /translated/i.test(type ?? ''),
  };
}
