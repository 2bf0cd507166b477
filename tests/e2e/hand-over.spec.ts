import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { type FakeTracker, fakeTracker, SECRET } from '@/tests/fakes/trackers';
import { complaintsOf, expectWellMade } from './axe';
import { expect, test } from './setup/test';

test.use({ instance: 'hand-over' });

let fake: FakeTracker;
test.beforeAll(async () => {
  fake = await fakeTracker('github');
});
test.afterAll(() => fake.close());

/** A crash whose log is here. */
async function crashOf(page: Page): Promise<string> {
  const path = '/api/feedback?filter[kind]=crash&filter[hasLog]=yes&limit=1';
  const first = async () => (await (await page.request.get(path)).json()).data?.[0]?.id ?? '';
  await expect.poll(first, { timeout: 60_000 }).not.toBe('');
  return first();
}

test('a report is copied, becomes one issue of a tracker, and is shared with people without an account', async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const id = await crashOf(page);

  await page.goto('/settings/connectors');
  await page.getByRole('button', { name: 'Add a connector' }).click();
  const form = page.getByRole('dialog', { name: 'Add a connector' });
  await form.getByLabel('Name').fill('Our tracker');
  await form.getByRole('textbox', { name: 'Address' }).fill(fake.url);
  await form.getByLabel('The server stands in our own network').check();
  await form.getByLabel('Repository').fill('octo/app');
  await form.getByLabel('Token').fill(SECRET);
  await form.getByRole('button', { name: 'Try it' }).click();
  await expect(form.getByText('Issues are made in octo/app.')).toBeVisible();
  await form.getByRole('button', { name: 'Preview' }).click();
  await expect(form.getByRole('region', { name: 'Preview' })).toContainText('Open in Flightdeck');
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Our tracker' })).toContainText('octo/app');

  await page.goto(`/feedback/${id}`);
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await page.getByRole('menuitem', { name: 'With its first calls' }).click();
  await expect(page.getByText('Copied as Markdown', { exact: true })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('[Open in Flightdeck]');

  // The answer is lost after it was done: it is one issue all the same.
  fake.faults.push('madeThen504');
  await page.getByRole('button', { name: 'Make issue in Our tracker…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make an issue in Our tracker' });
  await dialog.getByLabel('Title').fill('Seen by QA');
  await dialog.getByRole('button', { name: 'Make the issue' }).click();
  const made = page.getByRole('list', { name: 'Handed over' });
  await expect(made.getByRole('link', { name: 'octo/app#1' })).toBeVisible();
  expect(fake.issues.map(({ title }) => title)).toEqual(['Seen by QA']);
  expect(fake.wrong).toEqual([]);
  await page.getByRole('button', { name: 'Make issue in Our tracker…' }).click();
  await dialog.getByRole('button', { name: 'Make the issue' }).click();
  await expect(dialog.getByText(/has made an issue of it in Our tracker already/)).toBeVisible();
  await page.keyboard.press('Escape');
  expect(fake.issues).toHaveLength(1);

  await page.getByRole('button', { name: 'Share link…' }).click();
  const share = page.getByRole('dialog', { name: 'Make a share link' });
  await share.getByRole('button', { name: 'Make link' }).click();
  const address =
    (await page.getByRole('dialog', { name: 'The link' }).getByRole('code').textContent()) ?? '';
  const here = page.url();
  // The button that had the focus is gone; the key still means the dialog, not the page.
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'The link' })).toBeHidden();
  expect(page.url()).toBe(here);
  const stranger = await browser.newContext({
    storageState: { cookies: [], origins: [] },
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
  });
  const shared = await stranger.newPage();
  const answer = await shared.goto(address);
  expect([answer?.status(), answer?.headers()['cache-control'], answer?.headers()['x-robots-tag']]).toEqual([
    200,
    expect.stringContaining('no-store'),
    expect.stringContaining('noindex'),
  ]);
  await expect(shared.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(shared.getByRole('heading', { name: 'Facts' })).toBeVisible();
  expect(await shared.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await shared.screenshot({ path: 'test-results/hand-over/shared-dark-390.png', fullPage: true });
  const links = page.getByRole('list', { name: 'Share links' });
  await page.reload();
  await expect(links).toContainText('opened 1 time');
  await links.getByRole('button', { name: 'Revoke' }).click();
  await expect(links).toHaveCount(0);
  expect((await shared.reload())?.status()).toBe(404);
  await expect(shared.getByRole('heading', { name: 'This link is over' })).toBeVisible();
  await stranger.close();
});

test('a selection is exported once the number is typed, and the trail says so', async ({ page }) => {
  await crashOf(page);
  await page.goto('/feedback?view=all');
  await page
    .getByRole('checkbox', { name: /^Select/ })
    .nth(1)
    .check();
  await page
    .getByRole('checkbox', { name: /^Select/ })
    .nth(2)
    .check();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Export reports' });
  await dialog.getByLabel('As').selectOption('json');
  await dialog.getByLabel('Type 2 to confirm').fill('2');
  const downloading = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  const file = await (await downloading).path();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(2);
  await page.goto('/activity');
  await expect(page.getByText(/exported 2 reports as JSON/).first()).toBeVisible();
});

test('its pages: nothing refused, and no finding of axe in light and dark', async ({ page }) => {
  test.setTimeout(300_000);
  const complaints = complaintsOf(page);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const id = await crashOf(page);
  const made = await page.request.post('/api/shares', {
    data: { kind: 'report', id, days: 1 },
    headers: { origin: new URL(page.url() === 'about:blank' ? await home(page) : page.url()).origin },
  });
  const { pathname } = new URL((await made.json()).data.url);
  const places: [string, string][] = [
    ['connectors', '/settings/connectors'],
    ['shares', '/settings/shares'],
    ['report', `/feedback/${id}?view=all`],
    ['shared', pathname],
  ];
  for (const [name, path] of places) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await page.waitForLoadState('networkidle');
    await expectWellMade(page, name, ({ scheme, width }) =>
      page.screenshot({ path: `test-results/hand-over/${name}-${scheme}-${width}.png` }),
    );
  }
  expect(complaints).toEqual([]);
});

async function home(page: Page): Promise<string> {
  await page.goto('/settings/shares');
  return page.url();
}
