import { readFileSync, writeFileSync } from 'node:fs';
import { missingPlatforms } from './lib/lockfile.mjs';
import { inRoot } from './lib/place.mjs';
import { say } from './lib/say.mjs';

/**
 * Puts the packages of other platforms back into package-lock.json. npm leaves them out when the registry it asked
 * does not carry them, and `npm ci` then refuses the lockfile everywhere else. Run it after adding a package:
 *   node scripts/complete-lockfile.mjs
 */
const file = inRoot('package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = missingPlatforms(lock);
const packages = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) =>
  a.localeCompare(b, 'en'),
);
writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`);
say(`${Object.keys(missing).length} packages of other platforms added.`);
