import { expect, it } from 'vitest';
import { ApiError } from '@/lib/browser/api';

it('Apple is said to say only what Apple has said', () => {
  const of = (code: string) => new ApiError(503, [{ code, detail: 'words', meta: { apple: true } }]);
  expect(of('STATE_ERROR').speaker).toBe('App Store Connect');
  expect(of('FLIGHTDECK.ASC_BREAKER_OPEN').speaker).toBeUndefined();
  expect(of('FLIGHTDECK.ASC_BREAKER_OPEN').isApple).toBe(true);
  expect(new ApiError(409, [{ code: 'STATE_ERROR', detail: 'ours' }]).speaker).toBeUndefined();
});
