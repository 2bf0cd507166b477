import { describe, expect, it } from 'vitest';
import { addressOf, partsOf, wordOf } from '@/lib/services/person/address';
import { redactorOf } from '@/lib/services/person/redact';
import type { Person } from '@/lib/services/person/who';

const ADDRESS = 'ada@example.com';
const holds = (text: string, address = ADDRESS) => text.search(wordOf(address)) >= 0;

describe('an address', () => {
  it('is one address, whatever its case and blanks', () => {
    expect(addressOf('  Ada@Example.COM ')).toBe(ADDRESS);
    for (const wrong of ['', 'ada', '@', 'a b@c.d', 'a@b@c', `${'x'.repeat(400)}@y.z`, '<ada@example.com>'])
      expect(() => addressOf(wrong), wrong).toThrow('Enter one e-mail address.');
  });

  it('is found as a word of its own, and nowhere else', () => {
    for (const text of [
      ADDRESS,
      'Write to ADA@example.com.',
      '<ada@example.com>',
      "'ada@example.com'",
      'mailto:ada@example.com?subject=x',
      'q=ada%40example.com&x',
      'filter%5Bemail%5D%3Dada%40example.com',
      '{"email":"ada@example.com"}',
      'ada@example.com, bob@example.com',
    ])
      expect(holds(text), text).toBe(true);
    for (const text of [
      'mada@example.com',
      'x.ada@example.com',
      'ada+beta@example.com',
      'ada@example.community',
      'ada@example.com.au',
      'ada@example.com-x.org',
      'ada at example.com',
      'éada@example.com',
    ])
      expect(holds(text), text).toBe(false);
    expect(holds("o'brien+x@ex.org wrote", "o'brien+x@ex.org")).toBe(true);
  });

  it('is looked for by what stands the same in JSON and in addresses of pages', () => {
    expect(partsOf(ADDRESS)).toEqual([[ADDRESS], ['ada%40example.com']]);
    expect(partsOf("o'brien+x@ex.org")).toEqual([['o', 'brien', 'x', 'ex.org']]);
  });
});

describe('taking a person out', () => {
  const person: Person = {
    address: ADDRESS,
    testers: [{ accountId: 'a', appId: 'p', testerId: 't-1' }],
    testerIds: new Set(['t-1']),
    reports: [
      {
        ...{ accountId: 'a', appId: 'p', id: 'r', type: 'x', issueId: null, document: '{}' },
        comment: 'The map froze near my flat.\nAgain.',
      },
    ],
    names: ['Ada King'],
  };
  const { text, json, isAbout } = redactorOf(person, 'Erased person 1');

  it('of a text leaves everything else as it was', () => {
    expect(text('Ada King <Ada@example.com> and mada@example.com')).toBe(
      'Erased person 1 <Erased person 1> and mada@example.com',
    );
    expect(text('Ada Kingsley said: The map froze near my flat.')).toBe('Ada Kingsley said: [erased]');
    expect(text('Nothing of that.')).toBe('Nothing of that.');
  });

  it('of JSON keeps its shape, and takes the names of whoever has the address or the id', () => {
    const told = {
      attributes: { email: 'ADA@example.com', firstName: 'Ada', lastName: 'King' },
      names: { 'betaTesters/t-1': 'Ada', 'betaTesters/t-2': 'Ada' },
      others: [{ testerId: 't-1', firstName: 'Ada', groupIds: ['t-1'] }, { firstName: 'Ada' }],
      data: { type: 'betaTesters', id: 't-1', attributes: { firstName: 'Ada', note: 'x' } },
    };
    expect(JSON.parse(json(JSON.stringify(told)))).toEqual({
      attributes: { email: 'Erased person 1', firstName: null, lastName: 'Erased person 1' },
      names: { 'betaTesters/t-1': 'Erased person 1', 'betaTesters/t-2': 'Ada' },
      others: [{ testerId: 't-1', firstName: null, groupIds: ['t-1'] }, { firstName: 'Ada' }],
      data: { type: 'betaTesters', id: 't-1', attributes: { firstName: null, note: 'x' } },
    });
    expect(json('no JSON of ada@example.com')).toBe('no JSON of Erased person 1');
    expect([isAbout('{"id":"t-1"}'), isAbout('{"id":"t-2"}')]).toEqual([true, false]);
  });

  it('of what could be sent leaves no address rather than a false one', () => {
    const toBeSent = redactorOf(person, 'Erased person 1', { isToBeSent: true });
    const payload = { testerId: 't-1', email: ADDRESS, firstName: 'Ada', lastName: 'King', groupIds: ['g'] };
    expect(JSON.parse(toBeSent.json(JSON.stringify(payload)))).toEqual({
      ...{ testerId: 't-1', email: null, firstName: null, lastName: null, groupIds: ['g'] },
    });
  });

  it('done twice is done once', () => {
    for (const given of ['Ada King ada@example.com', '{"email":"ada@example.com","firstName":"Ada"}'])
      expect(json(json(given))).toBe(json(given));
  });
});
