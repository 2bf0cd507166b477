import { inAppFrames, type TeamRules } from '@/lib/crash/in-app';
import { functionOf, isUnread } from '@/lib/crash/normalise';
import { type NeededImage, neededImages, type OwnNames, withOwnNames } from '@/lib/crash/own-names';
import { readCrashReport } from '@/lib/crash/read';
import type { BinaryImage, CrashReport, Frame, Thread } from '@/lib/crash/report';
import { stackOf } from '@/lib/crash/signature';

/** A call as a page shows it. */
export interface ShownFrame extends Frame {
  /** The function as people write it; null where only an address is known. */
  readonly name: string | null;
  readonly isInApp: boolean;
}

/** A log read for a page: long stacks and lists are cut, and say how much of them there is. */
export interface ShownReport extends Omit<CrashReport, 'threads' | 'images' | 'thrown'> {
  /** The stack that tells what happened. */
  readonly stack: readonly ShownFrame[];
  readonly thrown: { readonly name: string | null; readonly reason: string | null } | null;
  readonly threads: readonly (Omit<Thread, 'frames'> & {
    readonly frames: readonly ShownFrame[];
    readonly depth: number;
  })[];
  readonly threadCount: number;
  readonly images: readonly BinaryImage[];
  readonly imageCount: number;
  /** Binaries of the app without names in the log itself. */
  readonly needed: readonly NeededImage[];
}

const MOST_THREADS = 100;
const MOST_FRAMES = 120;
const MOST_IMAGES = 600;

/** Reads a log for a page, with what our symbols say. */
export function shownReport(
  text: string | Uint8Array,
  team: TeamRules = {},
  names: OwnNames | null = null,
): ShownReport {
  const raw = readCrashReport(text);
  const { threads, images, thrown, ...report } = withOwnNames(raw, names);
  const whole: CrashReport = { ...report, threads, images, thrown };
  const shown = (frames: readonly Frame[]): ShownFrame[] => {
    const own = new Set(inAppFrames(whole, frames, team));
    return frames.slice(0, MOST_FRAMES).map((frame) => ({
      ...frame,
      name: nameOf(frame),
      isInApp: own.has(frame),
    }));
  };
  return {
    ...report,
    stack: shown(stackOf(whole)),
    thrown: thrown === null ? null : { name: thrown.name, reason: thrown.reason },
    threads: threads
      .slice(0, MOST_THREADS)
      .map(({ frames, ...thread }) => ({ ...thread, frames: shown(frames), depth: frames.length })),
    threadCount: threads.length,
    images: images.slice(0, MOST_IMAGES),
    imageCount: images.length,
    needed: neededImages(raw, team),
  };
}

/** The function as people write it; of a name that nobody can read what its language calls it. */
function nameOf({ symbol, plain, binary }: Frame): string | null {
  if (symbol === null) return null;
  if (plain && isUnread(symbol)) return plain;
  return functionOf(symbol, binary) ?? symbol;
}
