import { describe, expect, it } from 'vitest';
import { RESOURCE_TYPES } from '@/lib/asc/catalogue/types';
import { allOperations, isWrite, relationshipOf } from '@/lib/asc/operations';
import type { Job } from '@/lib/jobs/types';
import { changeWords } from '@/lib/services/history/change-words';
import { jobRest, jobSentence } from '@/lib/services/history/job-sentence';
import type { Part, Told } from '@/lib/services/history/parts';
import { sentenceOf } from '@/lib/services/history/sentence';
import { peopleJobs } from '@/lib/services/jobs/registry';

const said = (parts: readonly Part[]) =>
  parts.map((part) => (typeof part === 'string' ? part : part.name)).join('');

const ID = '6449012345';
const told = (over: Partial<Told>): Told => ({
  action: 'update',
  type: 'betaGroups',
  resourceId: ID,
  label: null,
  names: {},
  before: null,
  after: null,
  status: 'succeeded',
  undoOf: null,
  appId: '77',
  appName: 'Wayfinder',
  ...over,
});

/** What no sentence may hold: ids, JSON, Apple’s own words. */
function machineWords(text: string): string[] {
  const camel = (text.match(/\b[a-z]+[A-Z]\w*/g) ?? []).filter((word) => word !== 'iOS');
  const types = RESOURCE_TYPES.filter((type) => type !== 'builds' && type !== 'apps' && text.includes(type));
  const marks = text.match(/[{}[\]"]|undefined|null|NaN| {2}|\b64490\d+/g) ?? [];
  return [...camel, ...types, ...marks];
}

const FULL_NAMES = {
  [`betaGroups/${ID}`]: 'Hackathon',
  [`betaTesters/${ID}`]: 'Ada Lovelace (ada@example.com)',
  [`builds/${ID}`]: 'iOS 2.4 (118)',
  [`apps/${ID}`]: 'Wayfinder',
};

describe('every operation of the catalogue', () => {
  const writes = allOperations().filter(({ operation }) => isWrite(operation));
  it.each(writes.map((one) => [`${one.operation} ${one.type} ${one.name ?? ''}`, one] as const))(
    'is told without machine words: %s',
    (_, { type, operation, name = '' }) => {
      const target = relationshipOf(type, name)?.target ?? '';
      const after =
        name === ''
          ? { attributes: { contactPhone: '1', someNewThing: true }, relationships: {} }
          : { relationship: name, data: [{ type: target, id: ID }] };
      for (const label of [null, 'Night shift']) {
        for (const names of [{}, FULL_NAMES]) {
          for (const status of ['succeeded', 'failed', 'pending', 'unknown'] as const) {
            const entry = told({ action: operation, type, label, names, after, status, undoOf: 'x' });
            const text = said(sentenceOf(entry));
            expect(machineWords(text), text).toEqual([]);
            expect(text).toMatch(/^(\p{Ll}+|[A-Z]\w+ of) /u);
            for (const { what, before, after: to } of changeWords(entry)) {
              expect(machineWords(`${what} ${before} ${to}`)).toEqual([]);
            }
          }
        }
      }
    },
  );
});

it('says until when a light was snoozed, and that it was woken', () => {
  const light = (snooze: object | null) =>
    said(sentenceOf(told({ type: 'lights', label: 'iOS 2.4 (118) is with beta review', after: { snooze } })));
  expect([
    light({ until: '2026-12-03T09:00:00.000Z', level: 'amber' }),
    light({ until: null, level: 'amber' }),
    light({ until: null, level: 'red' }),
    light(null),
  ]).toEqual([
    'snoozed “iOS 2.4 (118) is with beta review” until 3 Dec 2026',
    'snoozed “iOS 2.4 (118) is with beta review” until it gets worse',
    'snoozed “iOS 2.4 (118) is with beta review” until it comes again',
    'woke “iOS 2.4 (118) is with beta review”',
  ]);
});

describe('a change', () => {
  const rows: readonly [sentence: string, entry: Partial<Told>][] = [
    [
      'added Ada Lovelace (ada@example.com) to Hackathon',
      {
        action: 'addLinkage',
        names: FULL_NAMES,
        after: { relationship: 'betaTesters', data: [{ type: 'betaTesters', id: ID }] },
      },
    ],
    [
      'removed 4 testers from Hackathon',
      {
        action: 'removeLinkage',
        label: 'Hackathon',
        after: {
          relationship: 'betaTesters',
          data: ['1', '2', '3', '4'].map((id) => ({ type: 'betaTesters', id })),
        },
      },
    ],
    // Refused, which keeps no outcome.
    [
      'tried to add Ada Lovelace (ada@example.com) to Hackathon',
      {
        action: 'addLinkage',
        label: 'ada@example.com',
        names: {
          [`betaGroups/${ID}`]: 'Hackathon',
          'betaTesters/5': 'Ada Lovelace (ada@example.com)',
        },
        status: 'failed',
      },
    ],
    // A job’s row: the label is the tester, the group is gone from the mirror, but its name was kept.
    [
      'added ada@example.com to Hackathon',
      {
        action: 'addLinkage',
        label: 'ada@example.com',
        names: { [`betaGroups/${ID}`]: 'Hackathon' },
        after: { betaTesters: ID, isAdded: true },
      },
    ],
    [
      'renamed Old to New',
      {
        names: { [`betaGroups/${ID}`]: 'Old' },
        before: { attributes: { name: 'Old' } },
        after: { attributes: { name: 'New' } },
      },
    ],
    [
      'switched off the public link of Hackathon',
      {
        label: 'Hackathon',
        before: { attributes: { publicLinkEnabled: true } },
        after: { attributes: { publicLinkEnabled: false } },
      },
    ],
    [
      'set the public link limit of Hackathon to 1,000',
      {
        label: 'Hackathon',
        before: { attributes: { publicLinkLimitEnabled: false, publicLinkLimit: null } },
        after: { attributes: { publicLinkLimitEnabled: true, publicLinkLimit: 1000 } },
      },
    ],
    ['signed in', { action: 'signIn', type: 'sessions', label: 'demo@example.com' }],
    [
      'made mara@example.com a manager',
      {
        type: 'people',
        label: 'mara@example.com',
        before: { role: 'viewer' },
        after: { role: 'manager' },
      },
    ],
    [
      'exported the testers in Wayfinder as a file',
      { action: 'export', type: 'betaTesters', label: 'CSV file' },
    ],
    ['tried to delete Hackathon in Wayfinder', { action: 'delete', label: 'Hackathon', status: 'failed' }],
    [
      'invited mara@example.com to Hackathon',
      {
        action: 'create',
        type: 'betaTesters',
        resourceId: null,
        label: 'mara@example.com',
        names: { 'betaGroups/9': 'Hackathon' },
        after: { id: ID, relationships: { betaGroups: { data: [{ type: 'betaGroups', id: '9' }] } } },
      },
    ],
    [
      'chose the encryption declaration of build iOS 2.4 (118)',
      {
        type: 'builds',
        names: FULL_NAMES,
        before: { attributes: {}, relationships: { appEncryptionDeclaration: { data: null } } },
        after: {
          id: ID,
          attributes: {},
          relationships: {
            appEncryptionDeclaration: { data: { type: 'appEncryptionDeclarations', id: '7' } },
          },
        },
      },
    ],
    [
      'expired build iOS 2.4 (118)',
      {
        type: 'builds',
        names: FULL_NAMES,
        before: { attributes: { expired: false } },
        after: { attributes: { expired: true } },
      },
    ],
    [
      'tagged 12 testers vip',
      {
        type: 'testerRecords',
        resourceId: null,
        label: '12 testers',
        before: { testers: ['1'] },
        after: { addTags: ['vip'] },
      },
    ],
    [
      'applied the rule Pay to 3 reports',
      {
        type: 'issues',
        resourceId: null,
        label: '3 reports',
        after: { rule: 'Pay', isAsked: true, addLabels: ['x'] },
      },
    ],
    [
      'set the priority of It stops to high and labelled It stops x',
      { type: 'issues', label: 'It stops', after: { rule: 'Pay', priority: 3, addLabels: ['x'] } },
    ],
    [
      'assigned It stops to Ada',
      { type: 'issues', label: 'It stops', after: { assigneeId: 'u', assignee: 'Ada' } },
    ],
    ['assigned It stops', { type: 'issues', label: 'It stops', after: { assigneeId: 'u' } }],
    [
      'made It stops “Resolved” in 2.1 (7)',
      { type: 'issues', label: 'It stops', after: { status: 'resolved', resolvedIn: '2.1 (7)' } },
    ],
    [
      'snoozed It stops until the next build',
      { type: 'issues', label: 'It stops', after: { snooze: 'nextBuild' } },
    ],
    [
      'put the rules in another order',
      { type: 'triageRules', resourceId: null, label: 'Order', after: { order: ['b', 'a'] } },
    ],
    [
      'opened a reply to the tester in a mail program, about It stops',
      { action: 'create', type: 'feedbackReplies', label: 'It stops' },
    ],
    [
      'drew on a copy of a picture of It stops',
      { action: 'create', type: 'feedbackDrawings', label: 'It stops' },
    ],
    [
      'deleted a drawing on a picture of It stops',
      { action: 'delete', type: 'feedbackDrawings', label: 'It stops' },
    ],
  ];
  it.each(rows)('is told: %s', (sentence, entry) => {
    expect(said(sentenceOf(told(entry)))).toBe(sentence);
  });

  it('shows values in words, a name as it is', () => {
    const entry = told({
      before: { attributes: { name: 'EXPIRED', feedbackEnabled: true } },
      after: { attributes: { name: 'ADMIN', feedbackEnabled: false } },
    });
    expect(changeWords(entry)).toEqual([
      { what: 'Name', before: 'EXPIRED', after: 'ADMIN' },
      { what: 'Tester feedback', before: 'on', after: 'off' },
    ]);
  });
});

describe('every kind of job', () => {
  const job = (over: Partial<Job>): Job => ({
    id: 'job',
    accountId: 'a',
    appId: '77',
    kind: 'add-to-group',
    title: 'Add 180 testers to Hackathon',
    status: 'done',
    params: { groupId: ID },
    createdBy: 'u',
    createdByEmail: 'demo@example.com',
    createdAt: 1,
    scheduledAt: null,
    startedAt: 1,
    finishedAt: 2,
    updatedAt: 2,
    waitUntil: null,
    waitReason: null,
    hold: null,
    pace: null,
    total: 180,
    done: 177,
    failed: 1,
    skipped: 2,
    noEffect: 0,
    crashes: 0,
    error: null,
    ...over,
  });
  const sentence = (over: Partial<Job>, names = FULL_NAMES, only: string | null = null) =>
    said(jobSentence({ job: job(over), names, only, appName: 'Wayfinder' }));

  it.each([...peopleJobs.keys()])('is told without machine words: %s', (kind) => {
    for (const params of [
      { groupId: ID },
      { buildId: ID },
      { groupIds: [ID] },
      { clones: ID, name: 'Copy' },
      {},
    ]) {
      for (const names of [FULL_NAMES, {} as typeof FULL_NAMES]) {
        for (const over of [{}, { finishedAt: null }, { done: 0 }, { done: 0, failed: 0 }]) {
          const text = sentence({ kind, params, ...over }, names);
          expect(machineWords(text), text).toEqual([]);
          // A kind of one word is a person’s word too.
          if (kind.includes('-')) expect(text).not.toContain(kind);
          const rest = jobRest(job({ kind, ...over }));
          expect(machineWords(rest), rest).toEqual([]);
        }
      }
    }
  });

  it('counts what was done, and says what became of the others', () => {
    expect(sentence({})).toBe('added 177 testers to Hackathon');
    expect(jobRest(job({}))).toBe('2 were in already, 1 was refused');
    expect(sentence({ finishedAt: null, done: 20 })).toBe('began to add 180 testers to Hackathon');
    expect(jobRest(job({ finishedAt: null, done: 20, failed: 0, skipped: 0 }))).toBe('20 of 180 so far');
    // Of 180 rows three were refused before anything was sent.
    const planned = { params: { groupId: ID, planned: 177 } };
    const begun = { ...planned, finishedAt: null, done: 20, failed: 3, skipped: 0 };
    expect(sentence(begun)).toBe('began to add 177 testers to Hackathon');
    expect(jobRest(job(begun))).toBe('20 of 177 so far, 3 were refused');
    expect(sentence({ ...begun, startedAt: null })).toBe('is about to add 177 testers to Hackathon');
    expect(sentence({ ...planned, done: 0, failed: 180 })).toBe('tried to add 177 testers to Hackathon');
    expect(sentence({ done: 1 }, FULL_NAMES, 'Ada')).toBe('added Ada to Hackathon');
    expect(sentence({ done: 0, failed: 180 })).toBe('tried to add 180 testers to Hackathon');
    expect(jobRest(job({ status: 'cancelled', done: 100, failed: 0, skipped: 0 }))).toBe('80 were not sent');
    // A ship is one way of steps: it stops at one, and most of what stops it is no refusal.
    expect(jobRest(job({ kind: 'ship', total: 9, done: 2, failed: 1, skipped: 0 }))).toBe(
      'stopped, 6 to come',
    );
    expect(sentence({ params: { groupId: ID, undoes: 'x' } })).toMatch(/, taking a change back$/);
    expect(sentence({ kind: 'clone-group', params: { clones: ID, name: 'Copy' } })).toBe(
      'cloned Hackathon as Copy',
    );
  });
});

it('names the build whose notification a ship switches, by the label the ship has given', () => {
  const entry = told({
    type: 'buildBetaDetails',
    label: 'iOS 2.4 (118)',
    before: { attributes: { autoNotifyEnabled: true } },
    after: { attributes: { autoNotifyEnabled: false } },
  });
  expect(said(sentenceOf(entry))).toBe('switched off automatic notification of build iOS 2.4 (118)');
});
