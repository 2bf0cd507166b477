import { complaintsOf, expectWellMade } from './axe';
import { sandboxAt } from './sandbox';
import { expect, test } from './setup/test';

/** Every page by its name and address; the ids come from the sandbox. */
async function places(baseUrl: string): Promise<[name: string, path: string][]> {
  const sandbox = sandboxAt(baseUrl);
  const group = (await sandbox.list('betaGroups')).find(({ attributes }) => attributes.publicLinkEnabled);
  const build = (await sandbox.list('builds')).find(({ appId }) => appId === group?.appId);
  const app = `/apps/${group?.appId}`;
  return [
    ['health', '/'],
    ['app', app],
    ['groups', `${app}/groups`],
    ['group', `${app}/groups/${group?.id}`],
    ['testers', `${app}/testers`],
    ['builds', `${app}/builds`],
    ['build', `${app}/builds/${build?.id}`],
    ['test-information', `${app}/test-information`],
    ['all-groups', '/groups'],
    ['all-testers', '/testers'],
    ['activity', '/activity'],
    ['settings', '/settings'],
    ['keys', '/settings/keys'],
    ['digest', '/settings/digest'],
    ['team', '/settings/team'],
  ];
}

test('every page: its own title, one heading, nothing refused, and no finding of axe in light and dark', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(600_000);
  const complaints = complaintsOf(page);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const titles = new Set<string>();
  const all = await places(flightdeck.sandbox.baseUrl);
  for (const [name, path] of all) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await page.waitForLoadState('networkidle');
    titles.add(await page.title());
    await expectWellMade(page, name, ({ scheme, width }) =>
      page.screenshot({ path: `test-results/tour/${name}-${scheme}-${width}.png` }),
    );
  }
  expect(titles.size).toBe(all.length);
  expect(complaints).toEqual([]);
});

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
