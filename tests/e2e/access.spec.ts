import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { sandboxAt } from './sandbox';
import { expect, test } from './setup/test';

test.describe('without a session', () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test('every page leads to sign-in, which says what is wrong and then lets in, by keyboard', async ({
    page,
    flightdeck,
  }) => {
    await page.goto('/activity');
    await expect(page).toHaveURL(/\/sign-in/);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await expect(page.getByLabel('E-mail')).toBeFocused();
    await page.keyboard.type(flightdeck.email);
    await page.keyboard.press('Tab');
    await page.keyboard.type('not the password');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert').filter({ hasText: 'do not belong together' })).toBeVisible();
    await page.getByLabel('Password').fill(flightdeck.password);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'All apps' })).toBeVisible();
  });

  test('signing out ends the session', async ({ page, flightdeck }) => {
    await page.goto('/sign-in');
    await page.getByLabel('E-mail').fill(flightdeck.email);
    await page.getByLabel('Password').fill(flightdeck.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page).toHaveURL(/\/sign-in/);
    await page.goto('/activity');
    await expect(page).toHaveURL(/\/sign-in/);
  });
});

test('the theme is chosen in the menu and kept without a flash', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const html = await (await page.request.get('/')).text();
  expect(html).toContain('data-theme="dark"');
});

test('a key is tried live: each fault is explained, a good one is added and removed again', async ({
  page,
  flightdeck,
}) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const good = await sandbox.makeKey({ kind: 'team', roles: ['ADMIN'] });
  const weak = await sandbox.makeKey({ kind: 'team', roles: ['SALES'] });
  const first = await readFile(flightdeck.sandbox.privateKeyPath, 'utf8');
  const faults: [given: { keyId: string; issuerId: string; privateKey: string }, words: RegExp][] = [
    [{ ...good, privateKey: 'not a key' }, /private key|PEM|\.p8/i],
    [{ ...good, issuerId: '00000000-0000-0000-0000-000000000000' }, /issuer|key/i],
    [{ ...good, privateKey: first }, /key/i],
    [weak, /role/i],
  ];
  // Not the toast, which names it too.
  const row = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Second team' });
  await page.goto('/settings/keys');
  await page.getByRole('button', { name: 'Add a key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add an App Store Connect key' });
  await dialog.getByLabel('Name').fill('Second team');
  for (const [given, words] of faults) {
    await dialog.getByLabel('Private key').fill(given.privateKey);
    await dialog.getByLabel('Key ID').fill(given.keyId);
    await dialog.getByLabel('Issuer ID').fill(given.issuerId);
    await dialog.getByRole('button', { name: 'Check and add the key' }).click();
    await expect(dialog.getByRole('alert').last()).toContainText(words);
    await expect(dialog.getByText('Nothing of the key was kept.')).toBeVisible();
  }
  await dialog.getByLabel('Private key').fill(good.privateKey);
  await dialog.getByLabel('Key ID').fill(good.keyId);
  await dialog.getByLabel('Issuer ID').fill(good.issuerId);
  await dialog.getByRole('button', { name: 'Check and add the key' }).click();
  await expect(row).toBeVisible();

  await row.getByRole('button', { name: 'Remove' }).click();
  const confirm = page.getByRole('alertdialog');
  await expect(confirm.getByRole('button', { name: 'Remove the key' })).toBeDisabled();
  await confirm.getByRole('textbox').fill('Second team');
  await confirm.getByRole('button', { name: 'Remove the key' }).click();
  await expect(row).toBeHidden();
});

test('a person is added to the team with a temporary password, and their role changed', async ({ page }) => {
  await page.goto('/settings/team');
  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a person' });
  await dialog.getByLabel('E-mail').fill('not an address');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByLabel('E-mail')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('E-mail').fill('ada@example.com');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'A temporary password' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByLabel('Role of ada@example.com').selectOption('manager');
  await expect(page.getByText('Role of ada@example.com changed')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Role of ada@example.com')).toHaveValue('manager');
});
