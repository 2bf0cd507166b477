import { expect, it } from 'vitest';
import { awayPage } from '@/lib/http/core/away-page';

it('says why, and when the page asks again, in the head and by itself', async () => {
  const answer = awayPage('The database cannot be reached.');
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('5');
  const text = await answer.text();
  expect(text).toContain('<p role="status">The database cannot be reached. ');
  expect(text).toContain('<meta http-equiv="refresh" content="5">');
  expect(text).not.toContain('<script');
});
