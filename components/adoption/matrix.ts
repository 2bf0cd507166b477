import type { Coverage, Covered } from '@/lib/browser/adoption';
import type { CriterionOption } from '@/lib/browser/links';
import { compareOsVersions } from '@/lib/format/os-versions';
import { systemName } from '@/lib/format/recruitment';

/** How many have a device on a system, and whether that is a gap. */
export interface MatrixCell {
  readonly os: string;
  readonly testers: number;
  /** The filters of the list of testers that find exactly those who are counted. */
  readonly filter: { readonly device: string; readonly os: string };
  /** Nobody has it, and testers could. */
  readonly isGap: boolean;
  /** What recruitment criteria call the system; absent where Apple does not offer it for the family. */
  readonly offered?: string;
}

export interface MatrixRow {
  readonly family: string;
  /** Null for the row of the whole family. */
  readonly model: string | null;
  readonly cells: readonly MatrixCell[];
}

/** Device families that share their systems' numbers, with their systems, newest first. */
export interface Matrix {
  readonly name: string;
  readonly systems: readonly string[];
  readonly families: readonly { readonly whole: MatrixRow; readonly models: readonly MatrixRow[] }[];
}

/** Families by what numbers their systems, and the platform whose builds run on each as they are. */
const KINDS: readonly (readonly (readonly [family: string, platform: string])[])[] = [
  [
    ['IPHONE', 'IOS'],
    ['IPAD', 'IOS'],
  ],
  [['MAC', 'MAC_OS']],
  [['APPLE_TV', 'TV_OS']],
  [['VISION', 'VISION_OS']],
  [['APPLE_WATCH', 'WATCH_OS']],
];

/**
 * Devices against systems: what testers have, and the gaps among what Apple offers and a build of the app runs on. While
 * it is not known what Apple offers (`options` is undefined), systems that other testers have stand for it.
 */
export function matricesOf(coverage: Coverage, options: readonly CriterionOption[] | undefined): Matrix[] {
  return KINDS.flatMap((kind) => {
    const families = kind.flatMap(([family, platform]) => {
      const built = coverage.platforms.find((one) => one.platform === platform);
      const covered = coverage.covered.filter((one) => one.family === family);
      if (!built && covered.length === 0) return [];
      return [
        {
          ...{ family, covered, platform },
          offered: built ? offeredTo(family, built.minOs, options) : new Map<string, string>(),
          isBuilt: built !== undefined,
          minOs: built?.minOs ?? null,
        },
      ];
    });
    const systems = [
      ...new Set(
        families.flatMap(({ covered, offered }) => [...covered.map(({ os }) => os), ...offered.keys()]),
      ),
    ].sort((one, other) => compareOsVersions(other, one));
    if (systems.length === 0) return [];
    const rows = families.map(({ family, covered, platform, offered, isBuilt, minOs }) => {
      const cellsOf = (model: string | null): MatrixRow => ({
        family,
        model,
        cells: systems.map((os) => {
          const found = covered.find((one) => one.os === os && one.model === model);
          const name = offered.get(os);
          const isPossible = options === undefined ? isBuilt && isAtLeast(os, minOs) : name !== undefined;
          return {
            os,
            testers: found?.testers ?? 0,
            filter: filterOf(
              covered.filter((one) => one.os === os && (model === null || one.model === model)),
              platform,
            ),
            isGap: model === null && !found && isPossible,
            ...(name === undefined ? {} : { offered: name }),
          };
        }),
      });
      return { whole: cellsOf(null), models: modelsOf(covered).map(cellsOf) };
    });
    const names = new Set(families.map(({ family }) => systemName(family) || family));
    return [{ name: [...names].join(' and '), systems, families: rows }];
  });
}

/** A device of one of the models with one of the systems; some tell no model, which then is known by the platform alone. */
function filterOf(covered: readonly Covered[], platform: string): MatrixCell['filter'] {
  const models = covered.flatMap(({ model }) => model ?? []);
  const told = covered.reduce((sum, { model, devices }) => sum + (model === null ? 0 : devices), 0);
  const all = covered.find(({ model }) => model === null)?.devices ?? told;
  const words = all > told ? [...models, `none-${platform}`] : models;
  return {
    // A comma would end the value in an address.
    device: words.map((one) => one.replaceAll(',', '_')).join(','),
    os: [...new Set(covered.flatMap(({ versions }) => versions))].join(','),
  };
}

/** The gaps of a matrix, those of the newest systems first. */
export function gapsOf({ families }: Matrix): { readonly family: string; readonly cell: MatrixCell }[] {
  return families
    .flatMap(({ whole }) =>
      whole.cells.filter(({ isGap }) => isGap).map((cell) => ({ family: whole.family, cell })),
    )
    .sort((one, other) => compareOsVersions(other.cell.os, one.cell.os));
}

/** The systems Apple offers a family that a build runs on, by their first two numbers. */
function offeredTo(
  family: string,
  minOs: string | null,
  options: readonly CriterionOption[] | undefined,
): Map<string, string> {
  const found = new Map<string, string>();
  const versions = options?.find(({ deviceFamily }) => deviceFamily === family)?.osVersions ?? [];
  for (const version of versions) {
    const [major = '', minor = '0'] = version.split('.');
    const os = `${major}.${minor}`;
    if (isAtLeast(os, minOs) && (!found.has(os) || version === os)) found.set(os, version);
  }
  return found;
}

const isAtLeast = (os: string, minOs: string | null) => minOs === null || compareOsVersions(os, minOs) >= 0;

/** The models that somebody has, those of most testers first. */
function modelsOf(covered: readonly Covered[]): string[] {
  const counts = new Map<string, number>();
  for (const { model, testers } of covered)
    if (model !== null) counts.set(model, (counts.get(model) ?? 0) + testers);
  return [...counts].sort(([, one], [, other]) => other - one).map(([model]) => model);
}
