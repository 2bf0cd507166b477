import { expect, it } from 'vitest';
import { feedbackHref } from '@/components/feedback/feedback-href';
import { withList } from '@/components/views/from-list';

it('the address of a report keeps its account and what its list was narrowed to', () => {
  const meta = { accountId: 'studio', accountName: 'Studio' };
  const href = withList(feedbackHref({ id: 'a/b', meta }), 'view=all&q=x', true);
  const url = new URL(href, 'http://127.0.0.1');
  expect(url.pathname).toBe('/feedback/a%2Fb');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    account: 'studio',
    view: 'all',
    q: 'x',
    list: 'all',
  });
  expect(withList('/feedback/a', '')).toBe('/feedback/a');
});
