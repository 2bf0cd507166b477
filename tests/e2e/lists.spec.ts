import type { Locator } from '@playwright/test';
import { awake } from './keys';
import { testersKnown } from './people';
import { sandboxAt } from './sandbox';
import { expect, test } from './setup/test';

/** The app with the most testers, so that lists are longer than a screen. */
async function largestApp(baseUrl: string) {
  const testers = await sandboxAt(baseUrl).list('betaTesters');
  const of = (app: string) => testers.filter(({ appId }) => appId === app);
  const apps = [...new Set(testers.map(({ appId }) => String(appId)))];
  const [app = ''] = apps.sort((a, b) => of(b).length - of(a).length);
  const own = of(app);
  return { app, testers: own, count: own.length };
}

test('testers: search, filter and sort stand in the address and come back', async ({ page, flightdeck }) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const testers = (await sandbox.list('betaTesters')).filter(({ attributes }) => attributes.email);
  const [one] = testers;
  await page.goto(`/apps/${one?.appId}/testers`);
  await expect(page.getByRole('table', { name: 'testers' })).toBeVisible();
  await awake(page);

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
  await page.getByRole('option', { name: /^Installed/ }).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/state=INSTALLED/);
  await expect(page.getByRole('button', { name: 'Change filter State is Installed' })).toBeVisible();
  await page.goBack();
  await expect(page).not.toHaveURL(/state=/);
});

test('groups by keyboard: j and k move, enter opens, back returns', async ({ page, flightdeck }) => {
  const [app] = await sandboxAt(flightdeck.sandbox.baseUrl).list('apps');
  await page.goto(`/apps/${app?.id}/groups`);
  const links = page.getByRole('table', { name: 'groups' }).getByRole('link');
  await expect(links.first()).toBeVisible();
  await awake(page);
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
  await awake(page);
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

test('from the search into the results by keyboard; escape leaves the field first and clears it then', async ({
  page,
  flightdeck,
}) => {
  const { app } = await largestApp(flightdeck.sandbox.baseUrl);
  await page.goto(`/apps/${app}/testers`);
  await awake(page);
  const links = page.getByRole('table', { name: 'testers' }).getByRole('link');
  const field = page.getByRole('searchbox');
  await page.keyboard.press('/');
  await page.keyboard.type('example');
  await page.keyboard.press('Enter');
  await expect(links.first()).toBeFocused();
  await expect(page).toHaveURL(/q=example/);
  await page.keyboard.press('ArrowDown');
  await expect(links.nth(1)).toBeFocused();

  await page.keyboard.press(' ');
  const peek = page.getByRole('complementary', { name: /^A look at/ });
  await expect(peek).toContainText(String(await links.nth(1).textContent()));
  await page.keyboard.press('j');
  await expect(peek).toContainText(String(await links.nth(2).textContent()));
  await page.keyboard.press('Escape');
  await expect(peek).toBeHidden();

  await page.keyboard.press('/');
  await expect(field).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(field).not.toBeFocused();
  await expect(field).toHaveValue('example');
  await page.keyboard.press('Escape');
  await expect(field).toHaveValue('');
  await expect(page).not.toHaveURL(/q=/);
  await page.keyboard.press('/');
  await page.keyboard.type('example');
  await page.keyboard.press('ArrowDown');
  await expect(links.first()).toBeFocused();
});

for (const [device, size] of [
  ['a desktop', { width: 1280, height: 720 }],
  ['a phone', { width: 390, height: 844 }],
] as const) {
  test(`all minus one stays selected over opening a row and coming back, on ${device}`, async ({
    page,
    flightdeck,
  }) => {
    await page.setViewportSize(size);
    const { app, count } = await largestApp(flightdeck.sandbox.baseUrl);
    await testersKnown(page, flightdeck, app, count);
    await page.goto(`/apps/${app}/testers`);
    await awake(page);
    const rows = page.locator('tr[data-row]');
    for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
    await page.getByRole('button', { name: `Select all ${count.toLocaleString('en')} matching` }).click();
    await rows.nth(1).getByRole('checkbox').uncheck();
    const told = page.getByText(
      `${(count - 1).toLocaleString('en')} of ${count.toLocaleString('en')} testers selected`,
    );
    await expect(told).toBeVisible();
    for (let step = 0; step < 14; step += 1) await page.keyboard.press('j');
    const row = page.locator('tr[data-row="15"]');
    await expect(row.getByRole('link')).toBeFocused();
    const bar = page.getByRole('region', { name: 'Selection' });
    const [under, over] = [await row.boundingBox(), await bar.boundingBox()];
    expect((under?.y ?? 0) + (under?.height ?? 0)).toBeLessThanOrEqual(over?.y ?? 0);

    const name = String(await row.getByRole('link').textContent());
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    const place = (at: number) => page.getByText(`${at} of ${count.toLocaleString('en')}`);
    await expect(place(16)).toBeAttached();
    await page.goBack();
    await expect(row.getByRole('link')).toBeFocused();
    await expect(told).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(place(16)).toBeAttached();
    await page.keyboard.press('j');
    await expect(place(17)).toBeAttached();
    await page.keyboard.press('Escape');
    await expect(page.locator('tr[data-row="16"]').getByRole('link')).toBeFocused();
    await expect(told).toBeVisible();

    // Pressed faster than pages come.
    await page.keyboard.press('Enter');
    await expect(place(17)).toBeAttached();
    for (const key of ['k', 'j', 'j', 'j']) await page.keyboard.press(key);
    await expect(place(19)).toBeAttached();
    await page.goBack();
    await expect(page.locator('tr[data-row="18"]').getByRole('link')).toBeFocused();

    // The bar says what each group would do, before any dialog; one person is left out.
    await bar.getByRole('button', { name: 'Add to group' }).click();
    const groups = page.getByRole('dialog', { name: 'Add to group' });
    await expect(groups.getByRole('button').first()).toContainText(/join|in already/);
  });

  test(`filters are found by typing, with counts and is not, on ${device}`, async ({ page, flightdeck }) => {
    await page.setViewportSize(size);
    const { app, testers } = await largestApp(flightdeck.sandbox.baseUrl);
    await testersKnown(page, flightdeck, app, testers.length);
    const installed = testers.filter(({ attributes }) => attributes.state === 'INSTALLED').length;
    await page.goto(`/apps/${app}/testers`);
    await awake(page);
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('combobox', { name: 'Find a filter or a value' }).fill('installed');
    const option = page.getByRole('option', { name: /^State Installed/ });
    await expect(option).toContainText(installed.toLocaleString('en'));
    await page.getByRole('combobox').fill('state');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'is not', exact: true }).click();
    await page.getByRole('combobox', { name: 'Find a value of state' }).fill('installed');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/not\.state=INSTALLED/);
    await page.keyboard.press('Escape');
    const left = testers.length - installed;
    await expect(
      page.getByRole('status').filter({ hasText: `${left.toLocaleString('en')} tester` }),
    ).toBeVisible();
    await page.getByRole('button', { name: 'Change filter State is not Installed' }).click();
    await page.getByRole('option', { name: /^Invited/ }).click();
    await expect(page).toHaveURL(/not\.state=INSTALLED(%2C|,)INVITED/);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Remove filter State' }).click();
    await expect(page).not.toHaveURL(/state=/);
  });
}

test('all testers are searched and sorted together, on a phone too', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/testers?q=example');
  await awake(page);
  await page.getByRole('button', { name: 'Sort' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'E-mail, descending' }).click();
  await expect(page).toHaveURL(/sort=-email/);
  const shown = page.locator('tr[data-row] td:nth-child(4) bdi');
  await expect(async () => {
    const emails = await shown.allTextContents();
    expect(emails.length).toBeGreaterThan(5);
    expect(emails).toEqual([...emails].sort((a, b) => (a < b ? 1 : -1)));
  }).toPass();
});

test('text in a row is selected with the mouse, and a press opens the row', async ({ page, flightdeck }) => {
  const { app } = await largestApp(flightdeck.sandbox.baseUrl);
  await page.goto(`/apps/${app}/testers`);
  await awake(page);
  const cell = page.locator('tr[data-row="2"] td').nth(2).locator('bdi, span').first();
  const box = await cell.boundingBox();
  if (!box) throw new Error('The cell is not drawn.');
  await page.mouse.move(box.x + 1, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2, { steps: 8 });
  await page.mouse.up();
  expect((await page.evaluate(() => String(window.getSelection()))).length).toBeGreaterThan(3);
  await expect(page).toHaveURL(/\/testers$/);
  await page.locator('tr[data-row="3"] td').nth(2).click();
  await expect(page).toHaveURL(/\/testers\/.+/);
});

test('the palette finds a tester by e-mail and goes there', async ({ page, flightdeck }) => {
  const testers = await sandboxAt(flightdeck.sandbox.baseUrl).list('betaTesters');
  // Somebody who tests two apps is found twice.
  const tester = testers.find(
    ({ attributes: { email } }) =>
      email && testers.filter((other) => other.attributes.email === email).length === 1,
  );
  await page.goto('/');
  await awake(page);
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
  await awake(page);
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
  await awake(page);
  // What turns the wheel does not wait for the page.
  await expect(async () => {
    await page.mouse.wheel(0, 900);
    expect(await page.evaluate(() => window.scrollY)).toBeGreaterThan(200);
  }).toPass();
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
  await awake(page);
  const heights = await page
    .locator('tr[data-row]')
    .evaluateAll((rows) => rows.map((row) => [row.scrollHeight, row.clientHeight]));
  expect(heights.length).toBeGreaterThan(3);
  for (const [inside, outside] of heights) expect(inside).toBeLessThanOrEqual(Number(outside));

  await awake(page);
  for (const key of ['j', 'x']) await page.keyboard.press(key);
  await page.getByRole('button', { name: 'Copy e-mail addresses' }).click();
  const toast = page.locator('[data-sonner-toast]').filter({ hasText: /copied/ });
  // A toast stays as long as the mouse is over it.
  await toast.hover();
  const bar = page.getByRole('region', { name: 'Selection' });
  const sections = page.getByRole('navigation', { name: 'Sections' });
  const standsOn = (under: Locator) =>
    expect(async () => {
      const [over, below] = [await toast.boundingBox(), await under.boundingBox()];
      if (!over || !below) throw new Error('One of them is not drawn.');
      expect(over.y + over.height).toBeLessThanOrEqual(below.y);
    }).toPass({ timeout: 15_000 });
  await standsOn(bar);
  await standsOn(sections);
  await page.keyboard.press('Escape');
  await expect(bar).toBeHidden();
  await standsOn(sections);
});

test('all apps: j and k move, Enter opens, and back returns to the row', async ({ page }) => {
  await page.goto('/');
  await awake(page);
  const links = page.getByRole('main').getByRole('table').getByRole('link');
  expect(await links.count()).toBeGreaterThan(1);
  // What needs attention comes first.
  const lights = (await page.locator('main [data-list-row]').count()) - (await links.count());
  for (let n = 0; n < lights; n += 1) await page.keyboard.press('j');
  for (const key of ['j', 'j', 'k', 'j']) await page.keyboard.press(key);
  await expect(links.nth(1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/apps\/\d+$/);
  await page.goBack();
  await expect(links.nth(1)).toBeFocused();
});

test('g and a letter go, the question mark shows the sheet, escape closes it', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await awake(page);
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
  // What was open is remembered once the page is at work.
  await expect.poll(() => page.evaluate(() => Object.values({ ...localStorage }))).toContain('/builds');
  await page.goto('/');
  await page.getByRole('button', { name: 'Choose an app' }).click();
  await page
    .getByRole('menuitemcheckbox')
    .filter({ hasText: String(app?.attributes.name) })
    .click();
  await expect(page).toHaveURL(new RegExp(`/apps/${app?.id}/builds$`));
});
