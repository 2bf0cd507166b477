import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';

let folder;
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'flightdeck-container-')), 'data');
});

const run = (...args) => runWith({}, ...args);
const runWith = (env, ...args) =>
  spawnSync(process.execPath, ['scripts/container.mjs', ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, DATA_DIR: folder, PORT: '9', ...env },
  });
const ADDRESS = 'postgresql://flightdeck@postgres:5432/flightdeck';

it('notes once that the data lies in PostgreSQL, for nobody else to read', () => {
  expect(run('--choose-postgres', ADDRESS).status).toBe(0);
  const file = path.join(folder, 'database.url');
  expect(readFileSync(file, 'utf8')).toBe(`${ADDRESS}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(run('--choose-postgres', 'postgresql://other@elsewhere/one').status).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(`${ADDRESS}\n`);
});

it('does not begin anew in PostgreSQL where data lies in SQLite, and says what to do', () => {
  run('--choose-postgres', ADDRESS);
  const other = path.join(path.dirname(folder), 'sqlite');
  folder = other;
  mkdirSync(other);
  writeFileSync(path.join(other, 'flightdeck.db'), '');
  const { status, stderr } = run('--choose-postgres', ADDRESS);
  expect([status, existsSync(path.join(other, 'database.url'))]).toEqual([1, false]);
  expect(stderr).toContain('In a container');
  // Once it was moved, and whoever moved it says where to.
  expect(runWith({ DATABASE_URL: ADDRESS }, '--choose-postgres', ADDRESS).status).toBe(0);
});

it('is not well while nothing answers', () => {
  expect(run('--check').status).toBe(1);
});
