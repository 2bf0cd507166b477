import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { OwnNames } from '@/lib/crash/own-names';

export type { OwnNames };

/** More than any crash has calls for, bytes. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Names as they are kept beside a log. */
export async function zippedNames(names: OwnNames): Promise<Buffer> {
  return promisify(gzip)(JSON.stringify(names));
}

/** Names as they were kept; null where they cannot be read, as if there were none. */
export async function unzippedNames(bytes: Uint8Array): Promise<OwnNames | null> {
  const text = await promisify(gunzip)(bytes, { maxOutputLength: MOST_BYTES }).catch(() => null);
  return text === null ? null : (JSON.parse(text.toString('utf8')) as OwnNames);
}
