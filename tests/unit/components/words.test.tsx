import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { staleError } from '@/components/programme/stale-error';
import { StateBar, statesOf } from '@/components/programme/state-bar';
import { isHere } from '@/components/shell/nav';
import { foremost, progressWords } from '@/components/shell/sync-words';
import { ErrorWords } from '@/components/ui/error-state';
import { Name } from '@/components/ui/name';
import { ApiError } from '@/lib/browser/api';
import { withChange } from '@/lib/browser/mutations';
import type { SyncStatus } from '@/lib/browser/types';
import { appOfPath, homeOf } from '@/lib/format/app-address';

const account = (over: Partial<SyncStatus>): SyncStatus => ({
  accountId: 'a',
  name: 'A',
  status: 'idle',
  mode: null,
  progress: {},
  requests: 0,
  rows: 0,
  startedAt: null,
  finishedAt: null,
  lastSucceededAt: null,
  error: null,
  waitingUntil: null,
  budget: null,
  workerAlive: true,
  accountStatus: 'ok',
  accountDetail: null,
  accountStatusAt: null,
  stuck: [],
  ...over,
});

describe('sync', () => {
  it('speaks of the account that most needs a look', () => {
    const accounts = [
      account({ accountId: 'fresh', lastSucceededAt: '2026-02-01' }),
      account({ accountId: 'failed', status: 'failed' }),
      account({ accountId: 'running', status: 'running' }),
    ];
    expect(foremost(accounts)?.accountId).toBe('running');
    expect(foremost(accounts.slice(0, 2))?.accountId).toBe('failed');
    expect(foremost([])).toBeUndefined();
  });

  it('says how many of how many, of what is not finished', () => {
    const progress = { betaGroups: { seen: 9, total: 9 }, betaTesters: { seen: 400, total: 2000 } };
    expect(progressWords(account({ progress }))).toBe('testers 400 of 2,000');
    expect(progressWords(account({ progress: {} }))).toBe('starting');
  });
});

describe('places', () => {
  it('knows the app of a path and what is above it', () => {
    expect(appOfPath('/apps/12%203/groups/7')).toEqual({
      appId: '12 3',
      base: '/apps/12%203',
      section: '/groups/7',
    });
    expect(appOfPath('/apps/123~team%2F1/builds')).toEqual({
      appId: '123',
      accountId: 'team/1',
      base: '/apps/123~team%2F1',
      section: '/builds',
    });
    expect(homeOf('123', { accountId: 'team/1', accountName: 'Studio' })).toBe('/apps/123~team%2F1');
    expect(homeOf('123', { accountId: 'team/1' })).toBe('/apps/123');
    expect(appOfPath('/groups')).toBeNull();
    expect([isHere('/apps/1/groups', '/apps/1'), isHere('/apps/1/groups/2', '/apps/1/groups')]).toEqual([
      false,
      true,
    ]);
    expect(isHere('/groupsies', '/groups')).toBe(false);
  });
});

describe('names and errors', () => {
  it('isolates names and never makes markup of them', () => {
    expect(renderToStaticMarkup(<Name>{'\u202e<b>x</b>'}</Name>)).toBe(
      '<bdi>\u202e&lt;b&gt;x&lt;/b&gt;</bdi>',
    );
    expect(renderToStaticMarkup(<Name>{'  '}</Name>)).toContain('Unnamed');
  });

  it("gives Apple's own words first and the code in the details", () => {
    const error = new ApiError(409, [
      { code: 'ENTITY_ERROR', detail: 'The name is taken.', meta: { apple: true } },
    ]);
    const html = renderToStaticMarkup(<ErrorWords error={error} />);
    expect(html).toContain('App Store Connect says:');
    expect(html.indexOf('The name is taken.')).toBeLessThan(html.indexOf('ENTITY_ERROR'));
    expect(html).toContain('<details');
  });

  it('shows both values when somebody else was faster', () => {
    const stale = new ApiError(409, [
      { code: 'FLIGHTDECK.STALE', meta: { actual: { name: 'Theirs' }, requested: { name: 'Mine' } } },
    ]);
    expect(staleError(stale)?.message).toContain('“Theirs”');
    expect(staleError(stale)?.message).toContain('“Mine”');
    expect(staleError(new ApiError(409, []))).toBeUndefined();
  });
});

describe('testers on their way', () => {
  const counts = { total: 6, byState: { INSTALLED: 3, BRAND_NEW: 2, '': 1 } };
  it('leaves no state out, known or not', () => {
    expect(statesOf(counts).reduce((sum, { count }) => sum + count, 0)).toBe(6);
  });
  it('is told in words to those who do not see the bar', () => {
    expect(renderToStaticMarkup(<StateBar counts={counts} />)).toContain(
      '3 installed, 2 brand new, 1 not known yet',
    );
  });
});

describe('an optimistic change', () => {
  const row = { type: 'betaGroups', id: '1', attributes: { name: 'Old', feedbackEnabled: true } };
  const other = { ...row, id: '2' };
  it('touches the one resource in pages and documents, and nothing else', () => {
    const pages = { pages: [{ data: [row, other] }], pageParams: [''] };
    expect(withChange(pages, '1', { name: 'New' })).toEqual({
      pages: [{ data: [{ ...row, attributes: { name: 'New', feedbackEnabled: true } }, other] }],
      pageParams: [''],
    });
    expect(withChange({ data: other }, '1', { name: 'New' })).toEqual({ data: other });
    expect(withChange(undefined, '1', { name: 'New' })).toBeUndefined();
  });
});
