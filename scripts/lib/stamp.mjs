import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot, root } from './place.mjs';

export const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** A hash over the contents of files and folders; what starts with one of `except` is left out. */
export function fingerprint(paths, except = []) {
  const hash = createHash('sha256').update(process.versions.node);
  for (const file of paths.flatMap((part) => files(inRoot(part)))) {
    const name = path.relative(root, file);
    if (except.some((start) => name.startsWith(start))) continue;
    hash.update(`\0${name}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function files(at) {
  const found = statSync(at, { throwIfNoEntry: false });
  if (!found) return [];
  if (!found.isDirectory()) return [at];
  return readdirSync(at)
    .sort()
    .flatMap((name) => files(path.join(at, name)));
}

const STAMPS = inRoot('.build/stamps.json');

/** What was built from which sources. */
export function readStamps() {
  return existsSync(STAMPS) ? JSON.parse(readFileSync(STAMPS, 'utf8')) : {};
}

export function writeStamp(name, value) {
  mkdirSync(path.dirname(STAMPS), { recursive: true });
  writeFileSync(STAMPS, `${JSON.stringify({ ...readStamps(), [name]: value }, null, 2)}\n`);
}
