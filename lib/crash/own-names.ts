import { bundledFrames, type TeamRules } from './in-app';
import type { CrashReport, Frame } from './report';

/** A binary of the app whose symbols would tell what a crash does not. */
export interface NeededImage {
  readonly uuid: string;
  readonly name: string;
  readonly arch: string | null;
}

/** One function at an address; the innermost of several stands first, the others hold it in themselves. */
export interface NamedCall {
  /** As the linker knows it, perhaps mangled. */
  readonly symbol: string;
  /** As its language calls it, without the rest: "merge". */
  readonly plain: string | null;
  readonly file: string | null;
  readonly line: number | null;
}

/** What symbols of ours say of a log: by UUID of the image, then by bytes from its start, in hexadecimal. */
export type OwnNames = Readonly<Record<string, Readonly<Record<string, readonly NamedCall[]>>>>;

/** Images of the app itself with calls that have no name. */
export function neededImages(report: CrashReport, team: TeamRules = {}): NeededImage[] {
  if (report.kind !== 'crash') return [];
  const isOwn = bundledFrames(report, team);
  const needed = new Map<string, NeededImage>();
  for (const frames of stacksOf(report)) {
    for (const frame of frames) {
      const image = frame.image === null ? undefined : report.images[frame.image];
      if (!image?.uuid || isNamed(frame) || frame.offset === null || !isOwn(frame)) continue;
      needed.set(image.uuid, { uuid: image.uuid, name: image.name, arch: image.arch });
    }
  }
  return [...needed.values()];
}

/** Where names are wanted in an image: bytes from its start, each once. */
export function wantedOffsets(report: CrashReport, uuid: string): number[] {
  const wanted = new Set<number>();
  for (const frames of stacksOf(report)) {
    for (const { frame, offset } of placesIn(frames)) {
      const image = frame.image === null ? undefined : report.images[frame.image];
      if (image?.uuid === uuid && offset !== null && !isNamed(frame)) wanted.add(offset);
    }
  }
  return [...wanted];
}

/** A report with names of ours where it has none itself. */
export function withOwnNames(report: CrashReport, names: OwnNames | null): CrashReport {
  if (names === null || Object.keys(names).length === 0) return report;
  const named = (frames: readonly Frame[]) =>
    placesIn(frames).flatMap(({ frame, offset }) => {
      const image = frame.image === null ? undefined : report.images[frame.image];
      const uuid = image?.uuid;
      if (!uuid || offset === null || isNamed(frame) || !Object.hasOwn(names, uuid)) return [frame];
      const calls = names[uuid]?.[offset.toString(16)] ?? [];
      if (calls.length === 0) return [frame];
      return calls.map(({ symbol, plain, file, line }, at) => ({
        ...frame,
        ...{ symbol, plain, file, line },
        isInlined: at < calls.length - 1,
      }));
    });
  const { thrown, threads } = report;
  return {
    ...report,
    threads: threads.map((thread) => ({ ...thread, frames: named(thread.frames) })),
    thrown: thrown === null ? null : { ...thrown, frames: named(thrown.frames) },
  };
}

const stacksOf = ({ threads, thrown }: CrashReport) => [
  ...threads.map(({ frames }) => frames),
  ...(thrown === null ? [] : [thrown.frames]),
];

const isNamed = ({ symbol }: Frame) =>
  symbol !== null && !/^<(?:redacted|unknown|deduplicated_symbol)>$/.test(symbol);

/**
 * Frames with where to look for their names. What called another function holds where that returns to, which may be the
 * next function already: one less is inside the call. What a signal interrupted stands at its own instruction.
 */
function placesIn(frames: readonly Frame[]): { frame: Frame; offset: number | null }[] {
  let isCaller = false;
  return frames.map((frame) => {
    const { offset } = frame;
    const place = offset === null || offset < 0 ? null : isCaller ? Math.max(0, offset - 1) : offset;
    if (!frame.isInlined) isCaller = frame.symbol !== '_sigtramp';
    return { frame, offset: place };
  });
}
