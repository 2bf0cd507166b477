import { TRAMLINE_OFFSETS, TRAMLINE_UUID } from '../../symbols/tramline';
import type { AppModel } from '../app-model';
import { type BuildModel, UNNAMED_RANK } from '../builds/builds';
import { hashWords } from '../prng';
import { imageUuid, symbolOffset } from './crash-images';

/** A build's own binary: what tells it, and where its functions lie. */
export interface AppBinary {
  readonly uuid: string;
  /** Where a call inside the function returns to, in bytes from the start of the binary, and from that of the function. */
  placeOf(symbol: string, size: number): { readonly offset: number; readonly location: number };
}

/** The binary of a build; one of the first app is the one whose dSYM lies in `lib/sandbox/symbols`. */
export function appBinary(model: AppModel, build: BuildModel): AppBinary {
  const hasDsym = model.index === 0 && build.index === model.plan.builds - 1 - UNNAMED_RANK;
  const uuid = hasDsym ? TRAMLINE_UUID : imageUuid(`${build.id}/binary`);
  return {
    uuid,
    placeOf(symbol, size) {
      const real = hasDsym ? TRAMLINE_OFFSETS[symbol] : undefined;
      const location = 4 * (2 + (hashWords(`${uuid}+${symbol}`)[0] % 190));
      if (real !== undefined) return { offset: real, location };
      return { offset: symbolOffset(uuid, symbol, size) + location, location };
    },
  };
}
