import { catalogue } from '@/lib/asc/catalogue';
import type { StaleGraph } from './types';

/**
 * Which type's change makes which other types stale. For the server to hand to the browser: the catalogue itself
 * carries its schemas and would weigh 100 KB there.
 */
export const STALE_GRAPH: StaleGraph = Object.fromEntries(
  Object.values(catalogue).map(({ type, stale }) => [type, stale]),
);
