import { fileNameOf } from './images';
import type { BinaryImage, CrashReport, Frame } from './report';

/** What a team says about its own code. */
export interface TeamRules {
  /** Names of images that are the app's own beside its main executable. */
  readonly inApp?: readonly string[];
  /** Functions that only report trouble, as they are compared; they are passed over. */
  readonly helpers?: readonly string[];
}

const SYSTEM =
  /^\/(?:System|usr\/(?:lib|libexec|bin|sbin)|bin|sbin|Developer|Library\/Apple|AppleInternal)\/|\/RuntimeRoot\/|\.simruntime\/|\/Cryptexes\/OS\/|\/Xcode[^/]*\.app\/Contents\/Developer\//;

/** True for what comes with the device, told by where it lies. */
export function isSystemPath(path: string): boolean {
  return SYSTEM.test(path);
}

/** The image of the process itself; null where the report does not tell. */
export function mainImage(report: CrashReport): number | null {
  const { images, process } = report;
  const at = (holds: (image: BinaryImage) => boolean) => {
    const index = images.findIndex(holds);
    return index < 0 ? null : index;
  };
  const { path, name, bundleId } = process;
  const isOwn = (image: BinaryImage) => image.path === null || !isSystemPath(image.path);
  return (
    (path === null ? null : at((image) => image.path === path)) ??
    (path === null ? null : at((image) => image.name === fileNameOf(path) && isOwn(image))) ??
    (name === null ? null : at((image) => image.name === name && isOwn(image))) ??
    (bundleId === null ? null : at((image) => image.bundleId === bundleId)) ??
    // Names of processes are cut after 15 or 31 signs.
    (name === null || name.length < 15 ? null : at((image) => image.name.startsWith(name) && isOwn(image))) ??
    at(({ path: own }) => /\/([^/]+)\.app\/(?:Contents\/MacOS\/)?\1$/.test(own ?? '')) ??
    (name === null
      ? at(({ path: own }) => own !== null && /\.app\/(?:Contents\/MacOS\/)?[^/]+$/.test(own))
      : null)
  );
}

/**
 * The frames of a stack that are the app's own: of the main executable, its extensions and what the team names; where
 * there is none, of other images of the bundle.
 */
export function inAppFrames(report: CrashReport, stack: readonly Frame[], team: TeamRules = {}): Frame[] {
  const main = mainImage(report);
  const own = ownImages(report, main, team);
  const first = stack.filter((frame) => own(frame));
  if (first.length > 0) return first;
  const rest = bundleImages(report, main);
  return stack.filter((frame) => frame.image !== null && rest.has(frame.image));
}

/** Whether a frame is in code that came with the app: its own, or a library in its bundle. */
export function bundledFrames(report: CrashReport, team: TeamRules = {}): (frame: Frame) => boolean {
  const main = mainImage(report);
  const own = ownImages(report, main, team);
  const rest = bundleImages(report, main);
  return (frame) => own(frame) || (frame.image !== null && rest.has(frame.image));
}

function ownImages(report: CrashReport, main: number | null, team: TeamRules): (frame: Frame) => boolean {
  const { images, process } = report;
  const name = main === null ? process.name : (images[main]?.name ?? null);
  const named = new Set(team.inApp ?? []);
  // Debug builds keep all code in a library beside the executable.
  for (const tail of ['.debug.dylib', '__preview.dylib']) if (name !== null) named.add(`${name}${tail}`);
  const own = new Set(
    images.flatMap(({ path, name: image }, index) =>
      index === main || named.has(image) || /\.appex\/(?:Contents\/MacOS\/)?[^/]+$/.test(path ?? '')
        ? [index]
        : [],
    ),
  );
  return ({ image, binary }) => {
    if (image !== null) return own.has(image);
    return binary !== null && (binary === name || binary === process.bundleId || named.has(binary));
  };
}

function bundleImages(report: CrashReport, main: number | null): ReadonlySet<number> {
  const path = (main === null ? null : report.images[main]?.path) ?? report.process.path;
  const root = /^.*?\.app\//.exec(path ?? '')?.[0];
  return new Set(
    report.images.flatMap((image, index) => {
      const at = image.path;
      if (at === null || /^lib(?:swift|clang_rt)/.test(image.name) || isSystemPath(at)) return [];
      return root === undefined || at.startsWith(root) ? [index] : [];
    }),
  );
}
