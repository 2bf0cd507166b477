import { expect, it } from 'vitest';
import type { AscClient } from '@/lib/asc/client-interface';
import { appUsage } from '@/lib/services/testers/usage';
import { ascError } from '@/tests/factories/fake-asc';

const unreadable = ascError({ kind: 'malformed_response' });

const used = (id: string, sessionCount: number) => ({
  dataPoints: [{ values: { sessionCount, crashCount: 0, feedbackCount: 0 } }],
  dimensions: { betaTesters: { data: { type: 'betaTesters', id } } },
});
const page = (data: object[], next?: string) => ({ document: { data }, next });

/** A client that answers with these pages in turn, and whatever was asked for. */
function answering(pages: readonly object[]) {
  const asked: string[] = [];
  const answer = async (url: string) => pages[asked.push(url) - 1];
  const asc = { metrics: () => answer('/first'), figuresFrom: answer } as unknown as AscClient;
  return { asc, asked };
}

it('is read page by page, and whoever moved from one to the next counts once', async () => {
  const { asc, asked } = answering([
    page([used('1', 3), used('2', 4)], '/second'),
    page([used('2', 4), used('3', 5)], '/third'),
    page([used('4', 1)]),
  ]);
  const usage = await appUsage(asc, '1', 'P30D');
  expect(asked).toEqual(['/first', '/second', '/third']);
  const sessions = [...usage].map(([id, { sessionCount }]) => [id, sessionCount]);
  expect(sessions).toEqual([
    ['1', 3],
    ['2', 4],
    ['3', 5],
    ['4', 1],
  ]);
});

// Whoever stands on a later page was active, and must not be taken for somebody who was not.
it.each([
  ['repeat', { next: '/again' }, { kind: 'pagination_loop' }],
  ['go on where nobody can follow', { next: undefined, refusedNext: unreadable }, unreadable],
])('is refused when its pages %s', async (_, link, error) => {
  const page = { document: { data: [used('1', 3)] }, ...link };
  const { asc } = answering([page, page]);
  await expect(appUsage(asc, '1', 'P30D')).rejects.toMatchObject(error);
});
