import type { AppModel } from '../app-model';
import { DAY_MS, isoUtc } from '../dates';
import { uuidSeries } from '../ids';
import { cycle } from '../prng';
import type { Seed } from '../types';

const PACKS = ['starter-content', 'offline-maps', 'high-resolution-icons'];
const STATES = ['COMPLETE', 'COMPLETE', 'PROCESSING', 'FAILED'] as const;
const EXTERNAL = [
  'READY_FOR_TESTING',
  'WAITING_FOR_REVIEW',
  'REJECTED',
  'IN_REVIEW',
  'PROCESSING_FOR_TESTING',
] as const;

function versionSeeds(model: AppModel, pack: number, assetId: string): Seed[] {
  const idAt = uuidSeries(`${model.key}/asset-pack/${pack}`);
  return [0, 1, 2].flatMap((n): Seed[] => {
    const state = n < 2 ? 'COMPLETE' : cycle(STATES, model.index + pack);
    const id = idAt(n);
    const created = isoUtc(model.options.epochMs - (60 - n * 22 + pack) * DAY_MS);
    const version: Seed = {
      type: 'backgroundAssetVersions',
      id,
      attributes: {
        createdDate: created,
        platforms: ['IOS'],
        state,
        stateDetails: {
          errors:
            state === 'FAILED'
              ? [{ code: '91100', description: 'The manifest names a file that is not in the archive.' }]
              : [],
          warnings: [],
          infos: [],
        },
        version: String(n + 1),
        locale: null,
      },
      relationships: { backgroundAsset: assetId },
    };
    if (state !== 'COMPLETE') return [version];
    return [
      version,
      {
        type: 'backgroundAssetVersionInternalBetaReleases',
        id: idAt(20 + n),
        attributes: { state: n === 0 ? 'SUPERSEDED' : 'READY_FOR_TESTING' },
        relationships: { backgroundAssetVersion: id },
      },
      {
        type: 'backgroundAssetVersionExternalBetaReleases',
        id: idAt(40 + n),
        attributes: { state: n === 0 ? 'SUPERSEDED' : cycle(EXTERNAL, model.index + n) },
        relationships: { backgroundAssetVersion: id },
      },
    ];
  });
}

/** Apple-hosted asset packs of the one app in five that uses them. */
export function backgroundAssetSeeds(model: AppModel): Seed[] {
  if (model.index % 5 !== 0) return [];
  const idAt = uuidSeries(`${model.key}/asset-packs`);
  return PACKS.flatMap((name, pack): Seed[] => {
    const versionId = uuidSeries(`${model.key}/asset-pack/${pack}`);
    return [
      ...versionSeeds(model, pack, idAt(pack)),
      {
        type: 'backgroundAssets',
        id: idAt(pack),
        attributes: {
          archived: pack === 2,
          assetPackIdentifier: `${model.bundleId}.${name}`,
          createdDate: isoUtc(model.options.epochMs - (70 + pack) * DAY_MS),
          usedBytes: 18_400_000 * (pack + 1),
        },
        relationships: {
          app: model.id,
          internalBetaVersion: versionId(1),
          externalBetaVersion: versionId(1),
          appStoreVersion: null,
        },
      },
    ];
  });
}
