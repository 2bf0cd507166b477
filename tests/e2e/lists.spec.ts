import { sandboxAt } from './sandbox';
import { expect, test } from './setup/test';

test('testers: search, filter and sort stand in the address and come back', async ({ page, flightdeck }) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const testers = (await sandbox.list('betaTesters')).filter(({ attributes }) => attributes.email);
  const [one] = testers;
  await page.goto(`/apps/${one?.appId}/testers`);
  await expect(page.getByRole('table', { name: 'testers' })).toBeVisible();
  await page.waitForLoadState('networkidle');

  await page.keyboard.press('/');
  const field = page.getByRole('searchbox');
  await expect(field).toBeFocused();
  await field.fill(String(one?.attributes.email));
  await expect(page.getByRole('row')).toHaveCount(2);
  await expect(page).toHaveURL(/q=/);
  await page.reload();
  await expect(page.getByRole('row')).toHaveCount(2);

  await field.fill('nobody-of-this-name');
  await expect(page.getByRole('heading', { name: 'No testers match' })).toBeVisible();
  await page.getByRole('button', { name: 'Clear search and filters' }).click();
  await expect(page.getByRole('table', { name: 'testers' })).toBeVisible();

  await page.getByRole('button', { name: 'Filter by state' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Installed', exact: true }).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/state=INSTALLED/);
  await expect(page.getByRole('button', { name: 'Remove filter State: Installed' })).toBeVisible();
  await page.goBack();
  await expect(page).not.toHaveURL(/state=/);
});

test('groups by keyboard: j and k move, enter opens, back returns', async ({ page, flightdeck }) => {
  const [app] = await sandboxAt(flightdeck.sandbox.baseUrl).list('apps');
  await page.goto(`/apps/${app?.id}/groups`);
  const links = page.getByRole('table', { name: 'groups' }).getByRole('link');
  await expect(links.first()).toBeVisible();
  await page.waitForLoadState('networkidle');
  await page.keyboard.press('j');
  await expect(links.nth(0)).toBeFocused();
  await page.keyboard.press('j');
  await expect(links.nth(1)).toBeFocused();
  await page.keyboard.press('k');
  await expect(links.nth(0)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/groups\/.+/);
  await page.goBack();
  await expect(links.first()).toBeVisible();
});

test('testers are selected by keyboard and their addresses copied', async ({ page, context, flightdeck }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const [app] = await sandboxAt(flightdeck.sandbox.baseUrl).list('apps');
  await page.goto(`/apps/${app?.id}/testers`);
  await expect(page.getByRole('table', { name: 'testers' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  for (const key of ['j', 'x', 'Shift+J', 'Shift+J']) await page.keyboard.press(key);
  await expect(page.getByText('3 testers selected')).toBeVisible();
  await page.getByRole('button', { name: 'Copy e-mail addresses' }).click();
  await expect(page.getByText(/addresses? copied/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('3 testers selected')).toBeHidden();
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/testers\/[^?]+/);
});

test('the palette finds a tester by e-mail and goes there', async ({ page, flightdeck }) => {
  const testers = await sandboxAt(flightdeck.sandbox.baseUrl).list('betaTesters');
  // Somebody who tests two apps is found twice.
  const tester = testers.find(
    ({ attributes: { email } }) =>
      email && testers.filter((other) => other.attributes.email === email).length === 1,
  );
  await page.goto('/');
  await page.waitForLoadState('networkidle');
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: /Go to, do or find/ });
  await expect(field).toBeFocused();
  await field.fill(String(tester?.attributes.email));
  await page
    .getByRole('option')
    .filter({ hasText: String(tester?.attributes.email) })
    .first()
    .click();
  await expect(page).toHaveURL(new RegExp(`/apps/${tester?.appId}/testers/${tester?.id}$`));
  await expect(page.getByText(String(tester?.attributes.email)).first()).toBeVisible();
});

test('the palette goes to the first thing found on enter, not to an app of scattered letters', async ({
  page,
  flightdeck,
}) => {
  const tester = (await sandboxAt(flightdeck.sandbox.baseUrl).list('betaTesters')).find(
    ({ attributes }) => attributes.email,
  );
  const email = String(tester?.attributes.email);
  await page.goto('/');
  await page.waitForLoadState('networkidle');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /Go to, do or find/ }).fill(email);
  await expect(page.getByRole('option', { selected: true })).toContainText(email);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/testers\/[^?]+$/);
});

test('the first column keeps its room at every width, and the head stays in sight', async ({
  page,
  flightdeck,
}) => {
  const [app] = await sandboxAt(flightdeck.sandbox.baseUrl).list('apps');
  for (const path of [`/apps/${app?.id}/testers`, '/testers', `/apps/${app?.id}/builds`, '/groups']) {
    await page.goto(path);
    for (const width of [768, 1024, 1280, 1440]) {
      await page.setViewportSize({ width, height: 700 });
      const name = await page.locator('tbody td:has(a)').first().boundingBox();
      expect.soft(name?.width, `${path} at ${width}`).toBeGreaterThan(140);
    }
  }
  await page.goto(`/apps/${app?.id}/testers`);
  await page.waitForLoadState('networkidle');
  await page.mouse.wheel(0, 900);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(200);
  await expect(page.getByRole('columnheader', { name: 'Name' })).toBeInViewport();
});

test('cards on a phone do not overlap, and a toast covers neither the selection nor the sections', async ({
  page,
  context,
  flightdeck,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const [app] = await sandboxAt(flightdeck.sandbox.baseUrl).list('apps');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/apps/${app?.id}/testers`);
  await page.waitForLoadState('networkidle');
  const heights = await page
    .locator('tr[data-row]')
    .evaluateAll((rows) => rows.map((row) => [row.scrollHeight, row.clientHeight]));
  for (const [inside, outside] of heights) expect(inside).toBeLessThanOrEqual(Number(outside));
  for (const key of ['j', 'x']) await page.keyboard.press(key);
  await page.getByRole('button', { name: 'Copy e-mail addresses' }).click();
  const toast = page.locator('[data-sonner-toast]');
  await expect(toast).toBeVisible();
  const bar = page.getByRole('region', { name: 'Selection' });
  await expect(async () => {
    const [over, under] = [await toast.boundingBox(), await bar.boundingBox()];
    expect((over?.y ?? 0) + (over?.height ?? 0)).toBeLessThanOrEqual(under?.y ?? 0);
  }).toPass();
  await page.keyboard.press('Escape');
  await expect(bar).toBeHidden();
  const sections = await page.getByRole('navigation', { name: 'Sections' }).boundingBox();
  await expect(async () => {
    const over = await toast.boundingBox();
    expect((over?.y ?? 0) + (over?.height ?? 0)).toBeLessThanOrEqual(sections?.y ?? 0);
  }).toPass();
});

test('g and a letter go, the question mark shows the sheet, escape closes it', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForLoadState('networkidle');
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(page).toHaveURL(/\/activity$/);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('an app leads back to the section that was open last', async ({ page, flightdeck }) => {
  const [app] = await sandboxAt(flightdeck.sandbox.baseUrl).list('apps');
  await page.goto(`/apps/${app?.id}/builds`);
  await expect(page.getByRole('heading', { level: 1, name: 'Builds' })).toBeVisible();
  await page.goto('/');
  await page.getByRole('button', { name: 'Choose an app' }).click();
  await page
    .getByRole('menuitemcheckbox')
    .filter({ hasText: String(app?.attributes.name) })
    .click();
  await expect(page).toHaveURL(new RegExp(`/apps/${app?.id}/builds$`));
});
