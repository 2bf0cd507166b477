import type { Page } from '@playwright/test';
import { expect, test } from './setup/test';

interface Row {
  readonly id: string;
  readonly meta: { readonly appId: string };
}

/** One of each kind of thing, and the app it does not belong to. */
async function strays(page: Page): Promise<{ own: string; stray: string }[]> {
  const list = async (type: string) =>
    ((await (await page.request.get(`/api/v1/${type}?limit=200`)).json()) as { data: Row[] }).data;
  const apps = await list('apps');
  const sections = { betaGroups: 'groups', betaTesters: 'testers', builds: 'builds' };
  return Promise.all(
    Object.entries(sections).map(async ([type, section]) => {
      const rows = await list(type);
      const one = rows.find(({ id }) => rows.filter((row) => row.id === id).length === 1);
      const other = apps.find(({ id }) => id !== one?.meta.appId);
      const path = (appId: string | undefined) =>
        `/apps/${appId}/${section}/${encodeURIComponent(one?.id ?? '')}`;
      return { own: path(one?.meta.appId), stray: path(other?.id) };
    }),
  );
}

/** How Next asks for parts of a page. */
const PARTS: readonly Record<string, string>[] = [
  { rsc: '1' },
  { rsc: '1', 'next-router-prefetch': '1' },
  { rsc: '1', 'next-router-segment-prefetch': '/_tree' },
];

test('what another app has, or nobody, is 404 under an app’s address, for pages and their parts, and stands in the trail', async ({
  page,
}) => {
  const places = await strays(page);
  const app = /^\/apps\/[^/]+/.exec(places[0]?.own ?? '')?.[0] ?? '';
  const nothing = [
    '/apps/123',
    '/apps/123/builds',
    `${app}/groups/x`,
    `${app}/testers/x`,
    `${app}/builds/x`,
    '/jobs/x',
    '/nothing',
    '/nothing/at/all',
    `${app}/nothing`,
  ];
  for (const { own } of places) expect([own, (await page.request.get(own)).status()]).toEqual([own, 200]);
  for (const address of [...places.map(({ stray }) => stray), ...nothing]) {
    const answer = await page.goto(address);
    expect([address, answer?.status()]).toEqual([address, 404]);
    await expect(page.getByText('There is nothing here')).toBeVisible();
    // The frame stays, with the ways to everything else.
    await expect(page.getByRole('navigation').first()).toBeVisible();
  }
  for (const address of [
    ...places.map(({ stray }) => stray),
    '/apps/123',
    `${app}/groups/x`,
    '/jobs/x',
    '/nothing',
  ]) {
    for (const headers of PARTS) {
      const answer = await page.request.get(`${address}?_rsc=abcde`, { headers });
      expect([address, headers, answer.status()]).toEqual([address, headers, 404]);
    }
  }
  for (const { own } of places) {
    const answer = await page.request.get(`${own}?_rsc=abcde`, { headers: PARTS[0] ?? {}, maxRedirects: 0 });
    expect([own, answer.status() < 400]).toEqual([own, true]);
  }
  // The next step leads to where such a thing would be; an app that is not there offers none of its sections.
  await page.goto(`${app}/testers/x`);
  await expect(page.getByRole('heading', { level: 1, name: 'There is nothing here' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to the testers' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Testers' })).toBeVisible();
  await page.goto('/apps/123/builds');
  await expect(page.getByRole('list', { name: 'Apps', exact: true })).toBeVisible();
  await expect(page.getByRole('list', { name: 'This app' })).toHaveCount(0);
  const trail = await (await page.request.get('/api/activity?action=openElsewhere')).json();
  expect(trail.data.map(({ type }: { type: string }) => type).sort()).toEqual([
    'betaGroups',
    'betaTesters',
    'builds',
  ]);
  await page.goto('/activity');
  await expect(page.getByText('under the address of another app').first()).toBeVisible();
});

test('on a phone the way back is there too', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  expect((await page.goto('/nothing'))?.status()).toBe(404);
  await page.getByRole('link', { name: 'Health of all apps' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Health' })).toBeVisible();
});

test.describe('without a session', () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test('an unknown address is 404 and shows nothing of the frame', async ({ page }) => {
    expect((await page.goto('/nothing'))?.status()).toBe(404);
    await expect(page.getByRole('navigation')).toHaveCount(0);
  });
});
