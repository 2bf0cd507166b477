import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureNode } from '../../../scripts/lib/install.mjs';
import { keptSecrets } from '../../../scripts/lib/kept-secrets.mjs';
import { withLock } from '../../../scripts/lib/lock.mjs';
import { demoPorts, toPort } from '../../../scripts/lib/ports.mjs';
import { duration } from '../../../scripts/lib/say.mjs';
import { fingerprint } from '../../../scripts/lib/stamp.mjs';

let folder;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-plumbing-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('ensureNode', () => {
  it('lets current versions pass and names what is needed otherwise', () => {
    for (const version of ['20.19.0', '20.20.2', '22.0.0', '24.1.0'])
      expect(() => ensureNode(version)).not.toThrow();
    for (const version of ['18.20.0', '20.18.3']) {
      expect(() => ensureNode(version)).toThrow(`needs Node 20.19 or newer; this is ${version}`);
    }
  });
});

describe('ports', () => {
  it('says which option helps when one is taken', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const port = String(server.address().port);
    await expect(demoPorts({ port, 'sandbox-port': '0' })).rejects.toThrow(/ --port 3001/);
    await expect(demoPorts({ port: '0', 'sandbox-port': port })).rejects.toThrow(/ --sandbox-port 4011/);
    server.close();
  });

  it('gives any free port for 0', async () => {
    const { port } = await demoPorts({ port: '0', 'sandbox-port': '0' });
    expect(port).toBeGreaterThan(1023);
  });

  it('refuses what is no port', () => {
    for (const wrong of ['http', '-1', '65536', '1.5'])
      expect(() => toPort(wrong, '--port')).toThrow('--port must be a port');
  });
});

describe('fingerprint', () => {
  it('changes with a name or a content, and with nothing else', () => {
    const at = path.relative(process.cwd(), folder);
    mkdirSync(path.join(folder, 'a/b'), { recursive: true });
    writeFileSync(path.join(folder, 'a/b/one.ts'), '1');
    const first = fingerprint([at]);
    expect(fingerprint([at])).toBe(first);
    writeFileSync(path.join(folder, 'a/b/one.ts'), '2');
    const second = fingerprint([at]);
    expect(second).not.toBe(first);
    writeFileSync(path.join(folder, 'a/two.ts'), '');
    expect(fingerprint([at])).not.toBe(second);
    expect(fingerprint([at], [`${at}/a/two`])).toBe(second);
    expect(fingerprint([at, 'not-there'], [`${at}/a/two`])).toBe(second);
  });
});

describe('withLock', () => {
  const name = `test-${process.pid}`;
  const file = `.build/${name}.lock`;

  it('lets one work at a time and goes on after a failure', async () => {
    let busy = 0;
    const seen = [];
    const work = async () => {
      busy += 1;
      seen.push(busy);
      await new Promise((resolve) => setTimeout(resolve, 20));
      busy -= 1;
      if (seen.length === 1) throw new Error('first');
    };
    const results = await Promise.allSettled([withLock(name, work), withLock(name, work)]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled']);
    expect(seen).toEqual([1, 1]);
    expect(existsSync(file)).toBe(false);
  });

  it('does not wait for a holder that was killed', async () => {
    mkdirSync('.build', { recursive: true });
    writeFileSync(file, '2147483646');
    await expect(withLock(name, async () => 'done')).resolves.toBe('done');
  });
});

it('keeps the secrets of a folder, readable by its owner only', () => {
  const dataDir = path.join(folder, 'demo');
  const first = keptSecrets(dataDir);
  expect(keptSecrets(dataDir)).toEqual(first);
  expect(first.sessionSecret.length).toBeGreaterThanOrEqual(32);
  expect(first.password).toMatch(/^[a-z]{4}(-[a-z]{4}){3}$/);
  expect(statSync(path.join(dataDir, 'local-secrets.json')).mode & 0o777).toBe(0o600);
  expect(keptSecrets(path.join(folder, 'other')).password).not.toBe(first.password);
});

it('writes durations for people', () => {
  expect(duration(1234)).toBe('1.2 s');
  expect(duration(184_000)).toBe('3 min 4 s');
});
