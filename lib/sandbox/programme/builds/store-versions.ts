import type { AppModel } from '../app-model';
import { DAY_MS, isoPacific } from '../dates';
import { uuidSeries } from '../ids';
import { cycle } from '../prng';
import type { Seed } from '../types';
import type { BuildModel } from './builds';

/** Builds that went on to the App Store: the last of every third train, once testing was over. */
function released(model: AppModel): BuildModel[] {
  return model.trains.flatMap((train, i) => {
    const approved = model.builds.filter((build) => build.train === train && build.review === 'APPROVED');
    const last = approved.at(-1);
    return last && i % 3 === 0 && last !== cycle(model.builds, -1) ? [last] : [];
  });
}

const releasedBy = new WeakMap<AppModel, BuildModel[]>();

function releasedOnce(model: AppModel): BuildModel[] {
  const known = releasedBy.get(model);
  if (known) return known;
  const builds = released(model);
  releasedBy.set(model, builds);
  return builds;
}

/** The App Store version that uses a build; null for nearly all. */
export function storeVersionIdOf(model: AppModel, build: BuildModel): string | null {
  return releasedOnce(model).includes(build) ? uuidSeries(`${model.key}/store-versions`)(build.index) : null;
}

/** The App Store versions of an app: the newest is for sale, older ones were replaced. */
export function storeVersionSeeds(model: AppModel): Seed[] {
  const idAt = uuidSeries(`${model.key}/store-versions`);
  const builds = releasedOnce(model);
  return builds.map((build, i): Seed => {
    const isCurrent = i === builds.length - 1;
    return {
      type: 'appStoreVersions',
      id: idAt(build.index),
      attributes: {
        platform: build.train.platform,
        versionString: build.train.version,
        appStoreState: isCurrent ? 'READY_FOR_SALE' : 'REPLACED_WITH_NEW_VERSION',
        appVersionState: isCurrent ? 'READY_FOR_DISTRIBUTION' : 'REPLACED_WITH_NEW_VERSION',
        copyright: `${new Date(build.uploadedMs).getUTCFullYear()} ${model.brand.name}`,
        reviewType: 'APP_STORE',
        releaseType: 'AFTER_APPROVAL',
        earliestReleaseDate: null,
        usesIdfa: null,
        downloadable: true,
        createdDate: isoPacific(build.uploadedMs + 2 * DAY_MS),
      },
      relationships: { app: model.id },
    };
  });
}
