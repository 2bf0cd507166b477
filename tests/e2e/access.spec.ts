import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { axeFindings } from './axe';
import { sandboxAt } from './sandbox';
import { expect, test } from './setup/test';

test.describe('without a session', () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test('every page leads to sign-in, which says what is wrong and then lets in, by keyboard', async ({
    page,
    flightdeck,
  }) => {
    const asked = '/activity?q=caf%C3%A9';
    await page.goto(asked);
    await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent(asked)}`);
    expect(await axeFindings(page)).toEqual([]);
    await expect(page.getByLabel('E-mail')).toBeFocused();
    await page.keyboard.type(flightdeck.email);
    await page.keyboard.press('Tab');
    await page.keyboard.type('not the password');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert').filter({ hasText: 'do not belong together' })).toBeVisible();
    await page.getByLabel('Password').fill(flightdeck.password);
    await page.keyboard.press('Enter');
    // The page that was asked for, as it was asked for.
    await expect(page.getByRole('heading', { level: 1, name: 'Activity' })).toBeVisible();
    await expect(page).toHaveURL(asked);
  });

  test('tries that strangers have used up: the form waits and tries again by itself, and says so when it is long', async ({
    page,
    flightdeck,
  }) => {
    const seconds = ['1', '60'];
    let tries = 0;
    await page.route('**/api/auth/callback/credentials', (route) => {
      tries += 1;
      const [pause] = seconds.splice(0, 1);
      return pause === undefined
        ? route.continue()
        : route.fulfill({ status: 429, headers: { 'retry-after': pause }, json: {} });
    });
    await page.goto('/sign-in');
    await page.getByLabel('E-mail').fill(flightdeck.email);
    await page.getByLabel('Password').fill(flightdeck.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'Wait a minute and try again' })).toBeVisible();
    expect(tries).toBe(2);
    seconds.push('1');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Health' })).toBeVisible();
    expect(tries).toBe(4);
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

  test('a session that ends under an open page: the refusal leads to sign-in in a tab of its own, and back', async ({
    page,
    context,
    flightdeck,
  }) => {
    const enter = async (tab: Page) => {
      await tab.getByLabel('E-mail').fill(flightdeck.email);
      await tab.getByLabel('Password').fill(flightdeck.password);
      await tab.keyboard.press('Enter');
    };
    await page.goto('/settings/tokens');
    await enter(page);
    await page.getByRole('button', { name: 'Make a token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Nightly report');
    await context.clearCookies();
    await dialog.getByRole('button', { name: 'Make token' }).click();
    const refusal = dialog.getByRole('alert');
    await expect(refusal).toContainText('Your session may have ended.');
    const opened = context.waitForEvent('page');
    await refusal.getByRole('link', { name: 'Sign in in a new tab' }).click();
    const tab = await opened;
    await enter(tab);
    await expect(tab).toHaveURL('/settings/tokens');
    await tab.close();
    await dialog.getByRole('button', { name: 'Make token' }).click();
    await expect(page.getByRole('dialog', { name: 'The token' })).toBeVisible();
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

test('a key is tried live: each fault is explained, and a second key of the team may only take the first one’s place', async ({
  page,
  flightdeck,
}) => {
  const sandbox = sandboxAt(flightdeck.sandbox.baseUrl);
  const good = await sandbox.makeKey({ kind: 'team', roles: ['ADMIN'] });
  const weak = await sandbox.makeKey({ kind: 'team', roles: ['SALES'] });
  const gone = await sandbox.makeKey({ kind: 'team', roles: ['ADMIN'] });
  await sandbox.revoke(gone.keyId);
  const { keyId, issuerId, privateKeyPath } = flightdeck.sandbox;
  const first = { keyId, issuerId, privateKey: await readFile(privateKeyPath, 'utf8') };
  await page.goto('/settings/keys');
  await page.getByRole('button', { name: 'Add a key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add an App Store Connect key' });
  await dialog.getByLabel('Name').fill('Second team');
  const fillIn = async (form: Locator, key: typeof first) => {
    await form.getByLabel('Private key').fill(key.privateKey);
    await form.getByLabel('Key ID').fill(key.keyId);
    await form.getByLabel('Issuer ID').fill(key.issuerId);
  };
  const tryKey = async (key: typeof first, words: RegExp) => {
    await fillIn(dialog, key);
    await dialog.getByRole('button', { name: 'Check and add the key' }).click();
    await expect(dialog.getByRole('alert').filter({ hasText: words }).last()).toBeVisible();
    await expect(dialog.getByText('Nothing of the key was kept.')).toBeVisible();
  };
  await tryKey({ ...good, privateKey: 'not a key' }, /AuthKey_….p8 as App Store Connect gave it/);
  await tryKey(
    { ...good, issuerId: '00000000-0000-0000-0000-000000000000' },
    /Apple does not say which part/,
  );
  await tryKey({ ...good, privateKey: first.privateKey }, /does not accept this combination/);
  await tryKey(gone, /still listed as active|was revoked/);
  await tryKey(weak, /role App Manager/);
  await sandbox.setClock({ skewMs: 20 * 60_000 });
  await tryKey(good, /automatic time \(NTP\)/);
  await sandbox.setClock({ skewMs: 0 });
  await sandbox.addFault({ kind: 'drop' });
  await tryKey(good, /network, proxy and firewall/);
  await sandbox.clearFaults();
  await tryKey(good, /A second key of the same team/);
  await page.keyboard.press('Escape');

  const name = page.getByRole('main').getByRole('listitem').getByText('App Store Connect', { exact: true });
  await expect(name).toHaveCount(1);
  for (const key of [good, first]) {
    await page.getByRole('button', { name: 'Replace key' }).click();
    const replace = page.getByRole('dialog', { name: /^Replace the key/ });
    const button = replace.getByRole('button', { name: 'Check and replace' });
    await fillIn(replace, key);
    await expect(button).toBeDisabled();
    await replace.getByLabel('Type App Store Connect to confirm').fill('App Store Connect');
    await button.click();
    await expect(replace).toBeHidden();
    await expect(page.getByRole('main').getByText(key.keyId)).toBeVisible();
  }
});

test('a person is added to the team with a temporary password, chooses their own, and has their role changed', async ({
  page,
  browser,
  flightdeck,
}) => {
  await page.goto('/settings/team');
  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a person' });
  await dialog.getByLabel('E-mail').fill('not an address');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByLabel('E-mail')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('E-mail').fill('ada@example.com');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const shown = page.getByRole('dialog', { name: 'A temporary password' });
  const temporary = (await shown.locator('code').textContent()) ?? '';
  await page.keyboard.press('Escape');

  const context = await browser.newContext({
    storageState: { cookies: [], origins: [] },
    baseURL: flightdeck.url,
  });
  const hers = await context.newPage();
  await hers.goto('/sign-in');
  await hers.getByLabel('E-mail').fill('ada@example.com');
  await hers.getByLabel('Password').fill(temporary);
  await hers.getByRole('button', { name: 'Sign in' }).click();
  await expect(hers.getByRole('heading', { name: 'Choose a password' })).toBeVisible();
  expect(await axeFindings(hers)).toEqual([]);
  for (const path of ['/', '/testers', '/settings/keys', '/setup', '/sign-in']) {
    await hers.goto(path);
    await expect(hers).toHaveURL(/\/new-password$/);
  }
  await hers.getByLabel('Temporary password').fill(temporary);
  await hers.getByLabel('New password').fill(temporary);
  await hers.keyboard.press('Enter');
  await expect(hers.getByRole('alert').filter({ hasText: 'This is the current password' })).toBeVisible();
  await hers.getByLabel('New password').fill('three calm otters rowing');
  await hers.keyboard.press('Enter');
  await expect(hers.getByRole('heading', { level: 1, name: 'Health' })).toBeVisible();

  await page.getByLabel('Role of ada@example.com').selectOption('manager');
  await expect(page.getByText('Role of ada@example.com changed')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Role of ada@example.com')).toHaveValue('manager');
  // A new role ends her session at the next request.
  await hers.goto('/');
  await expect(hers).toHaveURL(/\/sign-in/);
  await context.close();
});
