import type { AppModel } from '../app-model';
import type { BuildModel } from '../builds/builds';
import { uuidSeries } from '../ids';
import { cycle, hashWords, Random } from '../prng';
import type { Seed } from '../types';
import { appBinary } from './app-binary';
import { type CauseFrame, causesFor } from './crash-causes';
import { imageUuid, isSystemImage, symbolOffset } from './crash-images';

type DiagnosticType = 'HANGS' | 'DISK_WRITES' | 'LAUNCHES';

const TYPES: readonly DiagnosticType[] = ['HANGS', 'DISK_WRITES', 'LAUNCHES', 'HANGS'];

interface Signature {
  id: string;
  type: DiagnosticType;
  build: BuildModel;
  frames: readonly CauseFrame[];
  weight: number;
}

/** A build's signatures, heaviest first; only builds that many people have used get any. */
function signaturesOf(model: AppModel, build: BuildModel): Signature[] {
  if (build.review !== 'APPROVED' || build.index % 4 !== 1) return [];
  const idAt = uuidSeries(`${model.key}/signatures/${build.index}`);
  const random = new Random(`${model.key}/signatures/${build.index}`);
  const causes = causesFor(model.brand.topic);
  const weights = TYPES.map(() => 0.2 + random.next());
  const total = weights.reduce((sum, weight) => sum + weight, 0) + 0.6;
  return TYPES.map((type, i) => ({
    id: idAt(i),
    type,
    build,
    frames: cycle(causes, model.index + i * 3 + build.train.version.length)
      .frames.filter((frame) => frame.image !== 'dyld')
      .slice(0, 8),
    weight: Math.round(((weights[i] ?? 0) / total) * 10_000) / 100,
  })).sort((a, b) => b.weight - a.weight);
}

function blameOf(signature: Signature): CauseFrame {
  return signature.frames.find((frame) => frame.image === '@') ?? cycle(signature.frames, 0);
}

/** The diagnosticSignatures of an app's builds. */
export function signatureSeeds(model: AppModel): Seed[] {
  return model.builds.flatMap((build) =>
    signaturesOf(model, build).map((signature): Seed => {
      const before = model.builds[build.index - 4];
      return {
        type: 'diagnosticSignatures',
        id: signature.id,
        attributes: {
          diagnosticType: signature.type,
          signature: blameOf(signature).symbol,
          weight: signature.weight,
          insight: before
            ? {
                insightType: 'TREND',
                direction: signature.weight > 25 ? 'UP' : 'DOWN',
                referenceVersions: [
                  { version: before.train.version, value: Math.round(signature.weight * 80) / 100 },
                ],
              }
            : null,
        },
        relationships: { build: build.id },
      };
    }),
  );
}

type Node = Record<string, unknown>;

/** Nests frames as call trees are: the outermost first, each holding what it called. */
function treeOf(model: AppModel, signature: Signature, samples: number): Node[] {
  const blame = blameOf(signature);
  let inner: Node[] = [];
  for (const frame of signature.frames) {
    const isApp = !isSystemImage(frame.image);
    const binary = appBinary(model, signature.build);
    const uuid = isApp ? binary.uuid : imageUuid(`diagnostics/${frame.image}`);
    const { offset } = isApp
      ? binary.placeOf(frame.symbol, 0x40000)
      : { offset: symbolOffset(uuid, frame.symbol, 0x40000) };
    const name = isApp ? model.brand.executable : frame.image;
    inner = [
      {
        sampleCount: samples,
        isBlameFrame: frame === blame,
        symbolName: frame.symbol,
        insightsCategory: signature.type,
        offsetIntoSymbol: String(4 * (hashWords(frame.symbol)[0] % 90)),
        binaryName: name,
        fileName: frame.file ?? '',
        binaryUUID: uuid.toUpperCase(),
        lineNumber: String(frame.line ?? 0),
        address: String(0x1_0000_0000 + offset),
        offsetIntoBinaryTextSegment: String(offset),
        rawFrame: `${name} ${frame.symbol}`,
        subFrames: inner,
      },
    ];
  }
  return inner;
}

const EVENTS: Record<DiagnosticType, (random: Random) => Record<string, string>> = {
  HANGS: (random) => ({ event: 'hang', eventDetail: `Hang for ${random.between(2, 14)} seconds` }),
  DISK_WRITES: (random) => ({
    event: 'disk writes',
    eventDetail: 'Exceeded the daily limit',
    writesCaused: `${random.between(1074, 2900)} MB`,
  }),
  LAUNCHES: (random) => ({ event: 'launch', eventDetail: `Launch took ${random.between(900, 5200)} ms` }),
};

/** Call stacks of a signature in Apple's diagnostic-logs shape; no logs for an id that is none. */
export function diagnosticLogsFor(models: readonly AppModel[], signatureId: string): unknown {
  for (const model of models) {
    const signature = model.builds
      .flatMap((build) => signaturesOf(model, build))
      .find(({ id }) => id === signatureId);
    if (signature) return logsOf(model, signature);
  }
  return { version: '1.0', productData: [] };
}

function logsOf(model: AppModel, signature: Signature): unknown {
  const random = new Random(`${signature.id}/logs`);
  const diagnosticLogs = Array.from({ length: random.between(2, 5) }, () => ({
    callStackTree: [
      {
        callStackPerThread: false,
        callStacks: [{ callStackRootFrames: treeOf(model, signature, random.between(1, 60)) }],
      },
    ],
    diagnosticMetaData: {
      bundleId: model.bundleId,
      osVersion: random.pick([
        'iPhone OS 26.1 (23B85)',
        'iPhone OS 26.2 (23C55)',
        'iPhone OS 18.7.1 (22H31)',
      ]),
      appVersion: signature.build.train.version,
      buildVersion: signature.build.number,
      deviceType: random.pick(['iPhone14,5', 'iPhone16,1', 'iPhone17,3', 'iPad16,3']),
      platformArchitecture: 'arm64e',
      ...EVENTS[signature.type](random),
    },
  }));
  const insight = {
    insightsURL: 'https://developer.apple.com/documentation/xcode/improving-your-app-s-performance',
    insightsCategory: signature.type,
    insightsString: `Most of this happens below ${blameOf(signature).symbol}.`,
  };
  return {
    version: '1.0',
    productData: [{ signatureId: signature.id, diagnosticInsights: [insight], diagnosticLogs }],
  };
}
