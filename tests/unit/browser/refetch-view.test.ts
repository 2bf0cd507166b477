import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { refetchView } from '@/lib/browser/freshness';
import { readinessOptions } from '@/lib/browser/ship';
import type { BuildResource } from '@/lib/browser/types';

const build = { type: 'builds', id: 'b1', attributes: { processingState: 'VALID' } } as BuildResource;

it('has our own copy of a build asked again, and never what reads App Store Connect and so makes it younger', () => {
  const client = new QueryClient();
  const { queryKey: readiness } = new QueryObserver(client, {
    ...readinessOptions(build),
    enabled: false,
  }).getCurrentQuery();
  const page = ['v1', 'builds', 'one', 'b1', ''];
  client.setQueryData(readiness, { data: [] });
  client.setQueryData(page, {});
  refetchView(client, { of: 'builds', id: 'b1' });
  expect(client.getQueryState(page)?.isInvalidated).toBe(true);
  expect(client.getQueryState(readiness)?.isInvalidated).toBe(false);
});

it('keeps what a build needs by its state, so that a new one asks again', () => {
  const later = { ...build, attributes: { processingState: 'PROCESSING' } } as BuildResource;
  expect(readinessOptions(later).queryKey).not.toEqual(readinessOptions(build).queryKey);
});
