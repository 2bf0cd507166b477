import { own } from './labels';

const NAMES: Readonly<Record<string, string>> = {
  launchTime: 'Launch time',
  hangRate: 'Hang rate',
  peakMemory: 'Peak memory',
  averageMemoryAtSuspension: 'Memory when suspended',
  diskWrites: 'Disk writes',
  energyUse: 'Energy use',
  scrollHitchRate: 'Scroll hitches',
  onScreenTerminations: 'Terminations on screen',
  appSize: 'App size',
};

/** A power figure in words; of one that Apple has added since, its own name taken apart: `gpuTime` is “Gpu time”. */
export function powerName({ metric }: { readonly metric: string }): string {
  const known = own(NAMES, metric);
  if (known !== undefined) return known;
  const apart = metric.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase();
  return apart === '' ? 'Unnamed figure' : apart.charAt(0).toUpperCase() + apart.slice(1);
}
