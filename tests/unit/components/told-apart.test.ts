import { describe, expect, it } from 'vitest';
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
    expect(acceptedWords(946, 810, 30)).toMatch(/last 30 days.*left or was removed is missing there.*136\.$/);
    expect(acceptedWords(5, 810, 7)).toMatch(/accepted earlier\.$/);
    expect(acceptedWords(5, 5, 7)).toBeNull();
    expect(acceptedWords(null, 5, 7)).toBeNull();
  });
});

describe('the list of jobs', () => {
  it('begins with those that need somebody, each once', () => {
    const [a, b, c] = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    expect(needyFirst([a, b, c], [c])).toEqual([c, a, b]);
  });
});
