import { readFileSync, writeFileSync } from 'node:fs';
import { ROOMS } from '../.dependency-cruiser.mjs';
import { inRoot } from './lib/place.mjs';
import { withChart } from './lib/rooms.mjs';

/** Draws the dependency rule into ARCHITECTURE.md; run it again when the rule changes. */
const page = inRoot('ARCHITECTURE.md');
writeFileSync(page, withChart(readFileSync(page, 'utf8'), ROOMS));
