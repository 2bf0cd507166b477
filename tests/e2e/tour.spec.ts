import type { Page } from '@playwright/test';
import { axeFindings } from './axe';
import { sandboxAt } from './sandbox';
import { expect, test } from './setup/test';

/** Every page by its name and address; the ids come from the sandbox. */
async function places(baseUrl: string): Promise<[name: string, path: string][]> {
  const sandbox = sandboxAt(baseUrl);
  const group = (await sandbox.list('betaGroups')).find(({ attributes }) => attributes.publicLinkEnabled);
  const build = (await sandbox.list('builds')).find(({ appId }) => appId === group?.appId);
  const app = `/apps/${group?.appId}`;
  return [
    ['all-apps', '/'],
    ['app', app],
    ['groups', `${app}/groups`],
    ['group', `${app}/groups/${group?.id}`],
    ['testers', `${app}/testers`],
    ['builds', `${app}/builds`],
    ['build', `${app}/builds/${build?.id}`],
    ['all-groups', '/groups'],
    ['all-testers', '/testers'],
    ['activity', '/activity'],
    ['settings', '/settings'],
    ['keys', '/settings/keys'],
    ['team', '/settings/team'],
  ];
}

/** The few pictures the documents show. */
const KEPT = new Set(['all-apps', 'group', 'testers']);

for (const scheme of ['light', 'dark'] as const) {
  test(`every page in ${scheme}: its own title, one heading, no finding of axe, nothing refused`, async ({
    page,
    flightdeck,
  }) => {
    test.setTimeout(400_000);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    const titles = new Set<string>();
    const all = await places(flightdeck.sandbox.baseUrl);
    for (const [name, path] of all) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await page.waitForLoadState('networkidle');
      titles.add(await page.title());
      expect.soft(await axeFindings(page), `${name} at 1440`).toEqual([]);
      const kept = scheme === 'light' && KEPT.has(name);
      await page.screenshot({
        path: kept ? `docs/images/${name}.png` : `test-results/tour/${name}-${scheme}.png`,
      });
      await page.setViewportSize({ width: 390, height: 844 });
      await page.screenshot({ path: `test-results/tour/${name}-${scheme}-390.png` });
      expect.soft(await axeFindings(page), `${name} at 390`).toEqual([]);
      expect.soft(await isTooWide(page), `${name} is wider than a phone`).toBe(false);
    }
    expect(titles.size).toBe(all.length);
    expect(complaints).toEqual([]);
  });
}

function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
}

test('the first paint carries the data', async ({ page, flightdeck }) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const [app] = await sandbox.list('apps');
  const response = await page.request.get(`/apps/${app?.id}/groups`);
  const html = await response.text();
  for (const group of await sandbox.list('betaGroups')) {
    if (group.appId === app?.id) expect(html).toContain(`/groups/${group.id}`);
  }
});

test('counts on screen are those of App Store Connect', async ({ page, flightdeck }) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const { apps } = await sandbox.counts();
  for (const [appId, counts] of Object.entries(apps)) {
    await page.goto(`/apps/${appId}/testers`);
    await expect(page.getByRole('status').filter({ hasText: `${counts.betaTesters} testers` })).toBeVisible();
    await page.goto(`/apps/${appId}/builds`);
    await expect(page.getByRole('status').filter({ hasText: `${counts.builds} builds` })).toBeVisible();
  }
});
