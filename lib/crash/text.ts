import { placer } from './images';
import { fieldsOf, type Json, textOf, wholeOf } from './json';
import { textKindOf } from './kinds';
import { machExceptionIn, signalIn, systemIn } from './names';
import type { CrashReport, Termination, Thread } from './report';
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
  const placed = placer(images);
  const threads = threadsOf(sections, placed);
  const thrownFrames = placed(sections.thrown);
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
  const { kind, what } = textKindOf(sections.head, bugType, isCrashLike);
  const said = thrownIn(sections.information);
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

function threadsOf(sections: Sections, placed: ReturnType<typeof placer>): Thread[] {
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
    frames: placed(thread.frames),
  }));
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
    byProcess: numbered(sections.field('terminating process')).name,
  };
}

function processOf(sections: Sections, head: ReturnType<typeof fieldsOf>): CrashReport['process'] {
  const told = numbered(sections.field('process'));
  // `412 (4.2)`: the build before the version; where one stands alone, it is the version.
  const [, first = '', second] =
    /^(.*?)[ \t]*(?:\(([^()]*)\))?$/.exec(short(sections.field('version'))) ?? [];
  return {
    name: told.name ?? textOf(head.app_name) ?? textOf(head.name),
    path: sections.field('path'),
    bundleId: sections.field('identifier') ?? textOf(head.bundleID),
    version: second || first || null,
    build: (second && first) || null,
    pid: told.pid,
    role: sections.field('role'),
    parent: numbered(sections.field('parent process')).name,
  };
}

/** `Harbour [812]`: a process and its number. */
function numbered(text: string | null): { name: string | null; pid: number | null } {
  const [, name, pid] = /^(.*?)[ \t]*(?:\[(\d+)\])?$/.exec(short(text)) ?? [];
  return { name: name || null, pid: wholeOf(pid) };
}

/** What is looked at of a line that names something. */
const short = (text: string | null) => (text ?? '').slice(0, 300).trimEnd();

function deviceOf(sections: Sections, head: ReturnType<typeof fieldsOf>): CrashReport['device'] {
  const told = systemIn(sections.field('os version') ?? textOf(head.os_version));
  const type = sections.field('code type');
  return {
    model: sections.field('hardware model') ?? sections.field('model'),
    os: told.os,
    osVersion: told.version,
    osBuild: told.build,
    arch: type === null ? null : short(type).replace(/[ \t]*\((?:Native|Translated)\)/i, ''),
    isTranslated: /translated/i.test(type ?? ''),
  };
}
