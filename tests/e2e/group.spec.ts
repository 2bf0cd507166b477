import type { Page } from '@playwright/test';
import { type Held, sandboxAt } from './sandbox';
import { expect, test } from './setup/test';

async function externalGroup(baseUrl: string): Promise<Held> {
  const groups = await sandboxAt(baseUrl).list('betaGroups');
  const group = groups.find(({ attributes }) => !attributes.isInternalGroup && attributes.publicLinkEnabled);
  if (!group) throw new Error('The programme has no external group with a link.');
  return group;
}

async function rename(page: Page, to: string): Promise<void> {
  await page.bringToFront();
  const field = page.getByRole('textbox', { name: 'Rename the group' });
  // The page is readable before its scripts have come; a key pressed that early goes nowhere.
  await expect(async () => {
    if (!(await field.isVisible())) await page.keyboard.press('e');
    await expect(field).toBeFocused({ timeout: 1_000 });
  }).toPass();
  await field.fill(to);
  await page.keyboard.press('Enter');
}

test('a new name reaches App Store Connect, the page, and the activity, and can be taken back', async ({
  page,
  flightdeck,
}) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const group = await externalGroup(flightdeck.sandbox.baseUrl);
  const before = String(group.attributes.name);
  const nameNow = async () => (await sandbox.get('betaGroups', group.id)).attributes.name;
  await page.goto(`/apps/${group.appId}/groups/${group.id}`);
  await rename(page, 'Night shift');
  await expect(page.getByRole('heading', { level: 1, name: 'Night shift' })).toBeVisible();
  await expect.poll(nameNow).toBe('Night shift');

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Undone')).toBeVisible();
  expect(await nameNow()).toBe(before);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(before);

  await rename(page, 'Night shift');
  await expect.poll(nameNow).toBe('Night shift');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Night shift' })).toBeVisible();
  await page.goto('/activity');
  const entry = page.getByRole('listitem').filter({ hasText: 'Night shift' }).first();
  await expect(entry).toContainText('renamed');
  await expect(entry).toContainText(before);
  await expect(entry).toContainText('Night shift');
  await expect(entry).toContainText('Done');
});

test('the public link is switched by keyboard, for real, and back from the activity', async ({
  page,
  flightdeck,
}) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const group = await externalGroup(flightdeck.sandbox.baseUrl);
  const isOn = async () => (await sandbox.get('betaGroups', group.id)).attributes.publicLinkEnabled;
  await page.goto(`/apps/${group.appId}/groups/${group.id}?tab=link`);
  const link = page.getByRole('switch', { name: 'Public link' });
  await expect(link).toBeChecked();
  // Before its scripts have come the switch cannot be pressed, so that it never shows what did not happen.
  await expect(link).toBeEnabled();
  await link.focus();
  await page.keyboard.press('Space');
  await expect(link).not.toBeChecked();
  await expect.poll(isOn).toBe(false);
  await page.reload();
  await expect(link).not.toBeChecked();

  await page.goto('/activity');
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(page.getByText('Undone')).toBeVisible();
  expect(await isOn()).toBe(true);
});

test('a refusal puts the words of App Store Connect at the field and changes nothing', async ({
  page,
  flightdeck,
}) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const group = await externalGroup(flightdeck.sandbox.baseUrl);
  const before = String(group.attributes.name);
  await page.goto(`/apps/${group.appId}/groups/${group.id}`);
  await rename(page, 'x'.repeat(400));
  const alert = page.getByRole('alert').first();
  await expect(alert).toBeVisible();
  await expect(alert).not.toBeEmpty();
  await expect(page.getByRole('textbox', { name: 'Rename the group' })).toHaveAttribute(
    'aria-invalid',
    'true',
  );
  expect((await sandbox.get('betaGroups', group.id)).attributes.name).toBe(before);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(before);
  await expect(page.getByRole('button', { name: 'Rename the group' })).toBeFocused();
});

test('two tabs: the later save of an old page is refused with both values', async ({ page, flightdeck }) => {
  const group = await externalGroup(flightdeck.sandbox.baseUrl);
  const path = `/apps/${group.appId}/groups/${group.id}`;
  // A tab that hears of nothing: one that is told shows the newer name before anybody could save over it.
  await page.route('**/api/stream?*', (route) => route.abort());
  await page.goto(path);
  const other = await page.context().newPage();
  await other.goto(path);
  await rename(other, 'First to save');
  await expect(other.getByRole('heading', { level: 1, name: 'First to save' })).toBeVisible();
  await expect
    .poll(
      async () => (await sandboxAt(flightdeck.sandbox.baseUrl).get('betaGroups', group.id)).attributes.name,
    )
    .toBe('First to save');
  await rename(page, 'Second to save');
  const alert = page.getByRole('alert').first();
  await expect(alert).toContainText('First to save');
  await expect(alert).toContainText('Second to save');
});

test('names that try to be markup stay words', async ({ page, flightdeck }) => {
  const group = await externalGroup(flightdeck.sandbox.baseUrl);
  let dialogs = 0;
  page.on('dialog', async (dialog) => {
    dialogs += 1;
    await dialog.dismiss();
  });
  for (const name of [
    '<img src=x onerror=alert(1)>',
    '"><script>alert(1)</script>',
    '\u202egnp.exe <b>x</b>',
  ]) {
    await page.goto(`/apps/${group.appId}/groups/${group.id}`);
    await rename(page, name);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
    await page.goto(`/apps/${group.appId}/groups`);
    await expect(page.getByText(name, { exact: true })).toBeVisible();
    await page.goto('/activity');
    await expect(page.getByText(name).first()).toBeVisible();
    await expect(page.locator('img[src="x"], main script, main b')).toHaveCount(0);
  }
  expect(dialogs).toBe(0);
});
