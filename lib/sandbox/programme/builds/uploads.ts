import type { AppModel } from '../app-model';
import { HOUR_MS, isoPacific } from '../dates';
import { uuidSeries } from '../ids';
import type { Platform } from '../people/devices';
import { cycle, hashWords, Random } from '../prng';
import type { Seed } from '../types';

type Detail = readonly [code: string, description: string];

/** Why uploads fail; such an upload never becomes a build. */
const ERRORS: readonly Detail[] = [
  [
    '90062',
    'This bundle is invalid. The value for key CFBundleShortVersionString must contain a higher version than that of the previously approved version.',
  ],
  ['90189', 'Redundant Binary Upload. You have already uploaded a build with this build number.'],
  [
    '90683',
    'Missing purpose string in Info.plist. The Info.plist file should contain a NSCameraUsageDescription key.',
  ],
  ['90171', 'Invalid bundle structure. The binary file is not permitted in the Frameworks folder.'],
];
const WARNINGS: readonly Detail[] = [
  ['90626', 'Invalid Siri Support. No example phrase was provided in the base language.'],
  ['90725', 'SDK version issue. Apps will need to be built with a later SDK soon.'],
];

interface Attempt {
  version: string;
  number: string;
  platform: Platform;
  createdMs: number;
  uploadedMs: number | null;
  state: 'AWAITING_UPLOAD' | 'PROCESSING' | 'FAILED' | 'COMPLETE';
  errors: readonly Detail[];
  warnings: readonly Detail[];
  buildId: string | null;
}

function attemptsOf(model: AppModel): Attempt[] {
  return model.builds.flatMap((build): Attempt[] => {
    const random = new Random(`${model.key}/upload/${build.index}`);
    const { version, platform } = build.train;
    const base = {
      version,
      number: build.number,
      platform,
      warnings: random.chance(0.12) ? [random.pick(WARNINGS)] : [],
    };
    const isFailed = build.processingState === 'FAILED' || build.processingState === 'INVALID';
    const real: Attempt = {
      ...base,
      createdMs: build.uploadedMs - 300_000,
      uploadedMs: build.uploadedMs,
      state: build.processingState === 'PROCESSING' ? 'PROCESSING' : isFailed ? 'FAILED' : 'COMPLETE',
      errors: isFailed ? [cycle(ERRORS, build.index)] : [],
      buildId: build.id,
    };
    // One build in twelve needed a second try: the first never became a build.
    if (build.index % 12 !== 3) return [real];
    const refusedMs = build.uploadedMs - HOUR_MS;
    const refused: Attempt = {
      ...base,
      createdMs: refusedMs,
      uploadedMs: refusedMs + 240_000,
      state: 'FAILED',
      errors: [cycle(ERRORS, build.index + 1), ERRORS[2] ?? cycle(ERRORS, 0)],
      buildId: null,
    };
    return [refused, real];
  });
}

function unfinished(model: AppModel): Attempt {
  const newest = cycle(model.builds, -1);
  return {
    version: newest.train.version,
    number: `${newest.number}.1`,
    platform: newest.train.platform,
    createdMs: model.options.epochMs - 600_000,
    uploadedMs: null,
    state: 'AWAITING_UPLOAD',
    errors: [],
    warnings: [],
    buildId: null,
  };
}

function detailsOf(details: readonly Detail[]): { code: string; description: string }[] {
  return details.map(([code, description]) => ({ code, description }));
}

function fileSeed(model: AppModel, attempt: Attempt, id: string, uploadId: string): Seed {
  const [word, hash] = hashWords(id);
  const isMac = attempt.platform === 'MAC_OS';
  const isThere = attempt.uploadedMs !== null;
  return {
    type: 'buildUploadFiles',
    id,
    attributes: {
      assetDeliveryState: { errors: [], warnings: [], state: isThere ? 'COMPLETE' : 'AWAITING_UPLOAD' },
      assetToken: null,
      assetType: 'ASSET',
      fileName: `${model.brand.executable}.${isMac ? 'pkg' : 'ipa'}`,
      fileSize: 40_000_000 + (word % 160_000_000),
      sourceFileChecksums: isThere
        ? { file: { hash: hash.toString(16).padStart(8, '0').repeat(4), algorithm: 'MD5' } }
        : null,
      uploadOperations: null,
      uti: isMac ? 'com.apple.pkg' : 'com.apple.ipa',
    },
    relationships: { buildUpload: uploadId },
  };
}

/** Every try to upload a build, also those that came to nothing, each with its file. */
export function uploadSeeds(model: AppModel): Seed[] {
  const uploadId = uuidSeries(`${model.key}/uploads`);
  const fileId = uuidSeries(`${model.key}/upload-files`);
  const attempts = attemptsOf(model);
  if (model.index % 4 === 1) attempts.push(unfinished(model));
  return attempts.flatMap((attempt, i): Seed[] => [
    {
      type: 'buildUploads',
      id: uploadId(i),
      attributes: {
        cfBundleShortVersionString: attempt.version,
        cfBundleVersion: attempt.number,
        platform: attempt.platform,
        createdDate: isoPacific(attempt.createdMs),
        uploadedDate: attempt.uploadedMs === null ? null : isoPacific(attempt.uploadedMs),
        state: {
          state: attempt.state,
          errors: detailsOf(attempt.errors),
          warnings: detailsOf(attempt.warnings),
          infos: [],
        },
      },
      relationships: { app: model.id, build: attempt.buildId, assetFile: fileId(i) },
    },
    fileSeed(model, attempt, fileId(i), uploadId(i)),
  ]);
}
