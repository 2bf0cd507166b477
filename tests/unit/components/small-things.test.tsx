import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  PathnameContext,
  SearchParamsContext,
} from 'next/dist/shared/lib/hooks-client-context.shared-runtime';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { GROUPS } from '@/components/groups/groups-spec';
import { NewGroup } from '@/components/groups/new-group';
import { RestoreWords } from '@/components/jobs/restore-dialog';
import { FunnelFigure } from '@/components/links/funnel-figure';
import { TrendFigure } from '@/components/links/trend-figure';
import { ExportMenu } from '@/components/people/export-menu';
import { Invited } from '@/components/people/prune-result';
import { KeyProblem } from '@/components/settings/key-form';
import { Known } from '@/components/shell/known';
import { placesFor } from '@/components/shell/nav';
import { TESTER_COLUMNS } from '@/components/testers/tester-columns';
import { TESTER_FILTERS } from '@/components/testers/tester-filters';
import { ErrorState } from '@/components/ui/error-state';
import { saidOnce } from '@/components/ui/said-once';
import { permissionsOf } from '@/lib/access/policy';
import { ApiError } from '@/lib/browser/api';
import { keys } from '@/lib/browser/keys';
import { meOptions } from '@/lib/browser/own';
import type { PruneCandidate } from '@/lib/browser/people';

describe('an error', () => {
  it('is not said twice', () => {
    expect(saidOnce('Not saved', 'Not saved.')).toEqual({ title: 'Not saved' });
    expect(saidOnce('Could not read testers', 'Could not read testers: no answer')).toEqual({
      title: 'Could not read testers: no answer',
    });
    expect(saidOnce('Not saved', 'The name is taken.')).toEqual({
      title: 'Not saved',
      detail: 'The name is taken.',
    });
    expect(saidOnce('Not saved', 'No')).toEqual({ title: 'Not saved', detail: 'No' });
  });

  it('repeats no heading below it, and keeps what the heading does not say', () => {
    const error = new ApiError(409, [{ detail: 'It is gone.' }, { detail: 'The name is taken.' }]);
    const html = renderToStaticMarkup(<ErrorState title="It is gone" error={error} />);
    expect(html.match(/It is gone/g)).toHaveLength(1);
    expect(html).toContain('The name is taken.');
    expect(renderToStaticMarkup(<ErrorState title="Away" error={new Error('Away')} />)).not.toContain('<p');
  });
});

describe('another try', () => {
  const shown = (error: unknown) =>
    renderToStaticMarkup(<ErrorState title="Not loaded" error={error} onRetry={() => undefined} />);
  it('is offered where it may end otherwise', () => {
    expect(shown(new ApiError(503, [{ detail: 'Busy.' }]))).toContain('Try again');
    expect(shown(new ApiError(403, [{ detail: 'No.', meta: { apple: true } }]))).toContain('Try again');
    expect(shown(new ApiError(403, [{ detail: 'This needs another role.' }]))).not.toContain('Try again');
  });
});

describe('what is wrong with a key', () => {
  const nothing = () => undefined;
  const told = (source?: { pointer: string }) =>
    renderToStaticMarkup(
      <KeyProblem
        error={new ApiError(422, [{ detail: 'Too short.', ...(source ? { source } : {}) }])}
        onInstead={nothing}
        onAnyway={nothing}
      />,
    );
  it('stands at its field or in the box, not in both', () => {
    expect(told({ pointer: '/keyId' })).not.toContain('Too short.');
    expect(told({ pointer: '/keyId' })).toContain('Nothing of the key was kept.');
    expect(told()).toContain('Too short.');
  });
});

describe('places', () => {
  it('are offered only to whom they do not refuse', () => {
    const paths = (role: 'viewer' | 'triager') => placesFor(permissionsOf(role)).map(({ path }) => path);
    expect(paths('viewer')).toEqual([
      '/',
      '/groups',
      '/testers',
      '/builds',
      '/reviews',
      '/feedback',
      '/metrics',
      '/settings',
    ]);
    expect(paths('triager')).toEqual([
      '/',
      '/groups',
      '/testers',
      '/builds',
      '/reviews',
      '/feedback',
      '/metrics',
      '/activity',
      '/jobs',
      '/settings',
    ]);
  });
});

describe('a restore', () => {
  it('says whom it writes to, and why it does not write to the others', () => {
    const words = (count: number, others: { reason: string; count: number }[]) =>
      renderToStaticMarkup(<RestoreWords plan={{ count, others }} />).replace(/<[^>]*>/g, '');
    expect(words(3, [{ reason: 'Left no address.', count: 2 }])).toBe(
      '3 testers get a new invitation into the groups they were in.2 testers: Left no address.',
    );
    expect(words(1, [])).toBe('1 tester gets a new invitation into the groups they were in.');
    expect(words(0, [{ reason: 'Left no address.', count: 1 }])).toMatch(/^Nobody .*1 tester: Left/);
  });
});

describe('when somebody was invited', () => {
  it('is not said so that a day looks like a person', () => {
    const tester = { invitedAt: null, presentBy: '2026-11-28T10:00:00.000Z' } as unknown as PruneCandidate;
    expect(renderToStaticMarkup(<Invited tester={tester} />)).toBe('Invited on or before 28 Nov 2026');
  });
});

describe('what is made or taken out', () => {
  const client = (accounts: readonly object[]) => {
    const made = new QueryClient();
    made.setQueryData(keys.own('sync', ''), { data: accounts });
    made.setQueryData(meOptions().queryKey, { data: { permissions: permissionsOf('admin') } } as never);
    return made;
  };
  const shown = (accounts: readonly object[]) =>
    renderToStaticMarkup(
      <QueryClientProvider client={client(accounts)}>
        <SearchParamsContext.Provider value={new URLSearchParams()}>
          <PathnameContext.Provider value="/groups">
            <Known>
              <NewGroup />
              <ExportMenu spec={GROUPS} scope={{}} type="betaGroups" />
            </Known>
          </PathnameContext.Provider>
        </SearchParamsContext.Provider>
      </QueryClientProvider>,
    );
  it('is offered once there is a key', () => {
    expect(shown([])).toBe('');
    const offered = shown([{ id: 'one' }]);
    expect([offered.includes('New group'), offered.includes('Export')]).toEqual([true, true]);
  });
});

describe('the build somebody has', () => {
  it('says its platform: two may carry the same number', () => {
    const cell = TESTER_COLUMNS.find(({ id }) => id === 'installed')?.cell;
    const words = (device: object) =>
      renderToStaticMarkup(
        cell?.({ type: 'betaTesters', id: 't', attributes: { appDevices: [device] } }),
      ).replace(/<[^>]*>/g, '');
    expect(words({ appBuildVersion: '42', platform: 'MAC_OS' })).toBe('42 · macOS');
    expect(words({ appBuildVersion: '42' })).toBe('42');
    expect(words({})).toBe('–');
    const filter = TESTER_FILTERS.find(({ param }) => param === 'installedBuild');
    expect(filter?.hintLabel?.('IOS,MAC_OS')).toBe('iOS, macOS');
  });
});

describe('a figure of nothing', () => {
  const names = { mine: 'Mine', other: 'Other' };
  const day = (at: string, viewCount: number) => ({
    day: at,
    viewCount,
    acceptedCount: 0,
    didNotAcceptCount: 0,
    didNotMeetCriteriaCount: 0,
    notRelevantRatio: null,
    notClearRatio: null,
    notInterestingRatio: null,
  });
  it('is words, not an empty plot', () => {
    const funnel = renderToStaticMarkup(<FunnelFigure names={names} mine={day('', 0)} other={undefined} />);
    expect(funnel).toContain('counted nobody');
    expect(funnel).not.toContain('<table');
    const days = [day('2026-03-01', 0), day('2026-03-02', 0)];
    const trend = renderToStaticMarkup(<TrendFigure names={names} mine={days} other={undefined} />);
    expect(trend).toContain('begin on 1 Mar');
    expect(trend).not.toContain('<table');
  });
  it('is drawn as soon as there is something', () => {
    const funnel = renderToStaticMarkup(<FunnelFigure names={names} mine={day('', 3)} other={undefined} />);
    expect(funnel).toContain('<table');
  });
});
