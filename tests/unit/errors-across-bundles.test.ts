import { expect, it, vi } from 'vitest';
import * as asc from '@/lib/asc/errors';
import * as services from '@/lib/services/errors';
import * as store from '@/lib/store/database';

// The built web application holds some modules twice: once for start-up, once for the routes.
it('knows an error that another copy of its module has thrown', async () => {
  vi.resetModules();
  const [otherAsc, otherServices, otherStore] = [
    await import('@/lib/asc/errors'),
    await import('@/lib/services/errors'),
    await import('@/lib/store/database'),
  ];
  expect(otherAsc.AscError).not.toBe(asc.AscError);
  const refusal = new otherAsc.AscError({ kind: 'conflict', message: 'taken' });
  expect(asc.isAscError(refusal)).toBe(true);
  expect(otherServices.notFound('gone')).toBeInstanceOf(services.RefusedError);
  expect(store.unavailability(new otherStore.DatabaseUnavailableError('full', null))).toBe('full');
  expect(new otherStore.StaleWriteError('late')).toBeInstanceOf(store.StaleWriteError);
});

it('takes nothing else for one', () => {
  for (const other of [new Error('x'), null, 'AscError', { name: 'AscError' }]) {
    expect(asc.isAscError(other)).toBe(false);
    expect(other instanceof services.RefusedError).toBe(false);
    expect(store.unavailability(other)).toBeNull();
  }
});
