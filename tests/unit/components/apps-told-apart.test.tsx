import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { PathnameContext } from 'next/dist/shared/lib/hooks-client-context.shared-runtime';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { AppTile, iconOf } from '@/components/programme/app-tile';
import { AppOptions, chosenApp, keptOption, wantedApp } from '@/components/shell/app-options';
import { APPS_QUERY } from '@/components/shell/apps-query';
import { Known } from '@/components/shell/known';
import { COLUMNS_ACROSS_APPS } from '@/components/testers/tester-columns';
import { rowKey } from '@/components/ui/data-table/memory';
import { keys } from '@/lib/browser/keys';
import { listOptions } from '@/lib/browser/lists';
import { invitePersonMutation } from '@/lib/browser/people';
import type { AppResource, TesterResource } from '@/lib/browser/types';

const app = (id: string, accountId: string, accountName?: string): AppResource => ({
  type: 'apps',
  id,
  attributes: { name: id === '1' ? 'Papaya' : 'Quince' },
  meta: { accountId, appId: id, ...(accountName ? { accountName } : {}) },
});
const APPS = [app('1', 'one', 'Sandbox'), app('1', 'two', 'Studio'), app('2', 'one')];

function shown(node: ReactNode): string {
  const client = new QueryClient();
  client.setQueryData(keys.list('apps', APPS_QUERY), { pages: [{ data: APPS }], pageParams: [''] });
  return renderToStaticMarkup(
    <QueryClientProvider client={client}>
      <PathnameContext.Provider value="/">
        <Known>{node}</Known>
      </PathnameContext.Provider>
    </QueryClientProvider>,
  );
}

describe('an app that two accounts have', () => {
  it('is two options, each with its account, and another app one without', () => {
    const html = shown(
      <select>
        <AppOptions apps={APPS} />
      </select>,
    );
    expect([...html.matchAll(/<option[^>]*>([^<]*)</g)].map(([, words]) => words)).toEqual([
      'Papaya (Sandbox)',
      'Papaya (Studio)',
      'Quince',
    ]);
    for (const one of APPS) expect(chosenApp(APPS, rowKey(one))).toBe(one);
  });

  it('is not guessed from the bare id an older draft kept', () => {
    expect(chosenApp(APPS, '1')).toBeUndefined();
    expect(chosenApp(APPS, '2')).toBe(APPS[2]);
    expect(chosenApp(APPS, '')).toBeUndefined();
  });

  it('says its account in the cell of a list over all apps, and only then', () => {
    const cell = COLUMNS_ACROSS_APPS.find(({ id }) => id === 'app')?.cell;
    const tester = (meta: TesterResource['meta']): TesterResource => ({
      type: 'betaTesters',
      id: 't',
      ...(meta ? { meta } : {}),
    });
    const words = (meta: TesterResource['meta']) => shown(cell?.(tester(meta))).replace(/<[^>]*>/g, '');
    expect(words({ appId: '1', accountId: 'two', accountName: 'Studio' })).toBe('Papaya (Studio)');
    expect(words({ appId: '2', accountId: 'one' })).toBe('Quince');
  });

  it('has the picture of the account that the row names', () => {
    expect(iconOf('1', { icon: 'a', accountId: 'two', accountName: 'Studio' })).toBe(
      '/api/apps/1/icon?v=a&account=two',
    );
    expect(iconOf('2', { icon: 'a', accountId: 'one' })).toBe('/api/apps/2/icon?v=a');
    expect(iconOf('1', { accountId: 'two', accountName: 'Studio' })).toBeUndefined();
    const tile = (icon?: string) => renderToStaticMarkup(<AppTile name="Papaya" icon={icon} />);
    expect(tile('/api/apps/1/icon?v=a&account=two')).toContain('account=two');
    expect(tile()).toMatch(/>P</);
  });
});

describe('an app that something is for already', () => {
  const gone = { appId: '9', accountId: 'one', name: 'Rambutan' };

  it('stays chosen although it is gone, and is not taken for all apps', () => {
    const html = shown(
      <select>
        <AppOptions apps={APPS} kept={gone} />
      </select>,
    );
    expect(html).toContain('Rambutan (not here now)');
    const value = keptOption(APPS, gone);
    expect(html).toContain(`value="${value}"`);
    expect(wantedApp(APPS, value, gone)).toEqual({ appId: '9', accountId: 'one' });
  });

  it('is the option of its account where it is here, and none where it is for all', () => {
    const kept = { appId: '1', accountId: 'two', name: 'Papaya' };
    expect(wantedApp(APPS, keptOption(APPS, kept), kept)).toEqual({ appId: '1', accountId: 'two' });
    expect(wantedApp(APPS, keptOption(APPS, null))).toBeNull();
  });
});

describe('what is asked and sent for an app of another account than the page’s', () => {
  it('names that account', async () => {
    const named: (string | null)[] = [];
    vi.stubGlobal('location', { pathname: '/apps/1~two/testers/t' });
    vi.stubGlobal('fetch', async (_path: string, { headers }: { headers: Record<string, string> }) => {
      named.push(headers['flightdeck-account'] ?? null);
      return Response.json({ data: { type: 'betaTesters', id: 'n' } }, { status: 201 });
    });
    const client = new QueryClient();
    const row = {
      outcome: 'invite',
      testerId: null,
      email: 'ada@example.com',
      firstName: '',
      lastName: '',
      groups: [{ id: 'g', name: 'G' }],
      builds: [],
    };
    const invite = client.getMutationCache().build(client, invitePersonMutation());
    await invite.execute({ appId: '2', accountId: 'one', rows: [row as never] });
    await invite.execute({ appId: '1', rows: [row as never] });
    await client.fetchInfiniteQuery(listOptions('betaGroups', 'filter[app]=2', 'one'));
    await client.fetchInfiniteQuery(listOptions('betaGroups', 'filter[app]=2'));
    await client.fetchInfiniteQuery(listOptions('apps', APPS_QUERY));
    expect(named).toEqual(['one', 'two', 'one', 'two', null]);
  });
});
