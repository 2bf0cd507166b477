import type { AppModel } from '../app-model';
import { Random } from '../prng';
import type { BuildModel } from './builds';

type Row = readonly [
  category: string,
  metric: string,
  unit: string,
  unitName: string,
  typical: number,
  goal: number,
];

const METRICS: readonly Row[] = [
  ['LAUNCH', 'launchTime', 'ms', 'milliseconds', 780, 400],
  ['HANG', 'hangRate', 'seconds/hour', 'seconds per hour', 6.2, 5],
  ['MEMORY', 'peakMemory', 'MB', 'megabytes', 310, 250],
  ['MEMORY', 'averageMemoryAtSuspension', 'MB', 'megabytes', 140, 120],
  ['DISK', 'diskWrites', 'MB/day', 'megabytes per day', 58, 50],
  ['BATTERY', 'energyUse', '%/day', 'percent per day', 3.4, 3],
  ['ANIMATION', 'scrollHitchRate', 'ms/s', 'milliseconds per second', 5.1, 5],
  ['TERMINATION', 'onScreenTerminations', 'per day', 'per day', 0.12, 0.1],
  ['STORAGE', 'appSize', 'MB', 'megabytes', 96, 80],
];

const DEVICES = [
  ['all_iphones', 'All iPhones'],
  ['iPhone17,1', 'iPhone 16 Pro'],
  ['all_ipads', 'All iPads'],
] as const;
const PERCENTILES = [
  ['percentile.fifty', 1],
  ['percentile.ninety', 1.9],
] as const;

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The last builds up to this one, whose figures are shown side by side. */
function versionsUpTo(model: AppModel, build: BuildModel): string[] {
  const earlier = model.builds.filter(
    (other) => other.index <= build.index && other.train.platform === 'IOS',
  );
  return [...new Set(earlier.map((other) => other.train.version))].slice(-4);
}

function metricOf(
  model: AppModel,
  versions: readonly string[],
  [, metric, unit, displayName, typical, goal]: Row,
): unknown {
  return {
    identifier: metric,
    goalKeys: [
      { goalKey: 'good', lowerBound: 0, upperBound: Math.ceil(goal) },
      { goalKey: 'poor', lowerBound: Math.ceil(goal) + 1, upperBound: Math.ceil(goal) * 10 },
    ],
    unit: { identifier: unit, displayName },
    datasets: DEVICES.flatMap(([device, deviceMarketingName]) =>
      PERCENTILES.map(([percentile, factor]) => {
        const random = new Random(`${model.key}/performance/${metric}/${device}/${percentile}`);
        const points = versions.map((version) => {
          const value = rounded(typical * factor * (0.75 + random.next() * 0.6));
          return {
            version,
            value,
            errorMargin: rounded(value * 0.04),
            goal: value <= goal * factor ? 'good' : 'poor',
          };
        });
        return {
          filterCriteria: { percentile, device, deviceMarketingName },
          points,
          recommendedMetricGoal: { value: goal, detail: `Comparable apps stay below ${goal} ${unit}.` },
        };
      }),
    ),
  };
}

/** What Apple answers for a build without figures. */
export function emptyMetrics(): unknown {
  return { version: '1.0', insights: { trendingUp: [], regressions: [] }, productData: [] };
}

/** A build's power and performance figures in Apple's xcode-metrics shape; Apple has them for iOS only. */
export function perfPowerMetricsFor(model: AppModel, build: BuildModel): unknown {
  if (build.train.platform !== 'IOS' || build.review !== 'APPROVED') return emptyMetrics();
  const versions = versionsUpTo(model, build);
  const categories = [...new Set(METRICS.map(([category]) => category))];
  const latestVersion = versions.at(-1) ?? build.train.version;
  return {
    version: '1.0',
    insights: {
      trendingUp: [],
      regressions:
        model.index % 2 === 0
          ? [
              {
                metricCategory: 'LAUNCH',
                latestVersion,
                metric: 'launchTime',
                summaryString: `Launch takes longer in ${latestVersion} than in the versions before.`,
                referenceVersions: versions.slice(0, -1).join(', '),
                maxLatestVersionValue: 1480,
                subSystemLabel: '',
                highImpact: true,
                populations: [
                  {
                    deltaPercentage: 18.4,
                    percentile: 'percentile.ninety',
                    summaryString: 'All iPhones: 18 % longer',
                    referenceAverageValue: 1250,
                    latestVersionValue: 1480,
                    device: 'all_iphones',
                  },
                ],
              },
            ]
          : [],
    },
    productData: [
      {
        platform: 'IOS',
        metricCategories: categories.map((identifier) => ({
          identifier,
          metrics: METRICS.filter(([category]) => category === identifier).map((row) =>
            metricOf(model, versions, row),
          ),
        })),
      },
    ],
  };
}
