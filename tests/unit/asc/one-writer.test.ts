import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/** Who may name what changes something at Apple: its makers, whoever opens clients, and the one verb. */
const MAY = {
  AscWriter: [/^lib\/asc\//, 'lib/services/accounts/clients.ts', 'lib/services/resources/send.ts'],
  createAscClient: [/^lib\/asc\//, /^lib\/services\/accounts\//],
} as const;

const files = ['app', 'components', 'lib']
  .flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => path.posix.join(room, file)),
  )
  .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('lib/sandbox/'));

// A client that is handed out can only ask (tests/types/asc-client.ts); the way round that is closed here.
test.each(Object.entries(MAY))('%s is named where it may be, and nowhere else', (word, may) => {
  const isAllowed = (file: string) =>
    may.some((one) => (typeof one === 'string' ? one === file : one.test(file)));
  const naming = files.filter((file) => new RegExp(`\\b${word}\\b`).test(readFileSync(file, 'utf8')));
  expect(naming.filter((file) => !isAllowed(file))).toEqual([]);
  expect(naming.filter(isAllowed).length).toBeGreaterThan(1);
});

test('the one verb alone performs a write, once', () => {
  const verb = readFileSync('lib/services/resources/send.ts', 'utf8');
  expect(verb.match(/\.perform\(/g)).toHaveLength(1);
  expect(verb).not.toMatch(/\.(create|update|delete|addLinkage|removeLinkage|replaceLinkage|send)\(/);
});
