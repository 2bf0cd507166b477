import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { describe, expect, it, vi } from 'vitest';
import { makeStale } from '@/lib/browser/make-stale';

/** Also on a machine that has others to serve. */
const SOON = { timeout: 15_000 };

/** A view that is looked at; its questions are answered by the test, in any order. */
function looked(queryKey: readonly string[]) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const answers: ((value: string) => void)[] = [];
  const observer = new QueryObserver(client, {
    queryKey,
    queryFn: () => new Promise<string>((resolve) => answers.push(resolve)),
  });
  const stop = observer.subscribe(() => {});
  return { client, answers, stop, shown: () => observer.getCurrentResult() };
}

describe('what is made stale while it is asked for the first time', () => {
  it('is asked again, and shows no answer of before', async () => {
    const { client, answers, shown, stop } = looked(['own', 'sync', 'view']);
    expect(answers).toHaveLength(1);
    makeStale(client, { queryKey: ['own', 'sync'] });
    expect(answers).toHaveLength(2);
    answers[0]?.('ten minutes ago');
    answers[1]?.('now');
    await vi.waitFor(
      () => expect(shown()).toMatchObject({ status: 'success', data: 'now', isStale: true }),
      SOON,
    );
    expect(answers).toHaveLength(2);
    stop();
  });

  it('is left alone where something else is meant', async () => {
    const { client, answers, shown, stop } = looked(['own', 'jobs', 'one']);
    makeStale(client, { queryKey: ['own', 'sync'] });
    makeStale(client, { queryKey: ['own'], predicate: ({ queryKey }) => queryKey[2] === 'two' });
    expect(answers).toHaveLength(1);
    answers[0]?.('it');
    await vi.waitFor(() => expect(shown()).toMatchObject({ data: 'it' }), SOON);
    stop();
  });

  it('is asked again with its old answer in sight, where there is one', async () => {
    const { client, answers, shown, stop } = looked(['own', 'sync', 'view']);
    answers[0]?.('old');
    await vi.waitFor(() => expect(shown().data).toBe('old'), SOON);
    makeStale(client, { queryKey: ['own'] });
    expect(shown().data).toBe('old');
    answers[1]?.('new');
    await vi.waitFor(() => expect(shown().data).toBe('new'), SOON);
    stop();
  });
});
