import type { Locator, Page } from '@playwright/test';
import { jobIdOf, peopleAt, viewerPage, waitForJob } from './people';
import { expect, test } from './setup/test';

const PHONE = { width: 390, height: 844 };

test('text that is cut is told whole by its tooltip', async ({ page, flightdeck }) => {
  const { appId } = await peopleAt(flightdeck.sandbox.baseUrl).place();
  await page.setViewportSize({ width: 900, height: 800 });
  await page.goto(`/apps/${appId}/testers`);
  const cells = page.getByRole('row').getByRole('cell').filter({ hasText: '@' });
  await expect(cells.first()).toBeVisible();
  const cut = await cells.evaluateAll((all) => all.findIndex((cell) => cell.scrollWidth > cell.clientWidth));
  expect(cut).toBeGreaterThanOrEqual(0);
  const whole = (await cells.nth(cut).textContent()) ?? '';
  await cells.nth(cut).hover();
  // Once in the cell, once beside it.
  await expect(page.getByText(whole, { exact: true })).toHaveCount(2);
});

test('the buttons of a dialog stay in sight however long it is', async ({ page, flightdeck }) => {
  const { appId } = await peopleAt(flightdeck.sandbox.baseUrl).place();
  for (const size of [
    { width: 1440, height: 480 },
    { width: 390, height: 560 },
  ]) {
    await page.setViewportSize(size);
    await page.goto(`/apps/${appId}/testers`);
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite a tester' });
    const submit = dialog.getByRole('button', { name: 'Invite', exact: true });
    await expect(dialog.getByLabel('Search groups')).toBeVisible();
    await expect(submit).toBeInViewport({ ratio: 1 });
    // At the very end: nothing of the form shows below them.
    const [outer, inner] = [await dialog.boundingBox(), await submit.boundingBox()];
    const end = (box: typeof outer) => (box?.y ?? 0) + (box?.height ?? 0);
    expect(Math.abs(end(outer) - end(inner) - 21)).toBeLessThan(4);
    await page.keyboard.press('Escape');
  }
});

test('long and right-to-left names keep to their place in a job', async ({ page, flightdeck }) => {
  const { appId, group } = await peopleAt(flightdeck.sandbox.baseUrl).place();
  const name = 'Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft';
  const rows = [
    'First name,Last name,E-mail,Group',
    `${name},Long,long.${'x'.repeat(48)}@example.com,${group.name}`,
    `مريم,العبدالله,maryam@example.com,${group.name}`,
    `Odd,One,not-an-address,${group.name}`,
  ];
  await page.goto(`/apps/${appId}/testers/import`);
  await page.getByLabel('CSV file').setInputFiles({
    name: 'long.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(rows.join('\n')),
  });
  await page.getByRole('button', { name: 'Invite 2 testers' }).click();
  await expect(page).toHaveURL(/\/jobs\/.+/);
  await waitForJob(page);
  await page.goto(`/jobs/${jobIdOf(page)}`);
  const items = page.getByRole('region', { name: 'Items' }).getByRole('listitem');
  for (const size of [{ width: 1440, height: 900 }, PHONE]) {
    await page.setViewportSize(size);
    await expect(items).toHaveCount(3);
    const box = await boxOf(items.filter({ hasText: name }));
    const who = await boxOf(items.getByText(name));
    expect(who.right).toBeLessThanOrEqual(size === PHONE ? box.right : box.left + box.width / 2);
    const arabic = await inkOf(page, 'مريم');
    expect(arabic).toBeLessThan((await boxOf(items.getByText('maryam@example.com'))).left + 4);
  }
  await expect(items.filter({ hasText: 'it has no @' })).not.toContainText('FLIGHTDECK');
});

test('who may only look is offered nothing that would be refused', async ({ page, browser, flightdeck }) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId } = await people.place();
  const [someone] = await people.testers(appId);
  const viewer = await viewerPage(page, browser, flightdeck.url, 'looks@example.com');
  for (const part of ['import', 'prune']) {
    await viewer.goto(`/apps/${appId}/testers/${part}`);
    await expect(viewer.getByRole('heading', { name: 'Not for your role' })).toBeVisible();
    await expect(viewer.getByRole('textbox')).toHaveCount(0);
  }
  await viewer.getByRole('link', { name: 'Go to the testers' }).click();
  await expect(viewer.getByRole('heading', { level: 1, name: 'Testers' })).toBeVisible();
  await viewer.goto(`/apps/${appId}/testers/${someone?.id}`);
  await expect(viewer.getByRole('heading', { name: 'Groups', exact: true })).toBeVisible();
  await expect(viewer.getByRole('button', { name: 'Copy e-mail' })).toHaveCount(0);
  await viewer.goto('/activity');
  await expect(viewer.getByText('This needs the role')).toBeVisible();
  await expect(viewer.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  await viewer.context().close();
});

test('a part that cannot be fetched yet waits for the server, and the page stays', async ({ page }) => {
  await page.goto('/groups');
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await page.route(/\/_next\/static\/.*|\/api\/health\/live/, (route) => route.abort('connectionrefused'));
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.keyboard.press('?');
  await page.getByRole('link', { name: 'All testers' }).hover();
  await expect(page.getByRole('alert').filter({ hasText: 'cannot be reached' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'All groups' })).toBeVisible();
  await page.unroute(/\/_next\/static\/.*|\/api\/health\/live/);
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
});

async function boxOf(one: Locator) {
  const { left, right, width } = await one.first().evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const box = range.getBoundingClientRect();
    return { left: box.left, right: box.right, width: box.width };
  });
  return { left, right, width };
}

/** Where the drawn text of a name begins. */
async function inkOf(page: Page, name: string): Promise<number> {
  return (await boxOf(page.getByRole('region', { name: 'Items' }).getByText(name))).left;
}
