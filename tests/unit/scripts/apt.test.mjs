import { expect, test, vi } from 'vitest';
import { ensureProgram } from '@/scripts/lib/apt.mjs';

const wanted = { name: 'Node', variable: 'SOME_PROGRAM', packages: ['nodejs'] };

test('a program that is there is taken, without a look at the packages', async () => {
  expect(await ensureProgram({ ...wanted, find: () => process.execPath })).toEqual({
    path: process.execPath,
  });
});

test('one that somebody named is taken before all others, and a wrong name is told', async () => {
  vi.stubEnv('SOME_PROGRAM', process.execPath);
  expect(await ensureProgram({ ...wanted, find: () => '/elsewhere' })).toEqual({ path: process.execPath });
  vi.stubEnv('SOME_PROGRAM', '/not/there');
  expect(await ensureProgram({ ...wanted, find: () => process.execPath })).toEqual({
    why: 'SOME_PROGRAM=/not/there does not exist',
  });
  vi.unstubAllEnvs();
});
