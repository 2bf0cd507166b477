// Checked by the compiler, never run: a cell of a list of builds cannot read what its rows are not asked for.
import type { BUILD_FIELDS } from '@/lib/browser/listed-fields';
import type { BuildResource } from '@/lib/browser/types';

export const read = ({ attributes, relationships }: BuildResource) => [
  attributes?.version,
  relationships?.preReleaseVersion?.data,
  // @ts-expect-error -- hundreds of groups, whose names stand in the meta
  relationships?.betaGroups,
  // @ts-expect-error -- not asked for either
  attributes?.computedMinMacOsVersion,
];

// @ts-expect-error -- what can be read has to be asked for
export const tooFew: typeof BUILD_FIELDS = { version: true };
