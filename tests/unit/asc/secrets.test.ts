import { describe, expect, it } from 'vitest';
import { manyDocument, oneDocument } from '@/lib/asc/document';

const source = { method: 'GET', path: '/v1/x', status: 200, requestId: undefined };
const detail = (demoAccountPassword: string | null) => ({
  type: 'betaAppReviewDetails',
  id: '1',
  attributes: { demoAccountName: 'ann', demoAccountPassword },
});
const bare = (isSet: readonly string[]) => ({
  type: 'betaAppReviewDetails',
  id: '1',
  attributes: { demoAccountName: 'ann' },
  meta: { isSet },
});

describe('a secret that Apple tells in reads', () => {
  it('ends at the client, which says only whether there is one', () => {
    expect(oneDocument({ data: detail('hush') }, source).data).toEqual(bare(['demoAccountPassword']));
    expect(oneDocument({ data: detail(null) }, source).data).toEqual(bare([]));
    expect(manyDocument({ data: [detail('hush')], links: {} }, source).data).toEqual([
      bare(['demoAccountPassword']),
    ]);
  });

  it('ends there too where it comes along with something else', () => {
    const app = { type: 'apps', id: '2', attributes: { name: 'A' } };
    const store = { ...detail('hush'), type: 'appStoreReviewDetails' };
    const document = oneDocument({ data: app, included: [detail('hush'), store] }, source);
    expect(document.data).toBe(app);
    expect(JSON.stringify(document)).not.toContain('hush');
  });
});
