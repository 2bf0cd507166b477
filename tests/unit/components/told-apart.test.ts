import { describe, expect, it } from 'vitest';
import { knownWords } from '@/components/groups/known-members';
import { itemWho } from '@/components/jobs/job-words';
import { needyFirst } from '@/components/jobs/jobs-query';
import { acceptedWords } from '@/components/links/accepted-words';
import { wordsOf } from '@/lib/services/search';

describe('people Apple calls Anonymous', () => {
  it('are told apart by their device in what the palette finds', () => {
    const appDevices = [{ model: 'iPhone17,1', osVersion: '18.1' }];
    const tester = (attributes: Record<string, unknown>) =>
      wordsOf({ type: 'betaTesters', id: 't', attributes });
    expect(tester({ firstName: 'Anonymous', appDevices })).toEqual({
      label: 'Anonymous tester (iPhone 16 Pro, 18.1)',
      detail: null,
    });
    expect(tester({ firstName: 'Ada', email: 'a@x.example' })).toEqual({
      label: 'Ada',
      detail: 'a@x.example',
    });
    expect(tester({ email: 'a@x.example' })).toEqual({ label: 'a@x.example', detail: null });
  });

  it('are called by the label they were queued under in the rows of a job', () => {
    const label = 'Anonymous tester (iPhone 16 Pro, 18.1)';
    expect(itemWho({ payload: { firstName: 'Anonymous' }, label, position: 0 }).name).toBe(label);
    expect(itemWho({ payload: { firstName: 'Ada', lastName: 'L' }, label: 'a@x', position: 0 })).toEqual({
      name: 'Ada L',
      label: 'a@x',
    });
    expect(itemWho({ payload: null, label: null, position: 4 }).name).toBe('Row 5');
  });
});

describe('figures that differ', () => {
  it('say why more have accepted than have a place, and how many more', () => {
    const byLink = (linkTesterCount: number | null, testerCount = 900) => ({ linkTesterCount, testerCount });
    expect(acceptedWords(946, byLink(810))).toMatch(
      /^946 accepted, 810 are in the group by the link now: .*ever accepted.*missing there: 136\.$/,
    );
    // Not known who came by the link: the whole group is the most there can be.
    expect(acceptedWords(946, byLink(null))).toMatch(
      /^946 accepted, 900 .*however they came.*at least 46\.$/,
    );
    expect(acceptedWords(5, byLink(810))).toBeNull();
    expect(acceptedWords(5, byLink(5))).toBeNull();
    expect(acceptedWords(null, byLink(5))).toBeNull();
    expect(acceptedWords(5, undefined)).toBeNull();
  });

  it('say how many members are known of those App Store Connect counts', () => {
    expect(knownWords(190, 177)).toBe('177 of 190 are known here; the others come with the next sync.');
    expect(knownWords(190, 0)).toMatch(/^0 of 190/);
    expect(knownWords(177, 180)).toMatch(/^App Store Connect counts 177 members, 180 are known here/);
    expect(knownWords(190, 190)).toBeNull();
    expect(knownWords(null, 190)).toBeNull();
    expect(knownWords(190, undefined)).toBeNull();
  });
});

describe('the list of jobs', () => {
  it('begins with those that need somebody, each once', () => {
    const [a, b, c] = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    expect(needyFirst([a, b, c], [c])).toEqual([c, a, b]);
  });
});
