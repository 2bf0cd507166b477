import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

/** Fields that never reach a log, wherever they stand in the first three levels of what is logged. */
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'passwordHash',
  'privateKey',
  'pem',
  'secret',
  'token',
  'encryptionKey',
  'secretAccessKey',
  'ARCHIVE_S3_SECRET_ACCESS_KEY',
];

const GONE = '[redacted]';

/** What a secret looks like inside other text. The last part of a JWT is not needed to recognise one. */
const SECRETS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?="))/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
  /\b(?:Bearer|Basic) +[\w.~+/=-]+/gi,
  /\bhmacsha256=[0-9a-f]{16,}/gi,
  // The password of an address, in any part of it that may hold one.
  /(?<=:\/\/[^\s/:@"\\]*:)[^\s/"\\]+(?=@)/g,
  /(?<=[?&]\w*password=)[^&\s"\\]+/gi,
  /\b(?:__Host-|__Secure-)?next-auth\.[\w.-]+=[^;\s"\\]+/g,
];

const EMAIL = /[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;

/** Replaces secrets, and writes every e-mail address as a short hash that still tells people apart. */
export function redact(line: string): string {
  return SECRETS.reduce((text, secret) => text.replace(secret, GONE), line).replace(
    EMAIL,
    (address) => `mail:${createHash('sha256').update(address.toLowerCase()).digest('hex').slice(0, 12)}`,
  );
}

/**
 * A log of one JSON object per line: CR and LF are escaped by JSON, secrets are redacted, addresses hashed.
 * @param options.destination standard output by default
 */
export function createLog(
  options: { level?: string; name?: string; destination?: DestinationStream } = {},
): Log {
  const paths = SECRET_FIELDS.flatMap((field) =>
    ['', '*.', '*.*.'].map((at) => `${at}["${field}"]`.replace('.[', '[')),
  );
  return pino(
    {
      level: options.level ?? 'info',
      base: options.name ? { name: options.name } : null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths, censor: GONE },
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
      hooks: { streamWrite: redact },
    },
    options.destination ?? outputTo(1),
  );
}

/** How often a pipe whose reader is slow is tried again, each time after 2 ms. */
const TRIES = 25;

/** Writes lines to a file descriptor; one that cannot be written (full disk, closed pipe) is dropped, and no more. */
export function outputTo(fd: number): DestinationStream {
  return {
    write(line) {
      let rest = Buffer.from(line);
      for (let tries = 0; rest.length > 0 && tries < TRIES; ) {
        try {
          rest = rest.subarray(writeSync(fd, rest));
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return;
          tries += 1;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
        }
      }
    },
  };
}
