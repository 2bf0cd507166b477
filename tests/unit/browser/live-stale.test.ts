import { expect, it } from 'vitest';
import { staleAfter } from '@/lib/browser/live-stale';
import { STALE_GRAPH } from '@/lib/browser/stale-graph';

const after = (topic: 'mirror' | 'own' | 'jobs' | 'feedback', ...ids: string[]) =>
  staleAfter({ kind: 'change', topic, ids }, STALE_GRAPH).map((key) => key.join('/'));

it('asks again for what was changed at Apple, what that makes stale, and what is made of it', () => {
  const stale = after('mirror', 'betaGroups');
  expect(stale).toEqual(expect.arrayContaining(['v1/betaGroups', 'v1/betaTesters', 'v1/builds']));
  expect(stale).toEqual(expect.arrayContaining(['own/overview', 'own/activity', 'own/search']));
  expect(stale).not.toContain('v1/betaFeedbackCrashSubmissions');
});

it('asks again for how old a view is when a sync has ended', () => {
  expect(after('mirror', 'builds', 'sync')).toEqual(expect.arrayContaining(['v1/builds', 'own/sync']));
});

it('knows which page shows each kind of ours, and that all of it stands in the activity', () => {
  expect(after('own', 'savedReplies')).toEqual(['own/replies', 'own/activity']);
  expect(after('own', 'testerRecords')).toEqual(expect.arrayContaining(['v1/betaTesters', 'own/activity']));
  expect(after('own', 'accounts')).toEqual(
    expect.arrayContaining(['own/accounts', 'own/sync', 'v1/apps', 'own/activity']),
  );
  expect(after('own', 'somethingNew')).toEqual(['own/activity']);
});

it('asks again for a topic, whatever of it was changed', () => {
  expect(after('jobs', 'one')).toEqual(['own/jobs']);
  expect(after('feedback')).toEqual(['own/feedback', 'own/issues', 'own/notices', 'own/overview']);
});

it('asks again for everything when nobody knows what was missed', () => {
  const all = staleAfter({ kind: 'gap' }, STALE_GRAPH).map((key) => key.join('/'));
  expect(all).toEqual(
    expect.arrayContaining(['v1', 'own/feedback', 'own/jobs', 'own/overview', 'own/replies']),
  );
  expect(staleAfter({ kind: 'change', topic: 'mirror', ids: [] }, STALE_GRAPH)).toHaveLength(all.length);
});
