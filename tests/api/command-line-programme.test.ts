import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runJobs } from '@/lib/jobs/loop';
import { jobRunner } from '@/lib/services/jobs/runner';
import { type PeopleBench, peopleBench } from '@/tests/factories/people-bench';
import { journal } from '@/tests/factories/shipping';
import { bundleEntry } from '@/tests/factories/worker-process';

let program: string;
let bench: PeopleBench;
const stop = new AbortController();
let worker: Promise<void>;
beforeAll(async () => {
  program = await bundleEntry('lib/cli/main.ts', 'flightdeck-programme');
  bench = await peopleBench({ seed: 4 });
  await bench.mirror();
  worker = runJobs(jobRunner(bench.app, { callLimitMs: 300 }), stop.signal, { pollMs: 50 });
});
afterAll(async () => {
  stop.abort();
  await worker;
  await bench.close();
  rmSync(program, { force: true });
});

async function flightdeck(verb: string, ...args: string[]) {
  const child = spawn(process.execPath, [program, verb, '--app', bench.appId, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      DATABASE_URL: bench.db.url,
      DATA_DIR: bench.db.folder,
      ASC_BASE_URL: bench.sandbox.baseUrl,
      ENCRYPTION_KEY: Buffer.from(bench.encryptionKey).toString('base64'),
    },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...said };
}

it('writes a programme out and over a file, and ends with 0 without drift, 1 with it, 2 for what is no answer', async () => {
  const file = path.join(bench.db.folder, 'programme.yaml');
  const bad = path.join(bench.db.folder, 'bad.yaml');
  const out = await flightdeck('export');
  expect([out.code, out.err]).toEqual([0, '']);
  expect(out.out).toMatch(/^version: 1$/m);
  expect(out.out).not.toContain('contactEmail');
  writeFileSync(file, `# Ours.\n${out.out.replace(/feedbackEnabled: true/, 'feedbackEnabled: false')}`);
  writeFileSync(bad, 'version: 1\ncolour: red\ngroups: none\n');
  const [drift, wrong] = await Promise.all([
    flightdeck('diff', file, '--exit-code'),
    flightdeck('diff', bad, '--exit-code'),
  ]);
  expect([drift.code, drift.out]).toEqual([
    1,
    expect.stringMatching(/^~ Change the group “.+”\n {4}Tester feedback: on → off\n$/),
  ]);
  expect([wrong.code, wrong.err.trim().split('\n')]).toEqual([
    2,
    [
      expect.stringMatching(/^Line 2, column 1: “colour”/),
      expect.stringMatching(/^Line 3, column 9: “groups” has to be a list/),
    ],
  ]);
  expect((await flightdeck('export', '--to', file)).out).toMatch(/^The programme of Tramline is in /);
  expect(readFileSync(file, 'utf8')).toBe(`# Ours.\n${out.out}`);
  const same = await flightdeck('diff', file, '--exit-code');
  expect([same.code, same.out]).toEqual([0, 'The programme of Tramline is as the file says.\n']);
});

it('applies a file once somebody is sure, deletes only what was counted, and a second time sends nothing', async () => {
  const file = path.join(bench.db.folder, 'applied.yaml');
  const stuck = path.join(bench.db.folder, 'stuck.yaml');
  const { out } = await flightdeck('export');
  const [, first = ''] = / {2}- name: (.+)\n {4}isInternalGroup: false/.exec(out) ?? [];
  const without = out.replace(new RegExp(` {2}- name: ${first}\n( {4}.*\n)+`), '');
  writeFileSync(
    file,
    without.replace('groups:\n', 'groups:\n  - name: Night Owls\n    isInternalGroup: false\n'),
  );
  const before = journal(bench).length;
  const [unsure, uncounted, lone, dry] = await Promise.all([
    flightdeck('apply', file),
    flightdeck('apply', file, '--prune', '--yes'),
    flightdeck('apply', file, '--confirm', '1', '--yes'),
    flightdeck('apply', file, '--dry-run', '--prune'),
  ]);
  expect([unsure.code, unsure.out]).toEqual([
    2,
    expect.stringMatching(/^\+ Create the external group “Night Owls”$/m),
  ]);
  expect(unsure.err).toMatch(/Nothing was applied\. Where nobody can be asked, add --yes\./);
  expect([uncounted.code, uncounted.err]).toEqual([2, expect.stringMatching(/Add --confirm 1 to do it/)]);
  expect([lone.code, lone.err]).toEqual([2, expect.stringMatching(/--confirm belongs to --prune/)]);
  expect([dry.code, dry.out]).toEqual([
    0,
    expect.stringMatching(/^planned {2}Create .*: Would be sent to App Store Connect\.$/m),
  ]);
  expect(journal(bench)).toHaveLength(before);

  const pruned = await flightdeck('apply', file, '--prune', '--confirm', '1', '--yes');
  expect([pruned.code, pruned.out]).toEqual([
    0,
    expect.stringMatching(/^done {5}Create the external group “Night Owls”\n.*Applied\.\n$/ms),
  ]);
  const writes = [
    ['POST', '/v1/betaGroups'],
    ['DELETE', '/v1/betaGroups/{id}'],
  ];
  expect(journal(bench).slice(before)).toEqual(writes);
  writeFileSync(stuck, 'version: 1\ngroups:\n  - name: Night Owls\n    isInternalGroup: true\n');
  const [again, held, tried] = await Promise.all([
    flightdeck('apply', file, '--prune', '--yes', '--json'),
    flightdeck('apply', stuck, '--yes'),
    flightdeck('apply', stuck, '--dry-run'),
  ]);
  expect([again.code, JSON.parse(again.out)]).toEqual([0, expect.objectContaining({ operations: [] })]);
  expect([held.code, held.out]).toEqual([
    1,
    expect.stringMatching(
      /^! “Night Owls” is external, not internal\. App Store Connect does not change that/m,
    ),
  ]);
  expect([tried.code, tried.out]).toEqual([
    1,
    expect.stringMatching(/^cannot {3}“Night Owls” is external, not internal: /m),
  ]);
  expect(journal(bench).slice(before)).toEqual(writes);
});
