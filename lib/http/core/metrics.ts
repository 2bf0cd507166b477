import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** The counters of one process. */
export interface Metrics {
  readonly registry: Registry;
  readonly requests: Counter<'endpoint' | 'method' | 'status'>;
  readonly seconds: Histogram<'endpoint' | 'method'>;
  readonly inFlight: Gauge;
  readonly archiveBytes: Gauge;
  readonly archivePictures: Gauge<'state'>;
}

/** Counters of their own, so that tests and processes do not share any. */
function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  // Memory, processor time and the delay of the event loop.
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requests: new Counter({
      name: 'flightdeck_http_requests_total',
      help: 'Requests answered by the API.',
      labelNames: ['endpoint', 'method', 'status'],
      registers,
    }),
    seconds: new Histogram({
      name: 'flightdeck_http_request_seconds',
      help: 'Time until an API request was answered.',
      labelNames: ['endpoint', 'method'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    inFlight: new Gauge({
      name: 'flightdeck_http_requests_in_flight',
      help: 'API requests being answered now.',
      registers,
    }),
    archiveBytes: new Gauge({
      name: 'flightdeck_archive_bytes',
      help: 'What the files of the archive of pictures hold.',
      registers,
    }),
    archivePictures: new Gauge({
      name: 'flightdeck_archive_pictures',
      help: 'Pictures of feedback by what became of them; wanted and failed ones wait to be fetched.',
      labelNames: ['state'],
      registers,
    }),
  };
}

/** Bundles of Next may hold this twice, start-up's among them; a process counts once. */
const shared = globalThis as typeof globalThis & { flightdeckMetrics?: WeakMap<object, Metrics> };

/** The counters that belong to a context, that is to a process. */
export function metricsOf(context: object): Metrics {
  shared.flightdeckMetrics ??= new WeakMap();
  const known = shared.flightdeckMetrics.get(context) ?? createMetrics();
  shared.flightdeckMetrics.set(context, known);
  return known;
}
